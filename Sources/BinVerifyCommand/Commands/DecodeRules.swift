import ArgumentParser
import BinVerify

/// The constraint of `binverify decode` as options.
struct DecodeRules: ParsableArguments {
  @Option(help: "At most so many instructions.")
  var maxInstructions: Int?

  @Option(help: "At most so many bytes.")
  var maxBytes: Int?

  @Option(help: "At most so many tokens.")
  var maxTokens: Int?

  @Option(help: "Only this mnemonic; may be given several times.")
  var allow: [String] = []

  @Option(help: "Not this mnemonic; may be given several times.")
  var deny: [String] = []

  @Option(help: "Only this register; may be given several times.")
  var register: [String] = []

  @Option(
    help: """
      Branches: none, forward, loops (backward too), or unchecked (to anywhere); none if not given, \
      forward with --contract.
      """)
  var branches: Rule?

  @Option(
    help: ArgumentHelp(
      "Keep to what this specification says of registers, buffers, the stack and the result.",
      valueName: "spec"))
  var contract: String?

  @Flag(
    help: """
      With --contract: an address may be a pointer of a buffer plus anything; that it stays within \
      the buffer is left to the proof.
      """)
  var anyOffset = false

  @Flag(
    help: """
      With --contract: 32 bits of a register, or of a place on the stack, with a narrower argument \
      may be read; that the result does not depend on those above it is left to the proof.
      """)
  var wideArguments = false

  @Flag(help: "Read only registers and flags that have a value.")
  var definedReads = false

  @Flag(help: "The stack pointer is at the return where it was at entry.")
  var balanceStack = false

  @Flag(help: "Callee-saved registers are put aside before use, and taken back.")
  var restoreSaved = false

  @Flag(
    help: """
      Only instructions of the vendor's list of those whose time does not depend on data (Intel's DOIT, \
      Arm's DIT), and those that have none; what addresses and branches depend on is not looked at.
      """)
  var constantTime = false

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
  func constraint(isa: String, cpu: String, _ context: Job.Context) throws -> DecodingConstraint {
    var result = DecodingConstraint(isa: isa)
    if let contract {
      result = try DecodingConstraint(
        contract: try Specification.read(contract, context), isa: isa,
        wideArguments: wideArguments)
    }
    result.cpu = cpu
    result.allowedMnemonics = allow.isEmpty ? nil : Set(allow)
    result.deniedMnemonics = Set(deny)
    result.allowedRegisters = register.isEmpty ? nil : Set(register)
    if let branches {
      result.branches = DecodingConstraint.Branches(rawValue: branches.rawValue) ?? .none
    }
    result.onlyDataIndependentTiming = constantTime
    result.allowsStores = !noStores
    result.allowsLoads = !noLoads
    result.allowsStackChanges = !keepStack
    result.allowsCalleeSavedWrites = !keepSaved
    if anyEnd { result.endsInReturn = false }
    if anyOffset { result.addresses = .anyOffset }
    result.onlyDefinedReads = result.onlyDefinedReads || definedReads
    result.balancesStack = result.balancesStack || balanceStack
    result.restoresCalleeSaved = result.restoresCalleeSaved || restoreSaved
    result.maximumInstructions = maxInstructions
    result.maximumBytes = maxBytes
    result.maximumTokens = maxTokens
    return result
  }
}
