/// States that masks are told from, to find one near to any other: by how far they are from the start, and by
/// where the commonest beginnings of tokens lead.
struct StateGroups: Sendable {
  private let text: TextAutomaton
  /// By state of the code: how far it is from the start.
  private let depths: [UInt8]
  /// The commonest first bytes of tokens, and how common they are.
  private let beginnings: [UInt8]
  private let weights: Signature
  /// By that distance, and whether a space has to follow.
  private var groups = [Group](repeating: Group(), count: 512)
  /// The state that was chosen first.
  private var first = CodeAutomaton.dead

  /// For each beginning a number; they differ where it leads to different states, for the most part.
  private struct Signature {
    static let width = 64

    private var parts = (
      SIMD16<UInt8>(), SIMD16<UInt8>(), SIMD16<UInt8>(), SIMD16<UInt8>()
    )

    init(_ numbers: [UInt8]) {
      func part(_ number: Int) -> SIMD16<UInt8> {
        SIMD16(numbers[16 * number..<16 * number + 16])
      }
      parts = (part(0), part(1), part(2), part(3))
    }

    /// The sum of the weights, of at most 63 each, where it differs from another.
    @inline(__always)
    func distance(_ other: Signature, _ weights: Signature) -> Int {
      var sums = weights.parts.0.replacing(with: 0, where: parts.0 .== other.parts.0)
      sums &+= weights.parts.1.replacing(with: 0, where: parts.1 .== other.parts.1)
      sums &+= weights.parts.2.replacing(with: 0, where: parts.2 .== other.parts.2)
      sums &+= weights.parts.3.replacing(with: 0, where: parts.3 .== other.parts.3)
      let low = unsafeBitCast(sums, to: SIMD8<UInt16>.self) & 0xFF
      let high = unsafeBitCast(sums, to: SIMD8<UInt16>.self) &>> 8
      let pairs = low &+ high
      return (0..<8).reduce(0) { $0 &+ Int(pairs[$1]) }
    }
  }

  /// States and their signatures.
  private struct Group {
    private(set) var states: [Int32] = []
    private(set) var signatures: [Signature] = []
    /// In how many tokens states differed whose signatures had a distance of one.
    private(set) var tokensByDistance = 8.0
    private var sums = (tokens: 8.0, distance: 1.0)

    mutating func add(
      _ state: Int32, _ signature: Signature, tokens: Int, distance: Int
    ) {
      states.append(state)
      signatures.append(signature)
      guard distance > 0 else { return }
      sums = (sums.tokens + Double(tokens), sums.distance + Double(distance))
      tokensByDistance = sums.tokens / sums.distance
    }
  }

  /// States that save less, in tokens, are not chosen.
  private static let cheap = 32.0

  init(_ text: TextAutomaton, _ texts: TokenTexts) {
    self.text = text
    depths = StateGroups.depths(text.code)
    var counts = [Int](repeating: 0, count: 256)
    for token in 0..<texts.count {
      let symbols = texts[token].drop { $0 == Spelling.space }.prefix(2)
      guard let first = symbols.first, let last = symbols.last, last < Spelling.space else {
        continue
      }
      counts[Int(first << 4 | last)] += 1
    }
    let order = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
    beginnings = order.prefix(Signature.width).map { UInt8($0) }
    let most = Swift.max(1, counts.max() ?? 1)
    weights = Signature(beginnings.map { UInt8(1 + counts[Int($0)] * 62 / most) })
  }

  /// By state: the fewest half bytes to it.
  private static func depths(_ code: CodeAutomaton) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: code.stateCount)
    var seen = [Bool](repeating: false, count: code.stateCount)
    var front = [CodeAutomaton.open]
    (seen[0], seen[1]) = (true, true)
    var depth: UInt8 = 0
    while !front.isEmpty {
      depth += 1
      var next: [Int32] = []
      for state in front {
        for half in UInt8(0)..<16 {
          let target = code.step(state, half: half)
          if target < 0 || seen[Int(target)] { continue }
          seen[Int(target)] = true
          result[Int(target)] = depth
          next.append(target)
        }
      }
      front = next
    }
    return result
  }

  private func group(_ state: Int32) -> Int {
    Int(depths[Int(text.codeState(state))]) << 1 | (state < text.firstWaiting ? 0 : 1)
  }

  /// Where the beginnings lead to from a state.
  private func signature(_ state: Int32) -> Signature {
    let state = text.codeState(state)
    return Signature(
      beginnings.map { beginning in
        let reached = text.code.step(state, beginning)
        return reached < 0 ? 0 : UInt8(truncatingIfNeeded: reached &* 0x9E37 >> 8) | 1
      })
  }

  // MARK: Near states

  /// A chosen state that most tokens lead to the same states from as from `state`, and in about how many tokens they
  /// differ.
  func nearest(to state: Int32) -> (state: Int32, tokens: Double) {
    let group = groups[group(state)]
    let signature = signature(state)
    var (best, least) = (first, Int.max)
    for place in group.signatures.indices {
      let distance = signature.distance(group.signatures[place], weights)
      if distance < least { (best, least) = (group.states[place], distance) }
    }
    return (best, Double(least) * group.tokensByDistance)
  }

  // MARK: Choosing

  /// A chosen state, one chosen before that is near to it, and how often it is visited.
  struct Choice {
    let state: Int32
    let source: Int32?
    let visits: Int
  }

  /// A state that may be chosen.
  private struct Candidate {
    let state: Int32
    let group: Int
    let visits: Int
    /// The chosen state near to it, and how far that is.
    var source: Int32?
    var distance = Int(UInt16.max)
  }

  /// Chooses at most `limit` states, so that visited states are near to chosen ones.
  ///
  /// - Parameter add: takes note of a state and tells in how many tokens it differs from its source.
  mutating func choose(
    among visited: VisitedStates, limit: Int, _ add: (Choice) -> Int
  ) {
    var candidates = visited.states.map {
      Candidate(state: $0.state, group: group($0.state), visits: $0.visits)
    }
    let signatures = candidates.map { signature($0.state) }
    var scores = candidates.map { score($0) }
    for number in 0..<limit {
      var best = 0
      for place in scores.indices where scores[place] > scores[best] { best = place }
      guard best < scores.count, number == 0 || scores[best] > StateGroups.cheap else { break }
      let chosen = candidates[best]
      if number == 0 { first = chosen.state }
      let source = number == 0 ? nil : chosen.source ?? first
      let tokens = add(Choice(state: chosen.state, source: source, visits: chosen.visits))
      groups[chosen.group].add(
        chosen.state, signatures[best], tokens: tokens,
        distance: chosen.source == nil ? 0 : chosen.distance)
      candidates[best].distance = 0
      for place in candidates.indices where candidates[place].group == chosen.group {
        let distance = signatures[best].distance(signatures[place], weights)
        if distance < candidates[place].distance {
          candidates[place].distance = distance
          candidates[place].source = chosen.state
        }
        scores[place] = score(candidates[place])
      }
    }
  }

  /// How many tokens are likely to be told apart when a state is visited.
  private func score(_ candidate: Candidate) -> Double {
    Double(candidate.distance * candidate.visits) * groups[candidate.group].tokensByDistance
  }

  /// The bytes that the tables take.
  var memory: Int {
    depths.count + groups.reduce(0) { $0 + $1.states.count * 68 }
  }
}
