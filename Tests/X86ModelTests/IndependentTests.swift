import FoundationEssentials
import Glibc
import MachineModel
import Testing
import X86Model

/// Validity, length and text against an independent disassembler: LLVM's.
@Suite(.enabled(if: access("/usr/bin/llvm-mc", X_OK) == 0))
struct IndependentTests {
  static let address: UInt64 = 0

  @Test func randomInstructionsMeanTheSame() throws {
    var random: any RandomNumberGenerator = SplitMix(5)
    var codes: [[UInt8]] = []
    for form in X86().forms {
      for _ in 0..<20 {
        let instruction = X86().randomInstruction(
          of: form, at: Self.address, using: &random)
        codes.append(try X86().encode(instruction))
      }
    }
    try compare(codes)
  }

  /// `AGREEMENT_CODES` is how many, 100,000 without it.
  @Test func randomBytesMeanTheSame() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["AGREEMENT_CODES"].flatMap { Int($0) } ?? 100_000
    for start in stride(from: 0, to: count, by: 100_000) {
      try compare(randomCodes(min(100_000, count - start), seed: 9 + UInt64(start)))
    }
  }

  private func randomCodes(_ count: Int, seed: UInt64) -> [[UInt8]] {
    var random: any RandomNumberGenerator = SplitMix(seed)
    var codes: [[UInt8]] = []
    let forms = X86().forms
    while codes.count < count {
      let form = forms[Int.random(in: 0..<forms.count, using: &random)]
      let instruction = X86().randomInstruction(of: form, at: Self.address, using: &random)
      guard var code = try? X86().encode(instruction) else { continue }
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        let place = Int.random(in: 0..<min(code.count, 4), using: &random)
        code[place] = UInt8.random(in: 0...255, using: &random)
      }
      if Int.random(in: 0..<4, using: &random) == 0 {
        let prefix: [UInt8] = [0x66, 0xF2, 0xF3, 0x67, 0x48, 0x41, 0x44, 0x40, 0x2E, 0xF0]
        code.insert(prefix[Int.random(in: 0..<prefix.count, using: &random)], at: 0)
      }
      while code.count < 15 { code.append(UInt8.random(in: 0...255, using: &random)) }
      codes.append(Array(code.prefix(15)))
    }
    return codes
  }

  /// `AGREEMENT_X86` names files with the contents of `.text` sections, between commas.
  private static let texts =
    ProcessInfo.processInfo.environment["AGREEMENT_X86"]?.split(separator: ",").map(String.init)

  @Test(.enabled(if: texts != nil, "needs AGREEMENT_X86: see make agreement"))
  func librariesMeanTheSame() throws {
    for path in Self.texts ?? [] {
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      let codes = sweep(bytes)
      #expect(codes.count > 10_000, "\(path): \(codes.count) different codes")
      for start in stride(from: 0, to: codes.count, by: 100_000) {
        try compare(Array(codes[start..<min(start + 100_000, codes.count)]))
      }
    }
  }

  /// The different codes that a linear sweep meets, 15 bytes each where we read none.
  private func sweep(_ bytes: [UInt8]) -> [[UInt8]] {
    var codes: Set<[UInt8]> = []
    var start = 0
    while start + 15 <= bytes.count {
      let code = Array(bytes[start..<start + 15])
      let length = (try? X86().decode(code[...], at: Self.address))?.length
      codes.insert(Array(code.prefix(length ?? 15)))
      start += length ?? 1
    }
    return codes.sorted { $0.lexicographicallyPrecedes($1) }
  }

  // MARK: Running LLVM

  private struct Reading {
    var lines: [String] = []
    /// Whether LLVM refuses the first byte already.
    var isInvalid = false
    /// Whether LLVM refuses anything.
    var hasWarning = false

    /// Takes away the 15 no-ops that follow each code, so that LLVM is in step again after a code
    /// that it reads as longer than it is.
    mutating func takeNoOperations() {
      let count = lines.reversed().prefix { $0 == "nop" }.count
      if count < 15 { hasWarning = true }
      lines.removeLast(min(15, count))
    }
  }

  private func compare(_ codes: [[UInt8]]) throws {
    let instructions = codes.map { try? X86().decode($0[...], at: Self.address) }
    let given = zip(codes, instructions).map { code, instruction in
      instruction.map { Array(code.prefix($0.length)) } ?? code
    }
    let readings = try llvm(given)
    var differences: [String: [String]] = [:]
    for index in codes.indices {
      guard
        let (kind, text) = difference(given[index], instructions[index], readings[index])
      else { continue }
      differences[kind, default: []].append(text)
    }
    for (kind, texts) in differences.sorted(by: { $0.key < $1.key }) {
      Issue.record("\(kind) (\(texts.count)): \(texts.prefix(12).joined(separator: " | "))")
    }
  }

  private func difference(
    _ code: [UInt8], _ instruction: Instruction?, _ reading: Reading
  ) -> (String, String)? {
    guard let instruction else {
      guard !reading.isInvalid, failure(hexText(code)) == .invalid,
        !Rules.mayBeInvalid(code, reading.lines)
      else { return nil }
      return ("we: invalid", "\(hexText(code)) \(reading.lines.first ?? "")")
    }
    let ours = X86().text(of: instruction)
    if Rules.llvmLacks(instruction, code) { return nil }
    if reading.hasWarning { return ("llvm: invalid", "\(hexText(code)) \(ours)") }
    let theirs = Rules.normalized(reading.lines, instruction)
    if theirs == Rules.normalized(ours) { return nil }
    return ("texts", "\(hexText(code)) \(Rules.normalized(ours)) ≠ \(theirs)")
  }

  /// What LLVM makes of each code, one line of its input each with a marker after it.
  private func llvm(_ codes: [[UInt8]]) throws -> [Reading] {
    let folder = FileManager.default.temporaryDirectory.path
    let path = "\(folder)/x86-\(UUID().uuidString)"
    defer {
      for suffix in ["", ".out", ".err"] { unlink(path + suffix) }
    }
    var input = ""
    for (index, code) in codes.enumerated() {
      input += code.map { "0x" + String($0, radix: 16) }.joined(separator: ",") + "\n"
      let marker = UInt64(Rules.marker + index)
      input +=
        String(repeating: "0x90,", count: 15) + "0x49,0xbf,"
        + (0..<8).map { "0x" + String(marker >> UInt64(8 * $0) & 255, radix: 16) }
        .joined(separator: ",") + "\n"
    }
    try input.write(toFile: path, atomically: false, encoding: .utf8)
    let command =
      "llvm-mc -disassemble -triple=x86_64 -mattr=+bmi,+bmi2,+adx,+crc32,+lzcnt,+popcnt,+movbe,"
      + "+sse4.2,+avx2,+avx512f,+avx512bw,+avx512dq,+avx512vl "
      + "--output-asm-variant=1 \(path) >\(path).out 2>\(path).err"
    guard let pipe = popen(command, "r") else { throw CocoaError(.fileReadUnknown) }
    pclose(pipe)
    return readings(
      try String(contentsOfFile: path + ".out", encoding: .utf8),
      try String(contentsOfFile: path + ".err", encoding: .utf8), count: codes.count)
  }

  private func readings(_ output: String, _ errors: String, count: Int) -> [Reading] {
    var result = [Reading](repeating: Reading(), count: count)
    var index = 0
    for line in output.split(separator: "\n").dropFirst() where index < count {
      // After the instruction LLVM says what a shuffle does.
      let code = line.prefix { $0 != "#" }
      let text = code.split { $0 == "\t" || $0 == " " }.joined(separator: " ")
      if text == "movabs r15, \(Rules.marker + index)" {
        result[index].takeNoOperations()
        index += 1
      } else {
        result[index].lines.append(text)
      }
    }
    for line in errors.split(separator: "\n") where line.contains("invalid instruction") {
      let parts = line.split(separator: ":")
      if parts.count > 2, let number = Int(parts[1]), number % 2 == 1 {
        result[number / 2].hasWarning = true
        if parts[2] == "1" { result[number / 2].isInvalid = true }
      }
    }
    return result
  }
}

/// Why LLVM's reading may differ from ours, rule by rule.
enum Rules {
  static let marker = 0x5AFE_0000_0000_0000

  /// Instructions that LLVM 14 does not know or reads differently.
  static func llvmLacks(_ instruction: Instruction, _ code: [UInt8]) -> Bool {
    let prefixes = code.prefix { prefixBytes.contains($0) }
    let hasRepeat = prefixes.contains(0xF2) || prefixes.contains(0xF3)
    // With 67 LLVM does not see VEX or EVEX.
    let first = code.dropFirst(prefixes.count).first
    if prefixes.contains(0x67), first == 0xC4 || first == 0xC5 || first == 0x62 { return true }
    switch instruction.form.mnemonic {
    // Hints 0F 18 to 0F 1E are no-ops by the manual; LLVM decodes 0F 1F only.
    case "nop", "prefetch", "prefetchw", "prefetchnta", "prefetcht0", "prefetcht1", "prefetcht2":
      return true
    // The manual's source of the 16-bit form has 16 bits, LLVM's has 32.
    case "movsxd" where instruction.form.syntax.contains("r16"): return true
    // With REX.W LLVM forgets 67.
    case "jecxz": return code.contains { $0 & 0xF8 == 0x48 }
    // With REX.W LLVM takes it for an exchange of rax with itself.
    // With 66 or 67 it knows no pause.
    case "pause":
      return code.contains { $0 & 0xF8 == 0x48 } || prefixes.contains(0x66)
        || prefixes.contains(0x67)
    // After F2 or F3 LLVM forgets 67 and 66, which still sets the operand size; before REX.W it does not
    // always forget it, as the processor does.
    default:
      let isWide = instruction.form.encoding.hasPrefix("REX.W")
      return (hasRepeat || isWide) && prefixes.contains(0x66)
        || hasRepeat && prefixes.contains(0x67)
    }
  }

  private static let prefixBytes: Set<UInt8> = [
    0x66, 0x67, 0xF2, 0xF3, 0xF0, 0x2E, 0x36, 0x3E, 0x26, 0x64, 0x65,
  ]

  /// What the manual reserves and LLVM decodes nevertheless.
  static func mayBeInvalid(_ code: [UInt8], _ lines: [String]) -> Bool {
    // LLVM prints LOCK as an instruction of its own, legal or not, and takes more than 15 bytes.
    if code.contains(0xF0) { return true }
    // A prefix alone on a line: what follows is invalid for LLVM, too.
    let alone = ["addr32", "data16", "es", "cs", "ds", "ss", "fs", "gs", "rep", "repne", "rex64"]
    if let first = lines.first,
      first.split(separator: " ").allSatisfy({ alone.contains(String($0)) })
    {
      return true
    }
    // 66, F2, F3 and REX before VEX and EVEX raise #UD by the manual.
    let rest = code.drop { prefixBytes.contains($0) || $0 & 0xF0 == 0x40 }
    return rest.first == 0xC4 || rest.first == 0xC5 || rest.first == 0x62
  }

  /// The words that LLVM prints for prefixes which have no effect.
  private static let idlePrefixes = [
    "rep ", "repne ", "data16 ", "cs ", "ds ", "es ", "ss ", "rex64 ", "notrack ", "bnd ",
    "xacquire ", "xrelease ", "repe ",
  ]
  /// Where LLVM has one name for two operand or address sizes, and we have two.
  private static let names = [
    "pushw": "push", "leavew": "leave", "loopd": "loop", "looped": "loope",
    "loopned": "loopne", "xlatbd": "xlatb", "movabs": "mov", "enterw": "enter",
  ]

  /// One spelling of both texts.
  static func normalized(_ text: String) -> String {
    var text = text
    for prefix in idlePrefixes { text = text.replacing("lock " + prefix, with: "lock ") }
    for prefix in idlePrefixes where text.hasPrefix(prefix) {
      return normalized(String(text.dropFirst(prefix.count)))
    }
    // Segments without effect; the index that is none; a shift by one.
    for segment in ["cs:", "ds:", "es:", "ss:"] { text = text.replacing(segment, with: "") }
    // We mark an index without a base, which LLVM prints like a base.
    text = text.replacing("[1*", with: "[")
    for scale in ["", "2*", "4*", "8*"] {
      for none in ["riz", "eiz"] {
        text = text.replacing(" + \(scale)\(none)", with: "")
        text = text.replacing("[\(scale)\(none)]", with: "[0]")
        text = text.replacing("[\(scale)\(none) + ", with: "[")
        text = text.replacing("[\(scale)\(none) - ", with: "[-")
      }
    }
    if let string = string(text) { return string }
    let mnemonic = text.prefix { $0 != " " }
    let rest = text.dropFirst(mnemonic.count + 1)
    var operands = rest.split(separator: ",").map { $0.trimming(" ") }
    let name = names[String(mnemonic)] ?? String(mnemonic)
    // The order of operands that does not matter.
    let isNumber = operands.last.map { Int($0) != nil } ?? false
    if name == "xchg" || name == "test", !isNumber { operands.sort() }
    if ["shl", "shr", "sar", "rol", "ror", "rcl", "rcr"].contains(name), operands.last == "1" {
      operands.removeLast()
    }
    return name + " " + operands.joined(separator: ", ")
  }

  /// A string instruction: LLVM writes the operands out, we name 32-bit addresses in a word.
  private static func string(_ text: String) -> String? {
    let isNarrow = text.hasPrefix("addr32 ") || text.contains("[e")
    let words = text.split(separator: " ").drop { $0 == "addr32" }
    guard let name = words.first,
      ["movs", "cmps", "stos", "lods", "scas"].contains(String(name.dropLast())),
      words.dropFirst().allSatisfy({ !$0.contains("mm") })
    else { return nil }
    return (isNarrow ? "addr32 " : "") + name
  }

  /// LLVM names the comparisons of `vpcmpd` and its kind; here their number comes last.
  private static func numbered(_ text: String, _ mnemonic: String) -> String {
    guard mnemonic.hasPrefix("vpcmp") else { return text }
    let suffix = mnemonic.dropFirst(5)
    for (number, name) in ["eq", "lt", "le", "", "neq", "nlt", "nle"].enumerated() {
      let named = "vpcmp\(name)\(suffix) "
      guard !name.isEmpty, text.hasPrefix(named) else { continue }
      return "\(mnemonic) \(text.dropFirst(named.count)), \(number)"
    }
    return text
  }

  /// LLVM prints branch targets as offsets and some immediates unsigned.
  static func normalized(_ lines: [String], _ instruction: Instruction) -> String {
    var text = numbered(normalized(lines.joined(separator: " ")), instruction.form.mnemonic)
    for operand in instruction.operands {
      switch operand {
      case .immediate(let value):
        for own in [", ", " "] where text.hasSuffix(own + value.decimal) {
          text = text.dropLast(value.decimal.count) + value.signedDecimal
        }
      case .target(let target):
        let offset = Int64(bitPattern: target &- instruction.end)
        if text.hasSuffix(" \(offset)") {
          text = text.dropLast(String(offset).count) + "0x" + String(target, radix: 16)
        }
      case .memory(let memory) where memory.addressWidth == 32 && memory.base == nil:
        // An absolute address of 32 bits, which LLVM prints sign-extended.
        let signed = "[\(Int32(truncatingIfNeeded: memory.displacement))]"
        let unsigned = "[\(UInt32(truncatingIfNeeded: memory.displacement))]"
        if memory.index == nil, !memory.isRelative {
          text = text.replacing(signed, with: unsigned)
        }
      default: break
      }
    }
    return text
  }
}

extension Substring {
  /// Without spaces at both ends.
  func trimming(_ character: Character) -> String {
    var result = drop { $0 == character }
    while result.last == character { result.removeLast() }
    return String(result)
  }
}
