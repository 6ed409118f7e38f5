/// A Boolean function as conjunctions and complements, equal ones shared.
///
/// Nodes are created after their operands, so that an index is larger than those it depends on.
public struct AndInverterGraph {
  /// A node or its complement.
  public struct Literal: Hashable, Sendable {
    /// Twice the node's index, plus one for the complement.
    public let code: UInt32

    public init(code: UInt32) { self.code = code }

    public var node: Int { Int(code >> 1) }
    public var isComplement: Bool { code & 1 == 1 }

    public static prefix func ! (literal: Literal) -> Literal {
      Literal(code: literal.code ^ 1)
    }
  }

  public static let `false` = Literal(code: 0)
  public static let `true` = Literal(code: 1)

  /// The operands of each conjunction; of the constant and of inputs, the node itself.
  private var nodes: [(Literal, Literal)] = [(AndInverterGraph.false, AndInverterGraph.false)]
  /// The conjunctions by their operands: a hash table of nodes, zero where there is none.
  private var table = [UInt32](repeating: 0, count: 1 << 8)
  private var conjunctions = 0

  public init() {}

  public var nodeCount: Int { nodes.count }

  /// A new input.
  public mutating func input() -> Literal {
    let literal = Literal(code: UInt32(nodes.count) << 1)
    nodes.append((literal, literal))
    return literal
  }

  /// The operands of a conjunction; nil for an input and for the constant.
  public func operands(of node: Int) -> (Literal, Literal)? {
    let pair = nodes[node]
    return pair.0.node == node ? nil : pair
  }

  // MARK: Functions

  public mutating func and(_ left: Literal, _ right: Literal) -> Literal {
    if let simple = simplified(left, right) { return simple }
    let (low, high) = left.code < right.code ? (left, right) : (right, left)
    if conjunctions * 2 >= table.count { grow() }
    let place = place(low, high)
    if table[place] == 0 {
      table[place] = UInt32(nodes.count)
      nodes.append((low, high))
      conjunctions += 1
    }
    return Literal(code: table[place] << 1)
  }

  /// Where a conjunction is in the table, or where it belongs.
  private func place(_ low: Literal, _ high: Literal) -> Int {
    var value = (UInt64(high.code) << 32 | UInt64(low.code)) &* 0x9E37_79B9_7F4A_7C15
    value = (value ^ value >> 29) &* 0xBF58_476D_1CE4_E5B9
    var place = Int(truncatingIfNeeded: value ^ value >> 32) & (table.count - 1)
    while table[place] != 0, nodes[Int(table[place])] != (low, high) {
      place = (place + 1) & (table.count - 1)
    }
    return place
  }

  private mutating func grow() {
    table = [UInt32](repeating: 0, count: table.count * 2)
    for node in nodes.indices {
      if let (low, high) = operands(of: node) { table[place(low, high)] = UInt32(node) }
    }
  }

  /// The conjunction where it is no new node: constants, repeated operands, and operands that are
  /// conjunctions with the other one or its complement in them.
  private func simplified(_ left: Literal, _ right: Literal) -> Literal? {
    if left == right { return left }
    if left == !right { return AndInverterGraph.false }
    if left.code < 2 { return left == AndInverterGraph.true ? right : left }
    if right.code < 2 { return right == AndInverterGraph.true ? left : right }
    return absorbed(left, by: right) ?? absorbed(right, by: left)
  }

  private func absorbed(_ literal: Literal, by other: Literal) -> Literal? {
    guard let (first, second) = operands(of: other.node) else { return nil }
    if literal == first || literal == second {
      if !other.isComplement { return other }
      // a ∧ ¬(a ∧ b) is a ∧ ¬b, a node of its own.
      return nil
    }
    if literal == !first || literal == !second {
      return other.isComplement ? literal : AndInverterGraph.false
    }
    return nil
  }

  public mutating func or(_ left: Literal, _ right: Literal) -> Literal {
    !and(!left, !right)
  }

  public mutating func xor(_ left: Literal, _ right: Literal) -> Literal {
    if left.code < 2 { return left == AndInverterGraph.true ? !right : right }
    if right.code < 2 { return right == AndInverterGraph.true ? !left : left }
    // Complements move outside, so that a ⊕ b and a ⊕ ¬b share their nodes.
    let flips = left.isComplement != right.isComplement
    let (a, b) = (Literal(code: left.code & ~1), Literal(code: right.code & ~1))
    let both = and(a, b)
    let neither = and(!a, !b)
    let different = and(!both, !neither)
    return flips ? !different : different
  }

  /// `then` where `condition` holds, else `otherwise`.
  public mutating func choose(
    _ condition: Literal, _ then: Literal, _ otherwise: Literal
  ) -> Literal {
    if then == otherwise { return then }
    if condition.code < 2 { return condition == AndInverterGraph.true ? then : otherwise }
    if then == !otherwise { return xor(!condition, then) }
    let chosen = and(condition, then)
    let other = and(!condition, otherwise)
    return or(chosen, other)
  }

  /// The sum bit and the carry of three bits.
  public mutating func add(
    _ a: Literal, _ b: Literal, _ carry: Literal
  ) -> (sum: Literal, carry: Literal) {
    let half = xor(a, b)
    let sum = xor(half, carry)
    let both = and(a, b)
    let passed = and(half, carry)
    return (sum, or(both, passed))
  }
}
