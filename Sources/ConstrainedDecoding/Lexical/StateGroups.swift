/// States that masks are told from, to find one near to any other: by how far they are from the start, and by
/// where the commonest beginnings of tokens lead.
struct StateGroups: Sendable {
  private let text: TextAutomaton
  /// By state of the code: how far it is from the start.
  private let depths: [UInt8]
  /// The commonest first bytes of tokens, and how common they are.
  private let beginnings: [UInt8]
  private let weights: [UInt8]
  /// By that distance, and whether a space has to follow.
  private var groups = [Group](repeating: Group(), count: 512)
  /// The state that was chosen first.
  private var first = CodeAutomaton.dead

  /// States, and for each as many numbers as there are beginnings, which differ where these lead to
  /// different states, for the most part.
  private struct Group {
    private(set) var states: [Int32] = []
    private(set) var signatures: [UInt8] = []
    /// In how many tokens states differed whose signatures had a distance of one.
    private(set) var tokensByDistance = 8.0
    private var sums = (tokens: 8.0, distance: 1.0)

    mutating func add(
      _ state: Int32, _ signature: ArraySlice<UInt8>, tokens: Int, distance: Int
    ) {
      states.append(state)
      signatures += signature
      guard distance > 0 else { return }
      sums = (sums.tokens + Double(tokens), sums.distance + Double(distance))
      tokensByDistance = sums.tokens / sums.distance
    }
  }

  /// States that save less, in tokens, are not chosen.
  private static let cheap = 32.0
  /// As many beginnings are looked at.
  private static let width = 128

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
    beginnings = order.prefix(StateGroups.width).map { UInt8($0) }
    let most = Swift.max(1, counts.max() ?? 1)
    weights = beginnings.map { UInt8(1 + counts[Int($0)] * 254 / most) }
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
        for target in code.targets(state) where target >= 0 && !seen[Int(target)] {
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

  /// Where the beginnings lead to from a state, as small numbers.
  private func signature(_ state: Int32) -> [UInt8] {
    let state = text.codeState(state)
    return beginnings.map { beginning in
      let reached = text.code.step(state, beginning)
      return reached < 0 ? 0 : UInt8(truncatingIfNeeded: reached &* 0x9E37 >> 8) | 1
    }
  }

  // MARK: Near states

  /// A chosen state that most tokens lead to the same states from as from `state`.
  func nearest(to state: Int32) -> Int32 {
    let group = groups[group(state)]
    let signature = signature(state)
    var best = (state: first, distance: Int.max)
    for (place, member) in group.states.enumerated() {
      let distance = distance(signature, 0, group.signatures, place * beginnings.count)
      if distance < best.distance { best = (member, distance) }
    }
    return best.state
  }

  /// The weights of the beginnings that lead to different states, of signatures that begin at places.
  private func distance(
    _ left: [UInt8], _ leftPlace: Int, _ right: [UInt8], _ rightPlace: Int
  ) -> Int {
    weights.withUnsafeBufferPointer { weights in
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          let count = weights.count
          let left = UnsafeBufferPointer(rebasing: left[leftPlace..<leftPlace + count])
          let right = UnsafeBufferPointer(rebasing: right[rightPlace..<rightPlace + count])
          var result: UInt16 = 0
          for place in 0..<count {
            result &+= left[place] == right[place] ? 0 : UInt16(weights[place])
          }
          return Int(result)
        }
      }
    }
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
    let signatures = candidates.flatMap { signature($0.state) }
    let width = beginnings.count
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
        chosen.state, signatures[best * width..<(best + 1) * width],
        tokens: tokens, distance: chosen.source == nil ? 0 : chosen.distance)
      candidates[best].distance = 0
      for place in candidates.indices where candidates[place].group == chosen.group {
        let distance = distance(signatures, best * width, signatures, place * width)
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
    depths.count + groups.reduce(0) { $0 + $1.states.count * 4 + $1.signatures.count }
  }
}
