import BinVerify
import ConstrainedDecoding
import MachineModel
import Terms

/// Writes code under a constraint: random instructions, most of them about the stack and the contract's
/// pointers, of which the decoder takes what it takes.
struct DecodedCode {
  let isa: String
  let architecture: any Architecture
  let decoder: CompiledDecoder
  private let forms: [Form]
  /// Registers that instructions are turned to, by their shape.
  private let registers: [Shape: [Register]]
  private let bases: [Register]

  private struct Shape: Hashable {
    let low: Int
    let width: Int
    let isZeroing: Bool

    init(_ register: Register) {
      low = register.low
      width = register.width
      isZeroing = register.upper == .zero
    }
  }

  init(
    _ constraint: DecodingConstraint, _ isa: String, mnemonics: [String]? = nil
  ) throws {
    self.isa = isa
    architecture = try BinVerify.architecture(named: isa)
    decoder = try CompiledDecoder(constraint: constraint, vocabulary: .rawBytes)
    forms = architecture.forms.filter { mnemonics?.contains($0.mnemonic) ?? true }
    let names =
      isa == "x86-64"
      ? ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi"]
      : ["x0", "x1", "x2", "x3", "x8", "x19", "x29", "x30", "sp"]
    bases = names.compactMap { [architecture] in architecture.register(named: $0) }
    registers = DecodedCode.shapes(architecture, Set(bases.compactMap(\.cell)))
  }

  /// The registers of some cells, and of the first four vectors, that instructions name.
  private static func shapes(
    _ architecture: any Architecture, _ cells: Set<Cell>
  ) -> [Shape: [Register]] {
    let file = architecture.registerFile
    let vectors = file.cells.filter { file[$0].sort.width > 64 }.prefix(4)
    let kept = cells.union(vectors)
    var random: any RandomNumberGenerator = SplitMix64(seed: 1)
    var seen: Set<Register> = []
    for form in architecture.forms {
      for _ in 0..<4 {
        let sample = architecture.randomInstruction(of: form, at: 0, using: &random)
        for register in sample.operands.flatMap(\.registers) {
          if let cell = register.cell, kept.contains(cell) { seen.insert(register) }
        }
      }
    }
    return Dictionary(grouping: seen.sorted { $0.name < $1.name }) { Shape($0) }
  }

  /// Code of `proposals` tries, brought to its end by the completion that the decoder knows.
  func code(_ proposals: Int, using random: inout any RandomNumberGenerator) -> [UInt8] {
    var matcher = decoder.matcher()
    for _ in 0..<proposals where !matcher.isTerminated {
      guard let bytes = proposal(using: &random) else { continue }
      var next = matcher
      if bytes.allSatisfy({ next.accept(token: Int($0)) }) { matcher = next }
    }
    while !matcher.isCompleted {
      guard let next = matcher.nextOfCompletion, matcher.accept(token: Int(next)) else { return [] }
    }
    return matcher.program.bytes
  }

  private func proposal(using random: inout any RandomNumberGenerator) -> [UInt8]? {
    guard let form = forms.randomElement(using: &random) else { return nil }
    let sample = architecture.randomInstruction(of: form, at: 0, using: &random)
    let operands = sample.operands.map { changed($0, using: &random) }
    let instruction = Instruction(
      form: form, operands: operands, address: 0, length: sample.length,
      annotation: sample.annotation)
    return (try? architecture.encode(instruction)) ?? (try? architecture.encode(sample))
  }

  private func changed(
    _ operand: Operand, using random: inout any RandomNumberGenerator
  ) -> Operand {
    switch operand {
    case .register(let register): return .register(other(register, using: &random))
    case .modified(let register, let modifier, let amount):
      return .modified(other(register, using: &random), modifier, amount: amount)
    case .immediate(let value):
      let small = Int64.random(in: -9...9, using: &random) * 8
      return Bool.random(using: &random)
        ? operand
        : .immediate(BitVector(signed: small, width: value.width))
    case .memory(var memory):
      if Int.random(in: 0..<8, using: &random) == 0 { return operand }
      memory.base = bases.randomElement(using: &random)
      memory.index = Int.random(in: 0..<4, using: &random) == 0 ? memory.index : nil
      memory.isRelative = false
      memory.displacement = Int64.random(in: -12...12, using: &random) * 4
      return .memory(memory)
    case .target:
      return .target(UInt64(bitPattern: Int64.random(in: -40...24, using: &random)))
    case .code: return operand
    }
  }

  private func other(
    _ register: Register, using random: inout any RandomNumberGenerator
  ) -> Register {
    registers[Shape(register)]?.randomElement(using: &random) ?? register
  }

  /// The code in words.
  func text(_ bytes: [UInt8]) -> String {
    var place = 0
    var lines: [String] = []
    while place < bytes.count,
      let found = try? architecture.decode(bytes[place...], at: UInt64(place))
    {
      lines.append(architecture.text(of: found))
      place += found.length
    }
    return lines.joined(separator: "\n")
  }
}
