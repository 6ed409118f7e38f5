import Contracts
import MachineModel
import Terms
import Testing

/// An architecture with four registers under a few names, and nothing else.
private struct FourRegisters: Architecture {
  let name = "four"
  let registerFile = RegisterFile(["a", "b", "c", "d"].map { .init($0, .bitVector(64)) })
  let forms: [Form] = []
  let instructionAlignment = 1

  var convention: CallingConvention {
    CallingConvention(
      name: "none", integerArguments: [], integerResults: [], wideArgumentsAreEven: false,
      stackPointer: Register("d", Cell(3), width: 64), returnAddress: .stack, calleeSaved: [],
      stackRemainder: 0, poppedAtReturn: 0, firstStackArgument: 0, redZone: 0, fixedFlags: [:])
  }

  /// `a64` to `d64`, `a32` to `d32`, and `zero`.
  func register(named name: String) -> Register? {
    if name == "zero" { return Register("zero", nil, width: 64) }
    guard let first = name.first, let index = "abcd".firstIndex(of: first),
      let width = Int(name.dropFirst()), width == 32 || width == 64
    else { return nil }
    return Register(
      name, Cell("abcd".distance(from: "abcd".startIndex, to: index)), width: width)
  }

  func flag(named name: String) -> Flag? { nil }

  func decode(
    _ bytes: RawSpan, at address: UInt64
  ) throws(DecodingError) -> Instruction {
    throw DecodingError(.unsupported, address: address, bytes: [], reason: "no instructions")
  }

  func encode(_ instruction: Instruction) throws(AssemblyError) -> [UInt8] {
    throw AssemblyError(reason: "no instructions")
  }

  func text(of instruction: Instruction) -> String { "" }

  func parse(
    _ line: String, at address: UInt64, labels: [String: UInt64]
  ) throws(AssemblyError) -> Instruction {
    throw AssemblyError(reason: "no instructions")
  }

  func randomInstruction(
    of form: Form, at address: UInt64, using random: inout any RandomNumberGenerator
  ) -> Instruction {
    preconditionFailure("no forms, yet \(form.syntax)")
  }
}

@Suite struct FragmentTests {
  private func contract(_ line: String, _ declarations: String = "") throws -> Contract {
    try Contract.parse(
      text: """
        (set-logic ALL)(set-info :fragment "\(line)")
        (declare-const x (_ BitVec 32)) (declare-const y (_ BitVec 32)) \(declarations)
        (define-fun ensures () Bool true)
        """, file: "s")
  }

  @Test func bindsRegistersAndMemory() throws {
    let contract = try contract(
      "in: x=a32, n=d64, p=b64, q=c64; out: y=b32; clobbers: c64, flags; "
        + "memory: p[n + 1] const int16_t restrict, uint8_t q[3]",
      "(declare-const n (_ BitVec 64)) (declare-const q.out (Array (_ BitVec 64) (_ BitVec 8)))")
    #expect(contract.parameters.map(\.name) == ["x", "n", "p", "q"])
    #expect(
      contract.names.map(\.name) == ["x", "n", "p", "p.addr", "q", "q.out", "q.addr", "y"])
    let buffer = try #require(contract.parameters[2].buffer)
    #expect(buffer.isConst && buffer.isRestrict && buffer.element.width == 16)
    #expect(buffer.element.isSigned && buffer.length.parameters == ["n"])
    let layout = try contract.layout(for: FourRegisters())
    #expect(layout.arguments[0] == .register(Register("a32", Cell(0), width: 32)))
    #expect(layout.outputs == [.register(Register("b32", Cell(1), width: 32))])
    #expect(layout.clobbers == [Register("c64", Cell(2), width: 64)])
    #expect(layout.clobbersFlags)
  }

  static let bad = [
    Expectation("in: x=e32; out: y=b32", "1:43: four has no register 'e32' to bind"),
    Expectation("in: x=zero; out: y=b32", "1:43: four has no register 'zero' to bind"),
    Expectation("in: x=a64; out: y=b32", "1:43: 'x' has 32 bits, but a64 has 64"),
    Expectation(
      "in: x=a32, y=a32",
      "1:50: the inputs 'x' and 'y' share the register a32"),
    Expectation(
      "out: x=a32, y=a32",
      "1:51: the outputs 'x' and 'y' share the register a32"),
    Expectation("in: x=a32; out: y=b32; clobbers: rax", "1:70: four has no register 'rax' to bind"),
  ]

  @Test(arguments: bad) func refusesAtLayout(_ expectation: Expectation) throws {
    let contract = try contract(expectation.input)
    let error = #expect(throws: SpecificationError.self) {
      try contract.layout(for: FourRegisters())
    }
    #expect(error?.description == "s:" + expectation.output)
  }

  @Test func inputsAndOutputsMayShareARegister() throws {
    let layout = try contract("in: x=a32; out: y=a32").layout(for: FourRegisters())
    #expect(layout.arguments == layout.outputs)
    #expect(layout.clobbers == [] && !layout.clobbersFlags)
  }
}
