/// The arena of terms: hash-consed, append-only, children before parents.
///
/// One manager serves one job and is never shared between threads. Constructors (in the
/// extensions) simplify locally; what they return is equivalent to what they were asked for.
public final class TermManager {
  /// A node: an operator, a sort, and three children or parameters.
  struct Node: Equatable {
    let operation: Operator
    let sort: UInt32
    let first: UInt32
    let second: UInt32
    let third: UInt32
  }

  // Accesses to these never overlap in time; checking that at run time costs a seventh of all work.
  @exclusivity(unchecked) private(set) var nodes: ContiguousArray<Node> = []
  @exclusivity(unchecked) private var table: ContiguousArray<UInt32>
  @exclusivity(unchecked) private(set) var wideConstants: [BitVector] = []
  @exclusivity(unchecked) private var wideIndices: [BitVector: Int] = [:]
  @exclusivity(unchecked) private(set) var variables: [Variable] = []
  private var variableTerms: [String: Term] = [:]
  private var freshCounts: [String: Int] = [:]
  /// An `extract` that was asked for.
  struct Cut: Hashable {
    let term: Term
    let high: Int
    let low: Int

    func hash(into hasher: inout Hasher) {
      hasher.combine(UInt64(term.index) << 32 ^ UInt64(high) << 16 ^ UInt64(low))
    }
  }

  /// How deep an `extract` is pushed into a term.
  static let cutDepthLimit = 64
  /// The extracts that were pushed into their terms, and what became of them.
  @exclusivity(unchecked) var cuts: [Cut: Term] = [:]
  @exclusivity(unchecked) var cutDepth = 0
  /// The choices that were joined, by the indices of both, and what became of them.
  @exclusivity(unchecked) var joints: [UInt64: Term] = [:]
  @exclusivity(unchecked) var choices = ChoiceCache()
  /// Where functions are summarized.
  @exclusivity(unchecked) var summaries: Summaries?
  /// Room for the terms that a traversal has come to.
  @exclusivity(unchecked) var marks = TermMarks()
  /// Room for their positions, in the order in which it has come to them.
  @exclusivity(unchecked) var found: ContiguousArray<UInt32> = []
  /// What `support` found last: several ask for it in turn, and it does not change.
  @exclusivity(unchecked) var last: (roots: [Term], support: [Term]) = ([], [])
  /// Room for the numbers of terms in a shape, all zero.
  @exclusivity(unchecked) var numbers: ContiguousArray<UInt32> = []
  /// Room for the places of terms in a traversal.
  @exclusivity(unchecked) var places = TermPlaces()
  /// The most nodes the manager may hold; construction goes on past it, callers ask `isFull`.
  public let capacity: Int

  public let `true`: Term
  public let `false`: Term

  /// - Parameter capacity: the number of nodes (about 40 bytes each) beyond which `isFull` holds.
  public init(capacity: Int = 50_000_000) {
    self.capacity = capacity
    table = ContiguousArray(repeating: 0, count: 1 << 12)
    `false` = Term(0)
    `true` = Term(1)
    _ = intern(Node(operation: .constant, sort: 0, first: 0, second: 0, third: 0))
    _ = intern(Node(operation: .constant, sort: 0, first: 1, second: 0, third: 0))
  }

  /// The number of terms so far.
  public var count: Int { nodes.count }

  /// Whether the arena has outgrown its capacity, so that the job has to give up.
  public var isFull: Bool { nodes.count > capacity }

  // MARK: Interning

  private static func hash(_ node: Node) -> Int {
    var value = UInt64(node.operation.rawValue) &+ UInt64(node.sort) << 8
    value = (value ^ UInt64(node.first)) &* 0x9E37_79B9_7F4A_7C15
    value = (value ^ (value >> 29) ^ UInt64(node.second)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 32) ^ UInt64(node.third)) &* 0x94D0_49BB_1331_11EB
    return Int(truncatingIfNeeded: value ^ (value >> 31))
  }

  private func intern(_ node: Node) -> Term {
    if nodes.count * 2 >= table.count { grow() }
    let mask = table.count - 1
    var slot = TermManager.hash(node) & mask
    while table[slot] != 0 {
      let index = Int(table[slot]) - 1
      if nodes[index] == node { return Term(index) }
      slot = (slot + 1) & mask
    }
    nodes.append(node)
    table[slot] = UInt32(nodes.count)
    return Term(nodes.count - 1)
  }

  private func grow() {
    let mask = table.count * 2 - 1
    var larger = ContiguousArray<UInt32>(repeating: 0, count: table.count * 2)
    for (index, node) in nodes.enumerated() {
      var slot = TermManager.hash(node) & mask
      while larger[slot] != 0 { slot = (slot + 1) & mask }
      larger[slot] = UInt32(index + 1)
    }
    table = larger
  }

  static func code(_ sort: Sort) -> UInt32 {
    switch sort {
    case .bool: 0
    case .bitVector(let width): UInt32(width)
    case .array(let index, let element): 1 << 31 | UInt32(index) << 16 | UInt32(element)
    }
  }

  static func sort(_ code: UInt32) -> Sort {
    if code == 0 { return .bool }
    if code >> 31 == 0 { return .bitVector(Int(code)) }
    return .array(index: Int(code >> 16 & 0x7FFF), element: Int(code & 0xFFFF))
  }

  /// The node of an operator as it stands, with no simplification.
  func node(
    _ operation: Operator, _ sort: Sort, _ first: Term, _ second: Term? = nil,
    _ third: Term? = nil
  ) -> Term {
    intern(
      Node(
        operation: operation, sort: TermManager.code(sort), first: first.index,
        second: second?.index ?? 0, third: third?.index ?? 0))
  }

  /// `extract` as it stands, with no simplification.
  func extractNode(_ term: Term, _ high: Int, _ low: Int) -> Term {
    intern(
      Node(
        operation: .extract, sort: UInt32(high - low + 1), first: term.index,
        second: UInt32(high), third: UInt32(low)))
  }

  // MARK: Leaves

  /// A bit-vector constant.
  public func constant(_ value: BitVector) -> Term {
    if value.width <= 64 { return constant(value.low, width: value.width) }
    let index = wideIndices[value] ?? wideConstants.count
    if index == wideConstants.count {
      wideConstants.append(value)
      wideIndices[value] = index
    }
    return intern(
      Node(
        operation: .constant, sort: UInt32(value.width), first: UInt32(index), second: 0,
        third: 0))
  }

  /// The bit-vector constant of the low `width` bits of `value`, zero-extended beyond 64.
  public func constant(_ value: UInt64, width: Int) -> Term {
    guard width <= 64 else { return constant(BitVector(value, width: width)) }
    let bits = value & BitVector.lastMask(width)
    return intern(
      Node(
        operation: .constant, sort: UInt32(width), first: UInt32(truncatingIfNeeded: bits),
        second: UInt32(bits >> 32), third: 0))
  }

  /// The bit-vector constant of `value` modulo 2^width.
  public func constant(signed value: Int64, width: Int) -> Term {
    width <= 64
      ? constant(UInt64(bitPattern: value), width: width)
      : constant(BitVector(signed: value, width: width))
  }

  public func bool(_ value: Bool) -> Term { value ? `true` : `false` }

  /// The variable called `name`, made on first use. The same name always has the same sort and
  /// origin; anything else is a programming error.
  public func variable(_ name: String, _ sort: Sort, origin: Origin = .input) -> Term {
    if let known = variableTerms[name] {
      precondition(self.sort(known) == sort, "\(name) is \(self.sort(known)), not \(sort)")
      return known
    }
    let term = intern(
      Node(
        operation: .variable, sort: TermManager.code(sort), first: UInt32(variables.count),
        second: 0, third: 0))
    variables.append(Variable(name: name, sort: sort, origin: origin))
    variableTerms[name] = term
    return term
  }

  /// A bit-vector variable.
  public func variable(_ name: String, width: Int, origin: Origin = .input) -> Term {
    variable(name, .bitVector(width), origin: origin)
  }

  /// A variable that did not exist before; its name starts with `prefix`.
  public func fresh(_ prefix: String, _ sort: Sort, origin: Origin) -> Term {
    while true {
      let number = freshCounts[prefix, default: 0]
      freshCounts[prefix] = number + 1
      let name = "\(prefix)!\(number)"
      if variableTerms[name] == nil { return variable(name, sort, origin: origin) }
    }
  }

  // MARK: Looking at terms

  public func sort(_ term: Term) -> Sort { TermManager.sort(nodes[term.position].sort) }

  /// The width in bits of a bit-vector; one for a Boolean.
  public func width(_ term: Term) -> Int {
    let code = nodes[term.position].sort
    return code == 0 ? 1 : Int(code)
  }

  public func isBool(_ term: Term) -> Bool { nodes[term.position].sort == 0 }

  public func operation(_ term: Term) -> Operator { nodes[term.position].operation }

  /// The terms that `term` applies its operator to.
  public func children(_ term: Term) -> TermOperands {
    let node = nodes[term.position]
    return TermOperands(
      count: node.operation.arity, first: node.first, second: node.second, third: node.third)
  }

  func first(_ term: Term) -> Term { Term(Int(nodes[term.position].first)) }
  func second(_ term: Term) -> Term { Term(Int(nodes[term.position].second)) }
  func third(_ term: Term) -> Term { Term(Int(nodes[term.position].third)) }

  /// The value of a constant (one bit for a Boolean); nil for any other term.
  public func value(_ term: Term) -> BitVector? {
    let node = nodes[term.position]
    guard node.operation == .constant else { return nil }
    let width = node.sort == 0 ? 1 : Int(node.sort)
    if width > 64 { return wideConstants[Int(node.first)] }
    return BitVector(UInt64(node.first) | UInt64(node.second) << 32, width: width)
  }

  /// The value of a constant if it fits 64 bits, without making a `BitVector`.
  public func small(_ term: Term) -> UInt64? {
    let node = nodes[term.position]
    guard node.operation == .constant else { return nil }
    if node.sort > 64 { return wideConstants[Int(node.first)].asUInt64 }
    return UInt64(node.first) | UInt64(node.second) << 32
  }

  public func isConstant(_ term: Term) -> Bool { nodes[term.position].operation == .constant }

  /// The free variable that `term` is; nil for any other term.
  public func variable(_ term: Term) -> Variable? {
    let node = nodes[term.position]
    return node.operation == .variable ? variables[Int(node.first)] : nil
  }

  /// The bounds of an `extract`; nil for any other term.
  public func bounds(_ term: Term) -> (high: Int, low: Int)? {
    let node = nodes[term.position]
    return node.operation == .extract ? (Int(node.second), Int(node.third)) : nil
  }
}
