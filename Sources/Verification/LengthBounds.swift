import Contracts
import Terms

/// The largest lengths, in elements, that the precondition allows the buffers of a contract.
enum LengthBounds {
  /// Buffers of more bytes than this are not followed.
  static let byteLimit: UInt64 = 1 << 16

  /// One bound for each parameter that is a buffer, by name.
  static func find(_ contract: Contract, solvers: Solvers, limits: SolverLimits) throws
    -> [String: Int64]
  {
    var bounds: [String: Int64] = [:]
    let variable = contract.parameters.filter {
      $0.buffer.map { $0.length.constant == nil } ?? false
    }
    for parameter in contract.parameters {
      if let count = parameter.buffer?.length.constant { bounds[parameter.name] = Int64(count) }
    }
    guard !variable.isEmpty else { return try checked(bounds, contract) }
    let terms = TermManager()
    let environment = openEnvironment(contract, terms)
    let requires = try contract.elaborateRequires(environment: environment, in: terms)
    let search = Search(terms: terms, requires: requires, solvers: solvers, limits: limits)
    for parameter in variable {
      guard let buffer = parameter.buffer else { continue }
      let length = buffer.length.value(environment: environment, in: terms)
      bounds[parameter.name] = try search.largest(
        length, limit: byteLimit / UInt64(buffer.elementBytes), name: parameter.name)
    }
    return try checked(bounds, contract)
  }

  private static func checked(
    _ bounds: [String: Int64], _ contract: Contract
  ) throws -> [String: Int64] {
    for parameter in contract.parameters {
      guard let buffer = parameter.buffer, let count = bounds[parameter.name] else { continue }
      if count > Int64(byteLimit) / Int64(buffer.elementBytes) {
        throw Incomplete(
          obligation: .memory,
          reason: "'\(parameter.name)' is longer than \(byteLimit) bytes, the most that is followed"
        )
      }
    }
    return bounds
  }

  /// A variable for each name that the precondition may mention; buffers as arrays.
  static func openEnvironment(_ contract: Contract, _ terms: TermManager) -> [String: Term] {
    var environment: [String: Term] = [:]
    for parameter in contract.parameters {
      if let value = parameter.value {
        environment[parameter.name] = terms.variable(parameter.name, width: value.width)
      }
      if let buffer = parameter.buffer {
        environment[parameter.name] = terms.variable(
          parameter.name, .array(index: 64, element: buffer.element.width))
        environment[parameter.name + ".addr"] = terms.variable(
          parameter.name + ".addr", width: 64)
      }
    }
    return environment
  }

  /// A search for the largest value of a length.
  private struct Search {
    let terms: TermManager
    let requires: Term
    let solvers: Solvers
    let limits: SolverLimits

    func largest(
      _ length: LengthExpression.Value, limit: UInt64, name: String
    ) throws -> Int64 {
      if try exceeds(length, limit, name) {
        throw Incomplete(
          obligation: .memory,
          reason:
            "the length of '\(name)' is not bounded: let requires bound it to at most \(limit)")
      }
      var (low, high) = (UInt64(0), limit)
      var probe: UInt64 = 1
      while probe < limit, try exceeds(length, probe, name) {
        low = probe + 1
        probe *= 2
      }
      high = Swift.min(probe, limit)
      while low < high {
        let middle = low + (high - low) / 2
        if try exceeds(length, middle, name) { low = middle + 1 } else { high = middle }
      }
      return Int64(high)
    }

    /// Whether the length can be more than `bound`.
    private func exceeds(
      _ length: LengthExpression.Value, _ bound: UInt64, _ name: String
    ) throws -> Bool {
      let isLonger = terms.unsignedLess(terms.constant(bound, width: 64), length.count)
      let answer = solvers.check(
        [requires, length.isRepresentable, isLonger], in: terms, limits: limits)
      switch answer {
      case .unsatisfiable: return false
      case .satisfiable: return true
      case .unknown(let reason):
        throw Incomplete(obligation: .memory, reason: "the length of '\(name)': \(reason)")
      case .interrupted:
        throw Incomplete(obligation: .memory, reason: "interrupted")
      }
    }
  }
}
