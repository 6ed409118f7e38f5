import Gate
import Testing

/// Shards are parts of a whole.
@Suite struct ShardTests {
  @Test func everyNameIsInOnePart() throws {
    let shards = try (1...7).map { try #require(Shard("\($0)/7")) }
    var counts = [Int](repeating: 0, count: 7)
    for number in 0..<700 {
      let own = shards.indices.filter { shards[$0].contains("kernel \(number)") }
      try #require(own.count == 1)
      counts[own[0]] += 1
    }
    #expect(counts.allSatisfy { $0 > 50 }, "\(counts)")
  }

  @Test(arguments: ["", "1", "0/2", "3/2", "1/0", "-1/2", "1/2/3", "a/b", "1/", "/2"])
  func otherTextsAreNone(text: String) { #expect(Shard(text) == nil) }
}
