import BitBlasting
import CCaDiCaL
import Terms

/// A growing circuit as clauses in a solver of its own, for one query after another.
struct ClauseQuery {
  enum Answer {
    case satisfiable, unsatisfiable, unknown
  }

  private typealias Literal = AndInverterGraph.Literal

  private let solver: OpaquePointer
  /// The solver's variable of each node; zero for nodes that no query needed so far.
  private var variables: [Int32] = [0]
  private var next: Int32 = 1

  init() {
    solver = ccadical_init()
    // It writes remarks to standard output otherwise.
    ccadical_set_option(solver, "quiet", 1)
    // Going back only as far as needed finds proofs about comparisons and sums later, if at all.
    ccadical_set_option(solver, "chrono", 0)
  }

  /// Frees the solver; the clauses are not used after it.
  func release() { ccadical_release(solver) }

  /// Adds the clauses that say what `roots` are, less those that are there.
  mutating func define(_ roots: [AndInverterGraph.Literal], of graph: AndInverterGraph) {
    let count = graph.nodeCount
    variables += [Int32](repeating: 0, count: count - variables.count)
    var needed = [Bool](repeating: false, count: count)
    for root in roots { needed[root.node] = true }
    for node in (1..<count).reversed() where needed[node] && variables[node] == 0 {
      guard let (left, right) = graph.operands(of: node) else { continue }
      needed[left.node] = true
      needed[right.node] = true
    }
    for node in 1..<count where needed[node] && variables[node] == 0 {
      variables[node] = next
      next += 1
      if let operands = graph.operands(of: node) { define(node, operands) }
    }
  }

  private func number(_ literal: AndInverterGraph.Literal) -> Int32 {
    let variable = variables[literal.node]
    return literal.isComplement ? -variable : variable
  }

  private func clause(_ literals: Int32...) {
    for literal in literals { ccadical_add(solver, literal) }
    ccadical_add(solver, 0)
  }

  private func define(
    _ node: Int, _ operands: (AndInverterGraph.Literal, AndInverterGraph.Literal)
  ) {
    let (own, left, right) = (variables[node], number(operands.0), number(operands.1))
    clause(-own, left)
    clause(-own, right)
    clause(own, -left, -right)
  }

  // MARK: Solving

  /// What the callback reads: when to stop.
  private final class Clock {
    let end: ContinuousClock.Instant

    init(seconds: Double) { end = .now.advanced(by: .seconds(min(seconds, 1e9))) }
  }

  /// Whether all of `roots`, which are defined, can hold.
  func solve(
    assuming roots: [AndInverterGraph.Literal], conflicts: Int32, seconds: Double
  ) -> Answer {
    for root in roots where root != AndInverterGraph.true {
      ccadical_assume(solver, number(root))
    }
    let clock = Clock(seconds: seconds)
    ccadical_limit(solver, "conflicts", conflicts)
    ccadical_set_terminate(solver, Unmanaged.passUnretained(clock).toOpaque()) { state in
      guard let state else { return 0 }
      let clock = Unmanaged<Clock>.fromOpaque(state).takeUnretainedValue()
      return clock.end <= .now ? 1 : 0
    }
    let answer = withExtendedLifetime(clock) { ccadical_solve(solver) }
    ccadical_set_terminate(solver, nil, nil)
    switch answer {
    case 10: return .satisfiable
    case 20: return .unsatisfiable
    default: return .unknown
    }
  }

  /// The value of a variable's bits in the model; bits that the query does not need are zero.
  func value(of bits: [AndInverterGraph.Literal]) -> BitVector {
    var words = [UInt64](repeating: 0, count: BitVector.wordCount(bits.count))
    for (index, bit) in bits.enumerated() where variables[bit.node] != 0 {
      if ccadical_val(solver, variables[bit.node]) > 0 {
        words[index / 64] |= 1 << UInt64(index % 64)
      }
    }
    return BitVector(words: words, width: bits.count)
  }
}
