/// Clauses, and whether others follow from them by unit propagation: assume that all literals of a clause are
/// false, and what has to be true then, one clause after another, until a clause has no literal left.
///
/// It is what an answer of a SAT solver rests on: small, without a reference to any solver, and safe where arrays are
/// misused. Whatever it is given, a clause that it says to follow from the axioms does.
public struct ClauseChecker {
  /// A clause that may become a unit when a literal becomes false.
  private struct Watch {
    /// Where the clause is in `clauses`; of one of two literals the complement of that, since it need not be looked
    /// at.
    var clause: Int32
    /// Another literal of it: where that is true, nothing has to be done.
    var other: UInt32
  }

  /// The clauses one after another: how many literals, and those, of which the first two are watched.
  private var clauses: ContiguousArray<UInt32> = []
  /// By literal: the clauses of which it is watched.
  private var watches: ContiguousArray<ContiguousArray<Watch>> = []
  /// By literal: 1 if it is true, -1 if it is false, 0 if that is open.
  private var values: ContiguousArray<Int8> = []
  /// The literals that are true, in the order in which they became so: the first `assigned`.
  private var trail: ContiguousArray<UInt32> = []
  private var assigned = 0
  /// As many of them were looked at.
  private var propagated = 0
  /// Where the clauses are that may be forgotten, by what is in them.
  private var places: [UInt64: Int32] = [:]
  /// Words of `clauses` that belong to forgotten ones.
  private var forgotten = 0
  /// Whether the clauses exclude each other: everything follows.
  public private(set) var isContradictory = false

  public init() {}

  // MARK: Clauses

  /// Adds a clause that is taken for granted.
  public mutating func addAxiom(_ clause: [ClauseLiteral]) {
    add(clause, isForgettable: false)
  }

  /// Adds a clause if it follows; false, with nothing changed, if that cannot be seen.
  public mutating func addLemma(_ clause: [ClauseLiteral]) -> Bool {
    guard follows(clause) else { return false }
    add(clause, isForgettable: true)
    return true
  }

  /// Whether a clause follows, as far as unit propagation shows: that of no literals, if the clauses exclude each other.
  public mutating func follows(_ clause: [ClauseLiteral]) -> Bool {
    if isContradictory { return true }
    let start = assigned
    defer { undo(to: start) }
    for literal in clause {
      reserve(literal)
      switch values[Int(literal.code)] {
      case 0: assign((!literal).code)
      case 1: return true
      default: break
      }
    }
    return propagate()
  }

  /// Forgets a lemma of more than two literals, so that others are found more quickly; axioms stay.
  public mutating func forget(_ clause: [ClauseLiteral]) {
    guard let place = places.removeValue(forKey: Self.key(of: clause)) else { return }
    forgotten += Int(clauses[Int(place)]) + 1
    clauses[Int(place)] |= Self.forgottenMark
    if forgotten > 1 << 20, forgotten * 2 > clauses.count { compact() }
  }

  /// The bytes that it takes, about.
  public var memory: Int { clauses.count * 4 + watches.count * 48 + clauses.count * 2 }

  // MARK: Adding

  private static let forgottenMark: UInt32 = 1 << 31

  /// Makes room for a literal's variable.
  private mutating func reserve(_ literal: ClauseLiteral) {
    let count = Int(literal.code | 1) + 1
    guard count > values.count else { return }
    values.append(contentsOf: repeatElement(0, count: count - values.count))
    watches.append(contentsOf: repeatElement([], count: count - watches.count))
    trail.append(contentsOf: repeatElement(0, count: count / 2 - trail.count))
  }

  /// Adds a clause to those that hold, with what it says by itself.
  private mutating func add(_ clause: [ClauseLiteral], isForgettable: Bool) {
    let place = clauses.count
    clauses.append(UInt32(clause.count))
    for literal in clause {
      reserve(literal)
      clauses.append(literal.code)
    }
    let end = clauses.count
    // Literals that are not false come first.
    var open = place + 1
    for index in place + 1..<end where values[Int(clauses[index])] >= 0 {
      clauses.swapAt(index, open)
      open += 1
    }
    switch open - (place + 1) {
    case 0: isContradictory = true
    case 1:
      let unit = clauses[place + 1]
      if values[Int(unit)] == 0 { assign(unit) }
      if propagate() { isContradictory = true }
    default:
      watch(Int32(place))
      if isForgettable, clause.count > 2 { places[Self.key(of: clause)] = Int32(place) }
      return
    }
    // What it says is known for good.
    clauses.removeLast(end - place)
  }

  private mutating func watch(_ clause: Int32) {
    let (first, second) = (clauses[Int(clause) + 1], clauses[Int(clause) + 2])
    let place = clauses[Int(clause)] == 2 ? ~clause : clause
    watches[Int(first)].append(Watch(clause: place, other: second))
    watches[Int(second)].append(Watch(clause: place, other: first))
  }

  /// Takes out the forgotten clauses and those that are true whatever else is.
  private mutating func compact() {
    let old = clauses
    clauses.removeAll(keepingCapacity: true)
    for literal in watches.indices { watches[literal].removeAll(keepingCapacity: true) }
    var moved: [Int32: Int32] = [:]
    var place = 0
    while place < old.count {
      let count = Int(old[place] & ~Self.forgottenMark) + 1
      let isTrue = old[place + 1..<place + count].contains { values[Int($0)] > 0 }
      if !isTrue, old[place] & Self.forgottenMark == 0 {
        moved[Int32(place)] = Int32(clauses.count)
        clauses.append(contentsOf: old[place..<place + count])
        watch(Int32(clauses.count - count))
      }
      place += count
    }
    places = places.compactMapValues { moved[$0] }
    forgotten = 0
  }

  /// The same for the same literals, in whatever order; others share it by chance, and then one is forgotten for the
  /// other: less follows, and nothing that should not.
  private static func key(of clause: [ClauseLiteral]) -> UInt64 {
    clause.reduce(UInt64(clause.count)) {
      var word = (UInt64($1.code) &+ 1) &* 0x9E37_79B9_7F4A_7C15
      word = (word ^ word >> 32) &* 0xD6E8_FEB8_6659_FD93
      return $0 &+ (word ^ word >> 29)
    }
  }

  // MARK: Propagation

  private mutating func assign(_ literal: UInt32) {
    values[Int(literal)] = 1
    values[Int(literal ^ 1)] = -1
    trail[assigned] = literal
    assigned += 1
  }

  private mutating func undo(to count: Int) {
    for literal in trail[count..<assigned] {
      values[Int(literal)] = 0
      values[Int(literal ^ 1)] = 0
    }
    assigned = count
    propagated = count
  }

  /// Makes true whatever has to be; whether a clause has no literal left that could be.
  private mutating func propagate() -> Bool {
    Self.propagate(&clauses, &watches, &values, &trail, &assigned, &propagated)
  }

  private static func propagate(
    _ clauses: inout ContiguousArray<UInt32>,
    _ watches: inout ContiguousArray<ContiguousArray<Watch>>,
    _ values: inout ContiguousArray<Int8>, _ trail: inout ContiguousArray<UInt32>,
    _ assigned: inout Int, _ propagated: inout Int
  ) -> Bool {
    // Spans check bounds as arrays do, but not each time whether there are other references.
    var clauses = clauses.mutableSpan
    var watches = watches.mutableSpan
    var values = values.mutableSpan
    var trail = trail.mutableSpan
    while propagated < assigned {
      let literal = trail[propagated] ^ 1
      propagated += 1
      var list: ContiguousArray<Watch> = []
      swap(&list, &watches[Int(literal)])
      let (next, kept, isConflict) = visit(
        literal, &list, &clauses, &watches, &values, &trail, &assigned)
      list.removeSubrange(kept..<next)
      swap(&list, &watches[Int(literal)])
      if isConflict { return true }
    }
    return false
  }

  /// Looks at the clauses of which a literal is watched that became false, until one has none left: of the first `next`
  /// in the list `kept` stay in it.
  @inline(__always)
  private static func visit(
    _ literal: UInt32, _ list: inout ContiguousArray<Watch>, _ clauses: inout MutableSpan<UInt32>,
    _ watches: inout MutableSpan<ContiguousArray<Watch>>, _ values: inout MutableSpan<Int8>,
    _ trail: inout MutableSpan<UInt32>, _ assigned: inout Int
  ) -> (next: Int, kept: Int, isConflict: Bool) {
    var list = list.mutableSpan
    var (next, kept) = (0, 0)
    while next < list.count {
      let watch = list[next]
      next += 1
      list[kept] = watch
      if values[Int(watch.other)] > 0 {
        kept += 1
        continue
      }
      var unit = watch.other
      if watch.clause >= 0 {
        let place = Int(watch.clause)
        let count = clauses[place]
        if count & forgottenMark != 0 { continue }
        // The other watched literal comes first.
        if clauses[place + 1] == literal { clauses.swapAt(place + 1, place + 2) }
        unit = clauses[place + 1]
        list[kept].other = unit
        if values[Int(unit)] > 0 {
          kept += 1
          continue
        }
        // Another one to be watched, if not all but the first are false.
        var index = place + 2
        let end = place + 1 + Int(count)
        while index < end, values[Int(clauses[index])] < 0 { index += 1 }
        if index < end {
          clauses.swapAt(place + 2, index)
          watches[Int(clauses[place + 2])].append(list[kept])
          continue
        }
      }
      kept += 1
      if values[Int(unit)] < 0 { return (next, kept, true) }
      values[Int(unit)] = 1
      values[Int(unit ^ 1)] = -1
      trail[assigned] = unit
      assigned += 1
    }
    return (next, kept, false)
  }
}
