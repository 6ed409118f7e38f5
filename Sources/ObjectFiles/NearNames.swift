/// Finds names that a mistyped one may have meant.
enum NearNames {
  /// The most candidates that are compared, and the longest name.
  static let candidateLimit = 20_000
  private static let lengthLimit = 100

  /// At most five of `candidates`, the nearest first: those that contain `name` or that few
  /// changes of a letter make equal to it.
  static func of(_ name: [UInt8], among candidates: [[UInt8]]) -> [[UInt8]] {
    guard (1...lengthLimit).contains(name.count) else { return [] }
    let wanted = lowercased(name)
    let allowed = max(1, min(3, (name.count + 1) / 3))
    var found: [(distance: Int, name: [UInt8])] = []
    for candidate in candidates.prefix(candidateLimit)
    where (1...lengthLimit).contains(candidate.count) {
      let other = lowercased(candidate)
      if abs(other.count - wanted.count) <= allowed {
        let distance = editDistance(wanted, other)
        if distance <= allowed { found.append((distance, candidate)) }
      } else if wanted.count >= 3, contains(other, wanted) {
        found.append((allowed + 1, candidate))
      }
    }
    found.sort { ($0.distance, $0.name.count) < ($1.distance, $1.name.count) }
    return found.prefix(5).map { $0.name }
  }

  /// The number of insertions, deletions and replacements between two names.
  private static func editDistance(_ one: [UInt8], _ other: [UInt8]) -> Int {
    var row = Array(0...other.count)
    for (i, letter) in one.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, candidate) in other.enumerated() {
        let replaced = diagonal + (letter == candidate ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[other.count]
  }

  private static func contains(_ name: [UInt8], _ part: [UInt8]) -> Bool {
    guard part.count <= name.count else { return false }
    return (0...name.count - part.count).contains { name[$0...].starts(with: part) }
  }

  private static func lowercased(_ name: [UInt8]) -> [UInt8] {
    name.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }
}
