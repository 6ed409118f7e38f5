import ConstrainedDecoding
import MachineModel
import Terms

/// What the decoder says of the beginnings of instructions, asked with what may come after them; it knows
/// no automaton.
///
/// A class for what it remembers.
final class InstructionOracle {
  /// What bytes are.
  enum Reading {
    /// One instruction and nothing else.
    case complete
    /// Less than an instruction, as far as the decoder can tell.
    case open
    case none
  }

  private let architecture: any Architecture
  /// Instructions of every row, in order.
  private let examples: [[UInt8]]
  private var known: [[UInt8]: Bool] = [:]
  /// The bytes of the longest instruction.
  private let longest: Int

  init(_ architecture: any Architecture) {
    self.architecture = architecture
    longest = architecture.name == "arm64" ? 4 : 15
    var random: any RandomNumberGenerator = SplitMix64(seed: 12)
    var examples: [[UInt8]] = []
    for form in architecture.forms {
      for _ in 0..<8 {
        let sample = architecture.randomInstruction(of: form, at: 0, using: &random)
        (try? architecture.encode(sample)).map { examples.append($0) }
      }
    }
    self.examples = examples.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// - Precondition: no part of the bytes that is less than all is an instruction.
  func read(_ bytes: [UInt8]) -> Reading {
    do throws(DecodingError) {
      return try architecture.decode(bytes[...], at: 0).length == bytes.count ? .complete : .none
    } catch {
      return error.kind == .truncated && bytes.count < longest ? .open : .none
    }
  }

  /// Whether an instruction was found that begins with bytes that are open: an example of a row or `witness`,
  /// or one with any two more bytes and zeros.
  func canBegin(_ bytes: [UInt8], witness: () -> [UInt8]?) -> Bool {
    if let known = known[bytes] { return known }
    var found = begins(anExampleWith: bytes)
    if !found, let code = witness() { found = code.starts(with: bytes) && read(code) == .complete }
    found = found || isCompleted(bytes)
    known[bytes] = found
    return found
  }

  private func begins(anExampleWith bytes: [UInt8]) -> Bool {
    var (low, high) = (0, examples.count)
    while low < high {
      let middle = (low + high) / 2
      if examples[middle].lexicographicallyPrecedes(bytes) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low < examples.count && examples[low].starts(with: bytes)
  }

  private func isCompleted(_ bytes: [UInt8]) -> Bool {
    let room = longest - bytes.count
    var code = bytes + [UInt8](repeating: 0, count: room)
    for number in 0..<(room > 1 ? 1 << 16 : 256) {
      code[bytes.count] = UInt8(truncatingIfNeeded: number)
      if room > 1 { code[bytes.count + 1] = UInt8(number >> 8) }
      if (try? architecture.decode(code[...], at: 0)) != nil { return true }
    }
    return false
  }
}
