import ArgumentParser
import BinVerify

/// `binverify disasm`: bytes as instructions.
struct Disasm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disasm",
    abstract: "Show code as instructions, as the proofs read it.",
    discussion: """
      binverify disasm kernel.o:sort3
      echo "f7 d8 c3" | binverify disasm - --isa x86-64 --format hex

      Bytes that are no instruction of the tables are shown as .byte with the reason, and the \
      status is 4.
      """)

  @Argument(help: "The code: FILE, FILE:SYMBOL or -.")
  var code: String

  @OptionGroup(title: "Code") var codeOptions: CodeOptions
  @OptionGroup(title: "Code") var cpuOptions: CPUOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    Job(inputs: [code]).run { context in
      let loaded = try codeOptions.load(code, context)
      let cpu = try cpuOptions.architecture(named: loaded.isa).cpu
      let lines = try disassemble(loaded, cpu: cpu)
      let status: ExitStatus =
        lines.contains { $0.instruction == nil } ? .unsupported : .success
      return CommandOutcome(
        status: status, output: output.json ? json(loaded, cpu, lines).text : text(lines))
    }
  }

  private func text(_ lines: [DisassemblyLine]) -> String {
    let style = output.style
    let width = lines.map { $0.bytes.count * 3 - 1 }.max() ?? 0
    let addresses = lines.map { hexadecimal($0.address).count }.max() ?? 0
    var source: SourceLine?
    return lines.map { line in
      let place =
        line.source.flatMap { $0 == source ? nil : "  \($0.file.lastComponent):\($0.line)" } ?? ""
      source = line.source ?? source
      if output.quiet { return line.text + "\n" }
      return hexadecimal(line.address).padded(to: addresses) + "  "
        + style.dim(digits(line.bytes).padded(to: width)) + "  " + line.text
        + style.dim(place) + (line.reason.map { "  ; " + $0 } ?? "") + "\n"
    }.joined()
  }

  private func json(_ code: LoadedCode, _ cpu: CPUProfile, _ lines: [DisassemblyLine]) -> JSON {
    .document(
      "disasm",
      [
        ("code", .string(code.code.name)), ("isa", .string(code.isa)),
        ("cpu", .string(cpu.name)),
        (
          "instructions",
          .array(
            lines.map { line in
              var members: [(String, JSON)] = [
                ("address", .address(line.address)), ("bytes", .bytes(line.bytes)),
                ("text", .string(line.text)),
              ]
              if let instruction = line.instruction {
                members += [
                  ("form", .string(instruction.form.syntax)),
                  ("encoding", .string(instruction.form.encoding)),
                  ("features", .array(instruction.form.features.map { .string($0) })),
                ]
              }
              if let reason = line.reason { members.append(("reason", .string(reason))) }
              if let source = line.source { members.append(("source", .source(source))) }
              return .object(members)
            })
        ),
      ])
  }
}
