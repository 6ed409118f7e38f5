import Contracts
import MachineModel
import Terms
import Verification

/// Whether `code` does what `specification` says, for every input.
///
/// Throws `SpecificationError`, `UnsupportedCode` and `VacuousSpecification`.
/// - Parameters:
///   - cpu: the CPU whose instructions the code may use; one of its architecture.
///   - solvers: what decides the queries that rewriting and evaluation leave open.
///   - ledger: where the obligations' queries are written down; nil for nowhere.
///   - shapes: what was proved before, with the same options and solvers, and where to add to it.
///   - progress: told what is being worked on, on the calling thread.
public func prove(
  code: LoadedCode, specification: Contract, options: VerificationOptions = .init(),
  cpu: CPUProfile = .any, solvers: Solvers = .standard(), ledger: (any ProofLedger)? = nil,
  shapes: ProvedShapes? = nil, progress: @escaping (Progress) -> Void = { _ in }
) throws -> VerificationReport {
  try Verifier(
    code: code.code, contract: specification,
    architecture: try architecture(named: code.isa).restricted(to: cpu),
    solvers: solvers, options: options, ledger: ledger, shapes: shapes, progress: progress
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
/// - Parameters:
///   - firstCPU: the CPU whose instructions `first` may use; one of its architecture.
///   - secondCPU: the same for `second`.
public func equivalent(
  first: LoadedCode, second: LoadedCode, contract: Contract, options: VerificationOptions = .init(),
  firstCPU: CPUProfile = .any, secondCPU: CPUProfile = .any, solvers: Solvers = .standard(),
  ledger: (any ProofLedger)? = nil,
  progress: @escaping (Progress) -> Void = { _ in }
) throws -> EquivalenceReport {
  try EquivalenceVerifier(
    first: first.code, try architecture(named: first.isa).restricted(to: firstCPU),
    second: second.code, try architecture(named: second.isa).restricted(to: secondCPU),
    contract: contract, solvers: solvers, options: options, ledger: ledger, progress: progress
  ).verify()
}
