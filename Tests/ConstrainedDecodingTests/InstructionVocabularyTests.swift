import ConstrainedDecoding
import MachineModel
import Terms
import Testing

/// Vocabularies of whole instructions, under the machine's state: synthesizers that choose instructions.
@Suite struct InstructionVocabularyTests {
  /// Instructions of every row with few registers, and what a function needs.
  private static func words(_ isa: String, _ count: Int) throws -> [[UInt8]] {
    let architecture = try #require(architectures.first { $0.name == isa })
    var random: any RandomNumberGenerator = SplitMix64(seed: 3)
    var codes: [[UInt8]] = []
    while codes.count < count {
      let form = architecture.forms[Int.random(in: 0..<architecture.forms.count, using: &random)]
      let instruction = architecture.randomInstruction(of: form, at: 0, using: &random)
      codes.append(try architecture.encode(instruction))
    }
    let lines =
      isa == "x86-64"
      ? "mov eax, edi; neg eax; cmovs eax, edi; mov ecx, [rsi]; mov [rsi + 4], edi; push rbx; pop rbx; nop; ret"
      : "mov w0, w1; neg w0, w0; ldr w3, [x1]; str w0, [x1, #4]; add x0, x0, #1; nop; ret"
    return codes
      + (try lines.split(separator: ";").map { try SemanticsTests.bytes(isa, String($0)) })
  }

  /// Random walks: a mask is what is accepted, and every walk is completed within all budgets.
  @Test(arguments: ["x86-64", "arm64"], ["bytes", "hex"])
  func walksEnd(_ isa: String, _ text: String) throws {
    let codes = try Self.words(isa, 400)
    var constraint = SemanticsTests.constraint(isa)
    constraint.maximumInstructions = 9
    constraint.maximumTokens = 8
    let vocabulary =
      text == "bytes"
      ? TokenVocabulary.instructions(codes)
      : try TokenVocabulary(
        tokens: codes.map {
          Array($0.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined().utf8)
        }
          + [nil], endTokens: [codes.count], alphabet: .hex(.init()))
    let compiled = try decoder(constraint, vocabulary)
    var random: any RandomNumberGenerator = SplitMix64(seed: 8)
    var (longest, wrong) = (0, 0)
    for _ in 0..<Scale.of(3, full: 200) {
      var matcher = compiled.matcher()
      while !matcher.isTerminated {
        let allowed = matcher.allowedTokens()
        let left = 8 - matcher.tokenCount
        #expect(matcher.minimumTokensToComplete <= left)
        for token in codes.indices.shuffled(using: &random).prefix(Scale.of(30, full: 400)) {
          var next = matcher
          if next.accept(token: token) != allowed.contains(token) { wrong += 1 }
        }
        let token = try #require(allowed.randomElement(using: &random), "a dead end")
        let isAccepted = matcher.accept(token: token)
        #expect(isAccepted)
      }
      longest = max(longest, matcher.tokenCount)
      // Undone and done again it is the same.
      let tokens = matcher.tokens
      let isUndone = matcher.rollback(tokens.count)
      #expect(isUndone)
      #expect(matcher.allowedTokens() == compiled.matcher().allowedTokens())
      #expect(matcher.validate(tokens: tokens.map { Int($0) }) == tokens.count)
    }
    #expect(wrong == 0 && longest > 4)
  }

  /// What no token can complete is refused, when it is compiled or when it is asked for.
  @Test(arguments: ["x86-64", "arm64"])
  func whatCannotBeCompletedIsRefused(_ isa: String) throws {
    func code(_ line: String) throws -> [UInt8] { try SemanticsTests.bytes(isa, line) }
    let isX86 = isa == "x86-64"
    let move = try code(isX86 ? "mov eax, edi" : "mov w0, w0")
    let save = try code(isX86 ? "push rbx" : "str x19, [sp, #-16]!")
    let take = try code(isX86 ? "pop rbx" : "ldr x19, [sp], #16")
    let end = try code("ret")
    let constraint = SemanticsTests.constraint(isa)
    #expect(throws: DecoderError.self) {
      try decoder(constraint, .instructions([move, save, take]))
    }
    if isX86 {
      #expect(throws: DecoderError.self) { try decoder(constraint, .instructions([end])) }
    }
    // Nothing takes back what is put aside, or moves the stack pointer back.
    let without = try decoder(constraint, .instructions([move, save, end])).matcher()
    #expect(without.allowedTokens().contains(0) && !without.allowedTokens().contains(1))
    let code = [save, isX86 ? try code("xor ebx, ebx") : try code("mov x19, #0"), take, move, end]
    let vocabulary = TokenVocabulary.instructions(
      code + [
        try self.code(isa, isX86 ? "add rsp, 8" : "add sp, sp, #16"),
        try self.code(isa, isX86 ? "mov rbx, [rsp]" : "ldr x19, [sp]"),
      ])
    var matcher = try decoder(constraint, vocabulary).matcher()
    let taken = (0..<5).map { matcher.accept(token: $0) }
    #expect(taken.allSatisfy { $0 } && matcher.isCompleted)
  }

  private func code(_ isa: String, _ line: String) throws -> [UInt8] {
    try SemanticsTests.bytes(isa, line)
  }

  /// What gives the result a value reads no flag, which may have none after an instruction that passes it on.
  @Test(arguments: [
    ["f5", "0f92c0", "69c700100000", "c3"], ["89f8", "ffc6", "d3c6", "0f92c0", "c3"],
  ])
  func flagsThatArePassedOnAreNoValue(_ texts: [String]) throws {
    let codes = texts.map { text in
      stride(from: 0, to: text.count, by: 2).compactMap {
        UInt8(text.dropFirst($0).prefix(2), radix: 16)
      }
    }
    for bytes in 7...14 {
      var constraint = SemanticsTests.constraint("x86-64")
      (constraint.maximumInstructions, constraint.maximumBytes) = (nil, bytes)
      constraint.results = [.init("rax", 8)]
      var random: any RandomNumberGenerator = SplitMix64(seed: UInt64(bytes))
      let compiled = try decoder(constraint, .instructions(codes))
      for _ in 0..<40 {
        var matcher = compiled.matcher()
        while !matcher.isTerminated {
          let token = try #require(
            matcher.allowedTokens().randomElement(using: &random), "\(matcher.tokens)")
          _ = matcher.accept(token: token)
        }
      }
    }
  }

  /// A code has an instruction at least, and needs a token for it.
  @Test func aFragmentNeedsAToken() throws {
    var constraint = DecodingConstraint(isa: "x86-64")
    constraint.endsInReturn = false
    constraint.balancesStack = true
    let pair: [[UInt8]] = [[0x48, 0x83, 0xEC, 0x08], [0x48, 0x83, 0xC4, 0x08]]
    constraint.maximumTokens = 1
    #expect(throws: DecoderError.self) { try decoder(constraint, .instructions(pair)) }
    constraint.maximumTokens = 2
    #expect(try decoder(constraint, .instructions(pair)).matcher().minimumTokensToComplete == 2)
    let spaced = try TokenVocabulary(
      tokens: [Array("90".utf8), Array(" ".utf8), nil], endTokens: [2],
      alphabet: .hex(.init(spacing: .free)))
    var matcher = try decoder(constraint, spaced).matcher()
    #expect(matcher.minimumTokensToComplete == 1)
    let isTaken = matcher.accept(token: 1)
    #expect(isTaken && matcher.allowedTokens() == [0])
  }

  /// Sequences that are whole codes, where no instruction by itself completes one.
  @Test func sequencesAlone() throws {
    let constraint = SemanticsTests.constraint("x86-64")
    let codes: [[UInt8]] = [[0x89, 0xF8, 0xC3], [0x31, 0xC0, 0xC3]]
    #expect(try decoder(constraint, .instructions(codes)).matcher().allowedTokens() == [0, 1])
    // As many that read what has no value come before the one that does.
    let products: [[UInt8]] = (0..<300).map { [0x6B, 0xC0 | UInt8($0 % 4 + 1), UInt8($0 / 4)] }
    let compiled = try decoder(constraint, .instructions(products + [[0x89, 0xF8], [0xC3]]))
    #expect(compiled.matcher().allowedTokens().contains(300))
  }

  /// A token that ends inside of an instruction makes it a vocabulary like any other.
  @Test func tokensThatEndInsideAreNoInstructions() throws {
    var constraint = SemanticsTests.constraint("x86-64")
    constraint.maximumInstructions = 2
    let codes: [[UInt8]] = [[0x89, 0xF8], [0x89], [0xF8], [0xC3]]
    let compiled = try decoder(constraint, .instructions(codes))
    var matcher = compiled.matcher()
    let taken = (1...3).map { matcher.accept(token: $0) }
    #expect(taken.allSatisfy { $0 } && matcher.isCompleted)
  }
}
