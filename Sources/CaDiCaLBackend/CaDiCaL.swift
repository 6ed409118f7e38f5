import BitBlasting
import CCaDiCaL
import Terms

/// The SAT solver CaDiCaL on circuits of our own: for queries over bits that it settles with few
/// conflicts.
///
/// It runs in this process. What it may cost is bounded by conflicts and by the circuit's size, which
/// are the same on every machine, and by time; past them the answer is `unknown`.
public final class CaDiCaL: Solver {
  private let conflicts: Int32
  private let nodes: Int

  /// - Parameters:
  ///   - conflicts: the most conflicts of a query.
  ///   - nodes: the most nodes of a query's circuit.
  public init(conflicts: Int = 20_000, nodes: Int = 200_000) {
    self.conflicts = Int32(clamping: conflicts)
    self.nodes = nodes
  }

  public var description: String { String(cString: ccadical_signature()) }

  public func check(
    _ assertions: [Term], in terms: TermManager, limits: SolverLimits
  ) -> SolverAnswer {
    var blaster = BitBlaster(terms, nodeLimit: nodes)
    var roots: [AndInverterGraph.Literal] = []
    do {
      for assertion in assertions { roots.append(try blaster.blast(assertion)[0]) }
    } catch {
      switch error {
      case .array: return .unknown("arrays")
      case .tooLarge: return .unknown("a circuit of more than \(nodes) nodes")
      }
    }
    if roots.contains(AndInverterGraph.false) { return .unsatisfiable }
    let query = ClauseQuery(blaster.graph, roots: roots)
    defer { query.release() }
    switch query.solve(conflicts: conflicts, seconds: limits.seconds) {
    case .unsatisfiable: return .unsatisfiable
    case .unknown: return .unknown("more than \(conflicts) conflicts, or the time limit")
    case .satisfiable:
      let values = blaster.inputs.mapValues { bits in query.value(of: bits) }
      return .satisfiable(Model(values: values))
    }
  }
}
