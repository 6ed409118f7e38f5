import ArgumentParser
import BinVerify

/// `binverify asm`: instructions as bytes.
struct Asm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "asm",
    abstract: "Turn assembly into bytes, with the tables that proofs use.",
    discussion: """
      binverify asm kernel.s --isa arm64 --output kernel.bin
      printf 'neg eax\\nret\\n' | binverify asm - --isa x86-64

      A line has labels (name:) and at most one instruction; ; and // start comments. Without \
      --output the bytes are written as hexadecimal text, which prove and disasm read.
      """)

  @Argument(help: "The assembly: a file, or -.")
  var file: String

  @Option(help: "The instruction set.")
  var isa: CodeOptions.ISA

  @Option(help: "The address of the first byte.")
  var base: Address = Address(value: 0)

  @Option(name: [.short, .customLong("output")], help: "Write the bytes to this file.")
  var destination: String?

  @OptionGroup(title: "Code") var cpuOptions: CPUOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    Job(inputs: [file], outputs: destination.map { [$0] } ?? []).run { context in
      let name = file == "-" ? "standard input" : file
      guard let text = String(validating: try context.read(file), as: UTF8.self) else {
        throw Failure("\(name):1:1: error: UTF-8 text was expected")
      }
      let architecture = try cpuOptions.architecture(named: isa.rawValue)
      let lines = try assemble(text, architecture, at: base.value, file: name)
      let bytes = lines.flatMap(\.bytes)
      var outcome = CommandOutcome(output: output.json ? json(lines, architecture.cpu).text : "")
      if let destination {
        outcome.files = [CommandOutcome.File(path: destination, contents: bytes)]
      } else if !output.json {
        outcome.output = Array(
          lines.map { digits($0.bytes) + "\n" }.filter { $0 != "\n" }.joined().utf8)
      }
      return outcome
    }
  }

  private func json(_ lines: [AssembledLine], _ cpu: CPUProfile) -> JSON {
    .document(
      "asm",
      [
        ("isa", .string(isa.rawValue)), ("cpu", .string(cpu.name)),
        ("bytes", .bytes(lines.flatMap(\.bytes))),
        (
          "lines",
          .array(
            lines.map { line in
              var members: [(String, JSON)] = [
                ("line", .integer(line.line)), ("address", .address(line.address)),
                ("bytes", .bytes(line.bytes)),
              ]
              if let form = line.instruction?.form {
                members.append(("form", .string(form.syntax)))
              }
              return .object(members)
            })
        ),
      ])
  }
}
