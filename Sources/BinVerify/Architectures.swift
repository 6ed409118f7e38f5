import ARM64Model
import MachineModel
import X86Model

/// The version of binverify, as semantic versioning has it.
public let version = "0.1.0"

/// The version of what instructions mean; it grows whenever a table or the engine may give another
/// verdict.
public let modelVersion = 1

/// The names of the instruction sets, in the order in which they are listed to users.
public let architectureNames = ["x86-64", "arm64"]

/// The instruction set called `name`, one of `architectureNames`.
public func architecture(named name: String) throws(UnknownArchitecture) -> any Architecture {
  switch name {
  case "x86-64": X86()
  case "arm64": ARM64()
  default: throw UnknownArchitecture(name: name)
  }
}

/// A name that no instruction set has.
public struct UnknownArchitecture: Error, Sendable, Hashable, CustomStringConvertible {
  public let name: String

  /// What was found and what was expected.
  public var description: String {
    "the ISA \(architectureNames.joined(separator: " or ")) was expected, found '\(name)'"
  }
}
