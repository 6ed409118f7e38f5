import ARM64Model
import FoundationEssentials
import MachineModel
import Testing

/// The tables against LLVM's disassembler: which words are instructions, and which ones.
struct DisassemblerTests {
  private static let command =
    "llvm-mc -disassemble -triple=aarch64 -mattr=+v8.5a,+spe,+aes,+sha2,+sha3,+sm4,+mte 2>/dev/null"

  @Test("LLVM agrees on words of each row, and on others near them and anywhere")
  func agreesWithLLVM() throws {
    let words = DisassemblerTests.words(ARM64())
    #expect(words.count > 100_000)
    #expect(try compare(words) > 80_000)
  }

  /// `AGREEMENT_CODES` is how many words.
  @Test(
    .enabled(if: environment["AGREEMENT_CODES"] != nil, "needs AGREEMENT_CODES: see make agreement")
  )
  func agreesOnRandomWords() throws {
    let count = Self.environment["AGREEMENT_CODES"].flatMap { Int($0) } ?? 0
    var random: any RandomNumberGenerator = SplitMix(11)
    for start in stride(from: 0, to: count, by: 100_000) {
      let words = (start..<min(start + 100_000, count)).map { _ in
        UInt32.random(in: 0...UInt32.max, using: &random)
      }
      _ = try compare(words.filter(Self.isNoMarker))
    }
  }

  /// `AGREEMENT_ARM64` names files with the contents of `.text` sections, between commas.
  @Test(
    .enabled(if: environment["AGREEMENT_ARM64"] != nil, "needs AGREEMENT_ARM64: see make agreement")
  )
  func librariesMeanTheSame() throws {
    for path in Self.environment["AGREEMENT_ARM64"]?.split(separator: ",") ?? [] {
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: String(path))))
      let all = stride(from: 0, to: bytes.count - 3, by: 4).map { place in
        (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
      }
      let words = Set(all).filter(Self.isNoMarker).sorted()
      for start in stride(from: 0, to: words.count, by: 100_000) {
        let compared = try compare(Array(words[start..<min(start + 100_000, words.count)]))
        #expect(compared > 0, "\(path)")
      }
    }
  }

  private static var environment: [String: String] { ProcessInfo.processInfo.environment }

  /// The number of words that we read and LLVM reads alike.
  private func compare(_ words: [UInt32]) throws -> Int {
    let arm64 = ARM64()
    let answers = try DisassemblerTests.disassemble(words)
    var compared = 0
    var failures: [String] = []
    for (word, theirs) in zip(words, answers) {
      switch Result(catching: { () throws(DecodingError) in
        try arm64.decode(bytes(word)[...], at: 0)
      }) {
      case .success(let instruction):
        compared += 1
        if let difference = DisassemblerTests.difference(arm64, instruction, theirs) {
          failures.append("\(String(word, radix: 16)): \(difference)")
        }
      case .failure(let error):
        if let theirs, !DisassemblerTests.isExplained(error, word, theirs) {
          failures.append("\(String(word, radix: 16)): \(error.reason), LLVM says \(theirs)")
        }
      }
    }
    #expect(failures.isEmpty, "\(failures.count): \(failures.prefix(20))")
    return compared
  }

  /// How LLVM's text differs from the instruction that we decoded.
  private static func difference(
    _ arm64: ARM64, _ instruction: Instruction, _ theirs: String?
  ) -> String? {
    let ours = arm64.text(of: instruction)
    guard let theirs else { return "\(ours), LLVM says invalid" }
    guard let parsed = try? arm64.parse(theirs, at: 0, labels: [:]) else {
      return "\(ours), cannot read \(theirs)"
    }
    guard parsed.form == instruction.form, parsed.operands == instruction.operands else {
      return "\(ours), LLVM says \(theirs)"
    }
    // Places are absolute addresses in our text and offsets in LLVM's.
    if isRelative(instruction) || ours == theirs { return nil }
    // The manual has BFXIL where the field stays at bit 0, LLVM writes BFC.
    if ours.hasPrefix("bfxil"), theirs.hasPrefix("bfc") { return nil }
    // LLVM writes 14 digits of the constants that are masks of bytes, and 0 without 0x.
    if ours.hasPrefix("movi"), theirs.hasPrefix("movi") { return nil }
    return "\(ours) is printed as \(theirs)"
  }

  private static func isRelative(_ instruction: Instruction) -> Bool {
    instruction.operands.contains { operand in
      if case .memory(let memory) = operand { return memory.isRelative }
      return instruction.target != nil
    }
  }

  /// Words that LLVM takes for instructions and we do not.
  private static func isExplained(_ error: DecodingError, _ word: UInt32, _ theirs: String) -> Bool
  {
    // Instructions of extensions and of tiers to come.
    if error.kind == .unsupported { return true }
    // LLVM prints UNPREDICTABLE encodings, most of them with a warning.
    if error.reason.hasPrefix("UNPREDICTABLE") { return true }
    // Bits that should be one: LLVM ignores Ra of SMULH and UMULH.
    let mnemonic = theirs.prefix { $0 != " " }
    return ["smulh", "umulh"].contains(mnemonic) && word >> 10 & 31 != 31
  }

  /// Instructions of every row, words that differ from a row in a few bits, and any words.
  private static func words(_ arm64: ARM64) -> [UInt32] {
    var random: any RandomNumberGenerator = SplitMix(2)
    var result: [UInt32] = []
    for form in arm64.forms {
      let count = form.family.tier < "A3" ? 200 : 100
      for index in 0..<count {
        let instruction = arm64.randomInstruction(of: form, at: 0, using: &random)
        guard var word = try? word(arm64.encode(instruction)) else { continue }
        result.append(word)
        if index < count * 9 / 10 {
          for _ in 0...Int.random(in: 0...3, using: &random) {
            word ^= 1 << UInt32.random(in: 0...31, using: &random)
          }
          result.append(word)
        }
      }
    }
    for _ in 0..<20_000 { result.append(UInt32.random(in: 0...UInt32.max, using: &random)) }
    return result.filter(isNoMarker)
  }

  /// Whether a word is no `brk`, which marks where the next word begins.
  private static func isNoMarker(_ word: UInt32) -> Bool { word >> 21 != 0b110_1010_0001 }

  /// LLVM's text of each word, nil where it says invalid. A `brk` after each word tells where the
  /// next one begins, which is why there is none among the words.
  private static func disassemble(_ words: [UInt32]) throws -> [String?] {
    var input = ""
    for word in words {
      for word in [word, 0xD420_0000] {
        input += bytes(word).map { "0x" + String($0, radix: 16) }.joined(separator: " ") + "\n"
      }
    }
    var result: [String?] = []
    var pending: String?
    for line in try Process.lines(command, input: input) {
      var text = line.split(separator: "\t").joined(separator: " ")
      if let comment = text.firstIndex(of: "/") {
        text = String(text[..<comment])
        while text.hasSuffix(" ") { text.removeLast() }
      }
      if text == "brk #0" {
        result.append(pending)
        pending = nil
      } else if text != ".text" {
        pending = text
      }
    }
    #expect(result.count == words.count)
    return result
  }
}
