/// A job in the words of `native.h`, and what is needed to read its reply.
public struct NativeJob: Sendable {
  let words: [UInt64]
  let states: [UInt64]
  let replyWordCount: Int
  let outcomesWordCount: Int
  let returnedByteCounts: [Int]

  /// The words before a reply's outcomes.
  static let replyHeader = 2

  /// Encodes a job. `scratch` is an address and a number of bytes (a multiple of 8); if
  /// `returnsRegions`, the reply has the writable regions' final contents.
  init(
    isa: NativeISA, entry: UInt64, regions: [NativeRegion], landings: [UInt64], vectors: Bool,
    scratch: (address: UInt64, byteCount: Int), states: [UInt64], returnsRegions: Bool
  ) {
    let stride =
      isa.generalWordCount + (vectors ? isa.vectorWordCount : 0) + scratch.byteCount / 8
    precondition(scratch.byteCount % 8 == 0, "\(scratch.byteCount) bytes of scratch")
    precondition(states.count % stride == 0, "\(states.count) words, \(stride) a state")
    let count = states.count / stride
    var words: [UInt64] = []
    words += [
      entry, (vectors ? 1 : 0) | (returnsRegions ? 2 : 0), scratch.address,
      UInt64(scratch.byteCount), UInt64(count), UInt64(regions.count), UInt64(landings.count),
    ]
    for region in regions {
      let access: UInt64 = (region.isWritable ? 1 : 0) | (region.isExecutable ? 2 : 0)
      words += [region.address, UInt64(region.bytes.count), access]
      words += Self.words(of: region.bytes)
    }
    words += landings
    self.words = words
    self.states = states
    outcomesWordCount = count * (NativeOutcomes.endingWordCount + stride)
    returnedByteCounts =
      returnsRegions ? regions.filter(\.isWritable).map(\.bytes.count) : []
    replyWordCount = returnedByteCounts.reduce(Self.replyHeader + outcomesWordCount) {
      $0 + ($1 + 7) / 8
    }
  }

  /// The outcomes' words of a reply.
  func outcomes(in reply: [UInt64]) throws(NativeError) -> ArraySlice<UInt64> {
    guard reply.count == replyWordCount else { throw .runnerFailed }
    switch reply[0] {
    case 0: break
    case 1: throw .cannotMap(address: reply[1])
    case 2: throw .landingOverlaps(address: reply[1])
    case 3: throw .noRoomForHarness
    default: throw .runnerFailed
    }
    return reply[Self.replyHeader..<Self.replyHeader + outcomesWordCount]
  }

  /// The returned regions' bytes of a reply.
  func regions(in reply: [UInt64]) -> [[UInt8]] {
    var position = Self.replyHeader + outcomesWordCount
    return returnedByteCounts.map { count in
      let words = reply[position..<position + (count + 7) / 8]
      position += words.count
      return words.withUnsafeBytes { Array($0.prefix(count)) }
    }
  }

  /// The bytes as little-endian words, padded with zeros.
  private static func words(of bytes: [UInt8]) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: (bytes.count + 7) / 8)
    words.withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
    return words
  }
}
