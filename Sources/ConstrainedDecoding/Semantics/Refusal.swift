/// Why an instruction may not stand somewhere, though the automaton has it.
enum Refusal: Error, Hashable, Sendable {
  /// A part that is read has no value.
  case undefinedRead(part: Int)
  /// Something undefined decides an address, a branch, a fault, or what is stored.
  case undefinedUse
  /// A callee has to leave it as it was.
  case kept(part: Int)
  case control, repeated
  case address, outside, readOnly, uninitialised
  case target
  /// It ends inside an instruction that a branch goes to, or nothing goes on after it.
  case boundary, unreachable
  case ended
  /// The code could not be completed after it.
  case stackPointer, returnAddress, result
  case notKept(cell: Int)
  case fill, frame

  /// In words.
  func text(_ rules: SemanticRules) -> String {
    switch self {
    case .undefinedRead(let part):
      "it reads \(rules.parts.name(of: part, rules.file)), which has no defined value"
    case .undefinedUse: "it depends on a value that the manual leaves undefined"
    case .kept(let part):
      "it changes \(rules.parts.name(of: part, rules.file)), which a function has to keep"
    case .control: "it goes where the constraint allows no branch"
    case .repeated: "it may run several times, which is not followed"
    case .address: "its address is not a pointer of the contract or the stack plus a constant"
    case .outside: "it reaches outside the buffers and the frame"
    case .readOnly: "it writes a buffer that may only be read"
    case .uninitialised: "it reads bytes of the stack that were not written"
    case .target: "it goes to no boundary that it may go to"
    case .boundary: "a branch goes into the middle of it"
    case .unreachable: "what follows it could not be reached"
    case .ended: "the code has returned and no branch goes further"
    case .stackPointer: "the stack pointer could not be brought back"
    case .returnAddress: "it does not return to the caller"
    case .result: "the result has no defined value"
    case .notKept(let cell):
      "\(rules.file.entries[cell].name) does not hold what it held at entry, or is lost"
    case .fill: "the code up to a branch's target could not be filled"
    case .frame: "more of the stack is used than is followed"
    }
  }
}
