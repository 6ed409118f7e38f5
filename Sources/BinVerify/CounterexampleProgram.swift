import Contracts
import ObjectFiles
import Verification

/// Why a counterexample cannot be written in some form.
public struct EmissionError: Error, Sendable, Hashable {
  public let reason: String
}

/// A counterexample as a C program.
public struct CounterexampleProgram {
  public let text: String

  public init(_ code: LoadedCode, _ contract: Contract, _ found: Counterexample) throws {
    throw EmissionError(reason: "C programs cannot be written yet")
  }
}

/// A counterexample as a gdb script.
public struct DebuggerScript {
  public let text: String

  public init(_ code: LoadedCode, _ contract: Contract, _ found: Counterexample) throws {
    throw EmissionError(reason: "gdb scripts cannot be written yet")
  }
}
