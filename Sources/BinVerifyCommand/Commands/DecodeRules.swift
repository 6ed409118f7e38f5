import ArgumentParser
import BinVerify

/// The constraint of `binverify decode` as options.
struct DecodeRules: ParsableArguments {
  @Option(help: "At most so many instructions.")
  var maxInstructions: Int?

  @Option(help: "At most so many bytes.")
  var maxBytes: Int?

  @Option(help: "Only this mnemonic; may be given several times.")
  var allow: [String] = []

  @Option(help: "Not this mnemonic; may be given several times.")
  var deny: [String] = []

  @Option(help: "Only this register; may be given several times.")
  var register: [String] = []

  @Option(help: "Branches: none, or unchecked (to anywhere).")
  var branches: Rule = .none

  @Flag(help: "No instruction that writes memory.")
  var noStores = false

  @Flag(help: "No instruction that reads memory.")
  var noLoads = false

  @Flag(help: "No change of the stack pointer but by returns.")
  var keepStack = false

  @Flag(help: "No write of callee-saved registers.")
  var keepSaved = false

  @Flag(help: "The last instruction need not be a return.")
  var anyEnd = false

  /// A rule about branches by name.
  enum Rule: String, CaseIterable, ExpressibleByArgument {
    case none, forward, loops, unchecked
  }

  /// The constraint that the options say.
  func constraint(isa: String, cpu: String) -> DecodingConstraint {
    var result = DecodingConstraint(isa: isa)
    result.cpu = cpu
    result.allowedMnemonics = allow.isEmpty ? nil : Set(allow)
    result.deniedMnemonics = Set(deny)
    result.allowedRegisters = register.isEmpty ? nil : Set(register)
    result.branches = DecodingConstraint.Branches(rawValue: branches.rawValue) ?? .none
    result.allowsStores = !noStores
    result.allowsLoads = !noLoads
    result.allowsStackChanges = !keepStack
    result.allowsCalleeSavedWrites = !keepSaved
    result.endsInReturn = !anyEnd
    result.maximumInstructions = maxInstructions
    result.maximumBytes = maxBytes
    return result
  }
}
