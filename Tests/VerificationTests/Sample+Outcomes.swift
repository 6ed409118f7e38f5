import Contracts
import Terms
import Z3Backend

extension Sample {
  /// Whether the specification allows one outcome only for each input, so that all codes that are proved of
  /// it are equivalent. False where that is not known: lengths of what is written must be constants.
  func hasOneOutcome() throws -> Bool {
    let contract = try contract()
    let terms = TermManager()
    var (first, second): ([String: Term], [String: Term]) = ([:], [:])
    var same: [Term] = []
    for name in contract.names {
      let value = terms.variable(name.name, name.sort)
      let other = name.isInput ? value : terms.variable(name.name + " again", name.sort)
      (first[name.name], second[name.name]) = (value, other)
      switch name.role {
      case .output: same.append(terms.equal(value, other))
      case .contentsAfter:
        guard let count = contract.parameters[name.index].buffer?.length.constant else {
          return false
        }
        same += (0..<UInt64(count)).map {
          let index = terms.constant($0, width: 64)
          return terms.equal(terms.select(value, index), terms.select(other, index))
        }
      case .value, .contents, .address: break
      }
    }
    let assertions = [
      try contract.elaborateRequires(environment: first, in: terms),
      try contract.elaborateEnsures(environment: first, in: terms),
      try contract.elaborateEnsures(environment: second, in: terms),
      terms.not(terms.and(same)),
    ]
    let answer = Z3(isolated: true).check(assertions, in: terms, limits: SolverLimits(seconds: 60))
    if case .unsatisfiable = answer { return true } else { return false }
  }
}
