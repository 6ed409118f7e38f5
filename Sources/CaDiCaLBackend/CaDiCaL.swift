import BitBlasting
import CCaDiCaL
import Terms

/// The SAT solver CaDiCaL on circuits of our own: for queries over bits that it settles with few
/// conflicts.
///
/// It runs in this process. What it may cost is bounded by conflicts and by the circuit's size, which
/// are the same on every machine, and by time; past them the answer is `unknown`. Queries about terms
/// of one manager share their circuit and what was learned from it.
public final class CaDiCaL: Solver {
  private let conflicts: Int32
  private let nodes: Int
  private var session: Session?

  /// - Parameters:
  ///   - conflicts: the most conflicts of a query.
  ///   - nodes: the most nodes of a circuit.
  public init(conflicts: Int = 20_000, nodes: Int = 200_000) {
    self.conflicts = Int32(clamping: conflicts)
    self.nodes = nodes
  }

  public var description: String { String(cString: cadical_signature()) }

  public func check(
    _ assertions: [Term], in terms: TermManager, limits: SolverLimits
  ) -> SolverAnswer {
    if session?.terms !== terms { session = Session(terms, nodes: nodes) }
    guard let session else { return .unknown("no memory left for CaDiCaL") }
    do {
      let (isFresh, start) = (session.isFresh, ContinuousClock.now)
      let answer = try session.check(assertions, conflicts: conflicts, seconds: limits.seconds)
      guard session.isBroken else { return answer }
      // What was learned from other queries may be in the way: clauses that the solver takes back in are not traced.
      self.session = nil
      var rest = limits
      rest.seconds -= (ContinuousClock.now - start) / .seconds(1)
      return isFresh || rest.seconds <= 0 ? answer : check(assertions, in: terms, limits: rest)
    } catch {
      switch error {
      case .array: return .unknown("arrays")
      case .tooLarge:
        // Another query may fit by itself.
        self.session = nil
        return session.isFresh
          ? .unknown("a circuit of more than \(nodes) nodes")
          : check(assertions, in: terms, limits: limits)
      }
    }
  }
}

/// What the queries about the terms of one manager share.
private final class Session {
  let terms: TermManager
  private var blaster: BitBlaster
  private let clauses: ClauseQuery
  /// Whether no query came before.
  private(set) var isFresh = true

  init?(_ terms: TermManager, nodes: Int) {
    guard let clauses = ClauseQuery() else { return nil }
    self.clauses = clauses
    self.terms = terms
    blaster = BitBlaster(terms, nodeLimit: nodes)
  }

  /// Whether it is of no use for other queries.
  var isBroken: Bool { clauses.isBroken }

  func check(
    _ assertions: [Term], conflicts: Int32, seconds: Double
  ) throws(BitBlaster.Failure) -> SolverAnswer {
    var roots: [AndInverterGraph.Literal] = []
    for assertion in assertions { roots.append(try blaster.blast(assertion)[0]) }
    isFresh = false
    if roots.contains(AndInverterGraph.false) { return .unsatisfiable }
    clauses.define(roots, of: blaster.graph)
    switch clauses.solve(assuming: roots, conflicts: conflicts, seconds: seconds) {
    case .unsatisfiable: return .unsatisfiable
    case .unknown(let reason): return .unknown(reason)
    case .satisfiable:
      if !blaster.elements.isDisjoint(with: terms.support(of: assertions)) {
        return .unknown("elements of arrays")
      }
      let variables = Set(terms.freeVariables(of: assertions))
      let inputs = blaster.inputs.filter { variables.contains($0.key) }
      return .satisfiable(Model(values: inputs.mapValues { clauses.value(of: $0) }))
    }
  }
}
