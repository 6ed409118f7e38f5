import BitBlasting
import CCaDiCaL
import ProofChecking
import Terms

/// A growing circuit as clauses in a solver of its own, for one query after another; what the solver learns is
/// checked before `unsatisfiable` is believed.
final class ClauseQuery {
  enum Answer {
    case satisfiable
    /// The solver's reasons were followed step by step.
    case unsatisfiable
    case unknown(String)
  }

  private typealias Literal = AndInverterGraph.Literal

  private let solver: OpaquePointer
  private let learned: LearnedClauses
  /// The solver's variable of each node; zero for nodes that no query needed so far.
  private var variables: [Int32] = [0]
  private var next: Int32 = 1

  /// Nil where no memory is left for it.
  init?() {
    learned = LearnedClauses()
    let context = Unmanaged.passUnretained(learned).toOpaque()
    let made = cadical_init(
      { context, bytes, count in
        guard let context, let bytes else { return }
        let learned = Unmanaged<LearnedClauses>.fromOpaque(context).takeUnretainedValue()
        learned.append(UnsafeBufferPointer(start: bytes, count: count))
      }, context)
    guard let made else { return nil }
    solver = made
  }

  deinit { cadical_release(solver) }

  /// Whether nothing more can be proved, since a step could not be followed.
  var isBroken: Bool { learned.isBroken }

  /// Adds the clauses that say what `roots` are, less those that are there.
  func define(_ roots: [AndInverterGraph.Literal], of graph: AndInverterGraph) {
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
    for literal in literals { cadical_add(solver, literal) }
    cadical_add(solver, 0)
    learned.addAxiom(literals.map { ClauseLiteral($0) })
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

  /// Whether all of `roots`, which are defined, can hold. The check of a proof may take as long again as the query.
  func solve(
    assuming roots: [AndInverterGraph.Literal], conflicts: Int32, seconds: Double
  ) -> Answer {
    let assumed = roots.filter { $0 != AndInverterGraph.true }.map { number($0) }
    for literal in assumed { cadical_assume(solver, literal) }
    learned.end = .now.advanced(by: .seconds(min(seconds, 1e9)))
    let context = Unmanaged.passUnretained(learned).toOpaque()
    let answer = cadical_solve(
      solver, conflicts,
      { context in
        guard let context else { return 0 }
        let learned = Unmanaged<LearnedClauses>.fromOpaque(context).takeUnretainedValue()
        return learned.isBroken || learned.end <= .now ? 1 : 0
      }, context)
    switch answer {
    case 10: return .satisfiable
    case 20:
      learned.end = .now.advanced(by: .seconds(min(seconds, 1e9)))
      return learned.prove(assumed.map { !ClauseLiteral($0) }).map { .unknown($0) }
        ?? .unsatisfiable
    default: return .unknown("more than \(conflicts) conflicts, or the time limit")
    }
  }

  /// The value of a variable's bits in the model; bits that the query does not need are zero.
  func value(of bits: [AndInverterGraph.Literal]) -> BitVector {
    var words = [UInt64](repeating: 0, count: BitVector.wordCount(bits.count))
    for (index, bit) in bits.enumerated() where variables[bit.node] != 0 {
      if cadical_val(solver, variables[bit.node]) > 0 {
        words[index / 64] |= 1 << UInt64(index % 64)
      }
    }
    return BitVector(words: words, width: bits.count)
  }
}
