import Contracts
import MachineModel
import ObjectFiles
import Terms
import Verification
import Z3Backend

/// Whether `code` does what `specification` says, for every input.
///
/// Throws `SpecificationError`, `UnsupportedCode` and `VacuousSpecification`.
/// - Parameters:
///   - solver: what decides the queries that rewriting and evaluation leave open; Z3 unless given.
///   - progress: told what is being worked on, on the calling thread.
public func prove(
  code: LoadedCode, specification: Contract, options: VerificationOptions = .init(),
  solver: (any Solver)? = nil, progress: @escaping (Progress) -> Void = { _ in }
) throws -> VerificationReport {
  try Verifier(
    code: code.code, contract: specification, architecture: try architecture(named: code.isa),
    solver: solver ?? Z3(), options: options, progress: progress
  ).verify()
}

/// Whether `bytes` of the instruction set `isa` do what the text of a specification says.
public func prove(
  bytes: [UInt8], isa: String, specification text: String, options: VerificationOptions = .init()
) throws -> VerificationReport {
  let contract = try Contract.parse(text: text, file: "specification")
  let code = LoadedCode(code: Code(bytes: bytes), isa: isa)
  return try prove(code: code, specification: contract, options: options)
}

/// Whether `second` can stand for `first` under `contract`, for every input that it permits.
///
/// Throws `SpecificationError`, `UnsupportedCode` and `VacuousSpecification`.
public func equivalent(
  first: LoadedCode, second: LoadedCode, contract: Contract, options: VerificationOptions = .init(),
  solver: (any Solver)? = nil, progress: @escaping (Progress) -> Void = { _ in }
) throws -> EquivalenceReport {
  try EquivalenceVerifier(
    first: first.code, try architecture(named: first.isa),
    second: second.code, try architecture(named: second.isa),
    contract: contract, solver: solver ?? Z3(), options: options, progress: progress
  ).verify()
}
