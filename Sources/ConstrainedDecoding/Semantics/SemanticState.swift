/// What is known of the machine on every way to a place in the code.
struct Knowledge: Hashable, Sendable {
  /// The parts of registers and the flags that have a value.
  var defined: PartSet
  /// By cell, for those of 64 bits.
  var values: [KnownValue]
  var frame: FrameContents

  /// What is known where ways meet.
  func meet(_ other: Knowledge) -> Knowledge {
    if self == other { return self }
    return Knowledge(
      defined: defined.intersection(other.defined),
      values: zip(values, other.values).map { $0.join($1) },
      frame: frame.meet(other.frame))
  }

  /// Whether all that this one says is said by another as well.
  func isMet(by other: Knowledge) -> Bool {
    defined.isSubset(of: other.defined)
      && zip(values, other.values).allSatisfy { $0.isMet(by: $1) }
      && frame.isMet(by: other.frame)
  }
}

/// What a matcher knows at a boundary between instructions, besides what the automaton and the budgets
/// say. A value that is shared: it never changes.
final class SemanticState: Sendable {
  /// A place that branches go to: how many bytes from here, and what is known on the ways there.
  struct Place: Hashable, Sendable {
    var distance: Int
    var knowledge: Knowledge
  }

  /// An earlier boundary that a branch may go to.
  struct Boundary: Hashable, Sendable {
    /// How many bytes before.
    var distance: Int
    /// Shared by all states after it.
    private let content: Content

    init(distance: Int, knowledge: Knowledge, pending: [Place]) {
      self.distance = distance
      content = Content(knowledge, pending, nil)
    }

    private init(distance: Int, _ content: Content) {
      self.distance = distance
      self.content = content
    }

    var knowledge: Knowledge { content.knowledge }
    /// The later places that branches go to, as they were there.
    var pending: [Place] { content.pending }
    /// What the instruction does that begins there; nil for the one that comes next.
    var effect: InstructionEffect? { content.effect }

    /// The boundary with what the instruction there does.
    func followed(by effect: InstructionEffect) -> Boundary {
      Boundary(distance: distance, Content(knowledge, pending, effect))
    }

    static func == (left: Self, right: Self) -> Bool {
      left.distance == right.distance && left.content == right.content
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(distance)
      hasher.combine(content.hash)
    }

    private final class Content: Sendable {
      let knowledge: Knowledge
      let pending: [Place]
      let effect: InstructionEffect?
      /// A hash of what the instruction does, which is asked for in every later state.
      let hash: Int

      init(_ knowledge: Knowledge, _ pending: [Place], _ effect: InstructionEffect?) {
        self.knowledge = knowledge
        self.pending = pending
        self.effect = effect
        hash = effect?.hashValue ?? 0
      }

      static func == (left: Content, right: Content) -> Bool {
        left === right
          || left.hash == right.hash && left.knowledge == right.knowledge
            && left.pending == right.pending && left.effect == right.effect
      }
    }
  }

  let knowledge: Knowledge
  /// Later places that a branch goes to, the nearest first.
  let pending: [Place]
  /// Earlier boundaries that a branch may go to, the last first.
  let past: [Boundary]
  /// Whether a return came before.
  let hasReturned: Bool
  /// Whether only the end may follow.
  let isEnded: Bool
  /// Whether the code may end here.
  let mayEnd: Bool
  /// The instructions and bytes that are known to complete the code.
  let closing: Cost
  /// What of `closing` brings back registers and the stack and returns, whatever has a value.
  let tail: Cost
  /// The parts that have a value on all ways to later places that a branch goes to.
  let definedLater: PartSet
  /// The first of those instructions, as in `Position.plan`; 1 where there is none.
  let next: UInt128
  private let hash: Int
  /// Its own among the states of a decoder; equal states may have different ones.
  let number: UInt64

  init(
    _ knowledge: Knowledge, pending: [Place] = [], past: [Boundary] = [], hasReturned: Bool = false,
    isEnded: Bool = false, mayEnd: Bool, ending: Closers.Ending, number: UInt64 = 0
  ) {
    self.hasReturned = hasReturned
    self.number = number
    next = ending.first.bytes.reversed().begun
    closing = ending.cost
    tail = ending.tail
    definedLater = pending.reduce(into: .all) { $0 = $0.intersection($1.knowledge.defined) }
    self.knowledge = knowledge
    self.pending = pending
    self.past = past
    self.isEnded = isEnded
    self.mayEnd = mayEnd
    var hasher = Hasher()
    hasher.combine(knowledge)
    hasher.combine(pending)
    hasher.combine(past)
    hasher.combine(hasReturned)
    hasher.combine(isEnded)
    hash = hasher.finalize()
  }
}

extension SemanticState: Hashable {
  static func == (left: SemanticState, right: SemanticState) -> Bool {
    left === right
      || left.hash == right.hash && left.isEnded == right.isEnded && left.mayEnd == right.mayEnd
        && left.hasReturned == right.hasReturned
        && left.closing == right.closing && left.knowledge == right.knowledge
        && left.pending == right.pending && left.past == right.past
  }

  func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

/// Room in the code.
struct Cost: Hashable, Sendable {
  var instructions = 0
  var bytes = 0

  static func + (left: Cost, right: Cost) -> Cost {
    Cost(instructions: left.instructions + right.instructions, bytes: left.bytes + right.bytes)
  }

  static func - (left: Cost, right: Cost) -> Cost {
    Cost(instructions: left.instructions - right.instructions, bytes: left.bytes - right.bytes)
  }
}
