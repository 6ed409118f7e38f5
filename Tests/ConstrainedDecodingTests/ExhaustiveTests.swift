import ARM64Model
import ConstrainedDecoding
import MachineModel
import Testing
import X86Model

/// Every short code there is: what is accepted is what decodes.
@Suite(.enabled(if: Scale.isFull, "takes minutes: DECODING=all")) struct ExhaustiveTests {
  /// The lowest bytes whose words are all compared: Rd and the low bits of Rn at their ends and alike.
  private static let lowest: [UInt8] = [0x00, 0x1F, 0x21, 0xFF]

  /// All words with some lowest bytes, 2^24 for each.
  @Test func allWordsOfARM64() throws {
    let start = try decoder(everything("arm64")).matcher()
    var row = [Int32](repeating: 0, count: start.decoder.vocabulary.maskWords)
    var (comparisons, wrong) = (0, 0)
    for first in Self.lowest.map({ Int($0) }) {
      var one = start
      let isFirst = one.accept(token: first)
      for second in 0...255 {
        var two = one
        let isSecond = isFirst && two.accept(token: second)
        for third in 0...255 {
          var three = two
          if isSecond, three.accept(token: third) {
            three.fillNextTokenBitmask(into: &row)
          } else {
            for word in row.indices { row[word] = 0 }
          }
          for last in 0...255 {
            let code = [UInt8(first), UInt8(second), UInt8(third), UInt8(last)]
            let isRead = (try? ARM64().decode(code[...], at: 0)) != nil
            if isRead != (row[last >> 5] >> Int32(last & 31) & 1 == 1) { wrong += 1 }
          }
          comparisons += 256
        }
      }
    }
    #expect(wrong == 0)
    try EvidencePage.note(
      "all words with \(Self.lowest.count) lowest bytes, against the decoder", "arm64",
      compared: comparisons, wrong: wrong)
  }

  /// All beginnings of three bytes: with zeros and with ones after them, what decodes is accepted, up
  /// to its end; what is refused does not decode.
  @Test func allBeginningsOfX86() throws {
    let start = try decoder(everything("x86-64")).matcher()
    var (comparisons, wrong) = (0, 0)
    for first in UInt8(0)...255 {
      for second in UInt8(0)...255 {
        for third in UInt8(0)...255 {
          for filling: UInt8 in [0, 0xFF, 0xC0] {
            let code = [first, second, third] + [UInt8](repeating: filling, count: 12)
            let length = (try? X86().decode(code[...], at: 0))?.length
            var matcher = start
            var count = 0
            while count < 15, matcher.accept(token: Int(code[count])) {
              count += 1
              if matcher.isCompleted { break }
            }
            if length != (matcher.isCompleted && count > 0 ? count : nil) { wrong += 1 }
            comparisons += 1
          }
        }
      }
    }
    #expect(wrong == 0)
    try EvidencePage.note(
      "all beginnings of three bytes with three fillings, against the decoder", "x86-64",
      compared: comparisons, wrong: wrong)
  }
}
