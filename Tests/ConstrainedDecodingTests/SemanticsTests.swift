import ConstrainedDecoding
import MachineModel
import Testing

/// What a constraint asks of the machine's state, on code whose answer is known.
@Suite struct SemanticsTests {
  /// Everything is followed; `x` in the first argument register (32 bits), `p` in the second (12 bytes),
  /// a result of 32 bits.
  static func constraint(_ isa: String) -> DecodingConstraint {
    var result = DecodingConstraint(isa: isa)
    result.onlyDefinedReads = true
    result.onlyContractMemory = true
    result.balancesStack = true
    result.restoresCalleeSaved = true
    result.branches = .forward
    let isX86 = isa == "x86-64"
    result.definedAtEntry = [.init(isX86 ? "rdi" : "x0", 32)]
    result.results = [.init(isX86 ? "rax" : "x0", 32)]
    result.buffers = [
      .init(name: "p", register: isX86 ? "rsi" : "x1", byteCount: 12, isWritable: true),
      .init(name: "q", register: isX86 ? "rdx" : "x2", byteCount: 8, isWritable: false),
    ]
    result.maximumInstructions = 12
    return result
  }

  static func bytes(_ isa: String, _ lines: String) throws -> [UInt8] {
    let architecture = try #require(architectures.first { $0.name == isa })
    return try lines.split(separator: ";").flatMap { line in
      try architecture.encode(
        architecture.parse(line.trimmingPrefix { $0 == " " }.description, at: 0, labels: [:]))
    }
  }

  /// One decoder for each instruction set: its tables grow once.
  static let decoders: [String: CompiledDecoder] = Dictionary(
    uniqueKeysWithValues: ["x86-64", "arm64"].compactMap { isa in
      (try? decoder(constraint(isa))).map { (isa, $0) }
    })

  /// A fragment has an instruction at least, and room for it; what its first tokens leave is enough.
  @Test(arguments: ["x86-64", "arm64"])
  func fragmentsBegin(isa: String) throws {
    var constraint = DecodingConstraint(isa: isa)
    constraint.endsInReturn = false
    constraint.onlyDefinedReads = true
    let vocabulary = try TokenVocabulary(
      tokens: "0123456789abcdef ".utf8.map { [$0] } + [nil], endTokens: [17],
      alphabet: .hex(.init(digits: .lower, spacing: .free)))
    let least = isa == "arm64" ? 8 : 2
    constraint.maximumTokens = least - 1
    #expect(throws: DecoderError.self) {
      try CompiledDecoder(constraint: constraint, vocabulary: vocabulary)
    }
    constraint.maximumTokens = 12
    var matcher = try CompiledDecoder(constraint: constraint, vocabulary: vocabulary).matcher()
    let first = matcher.minimumTokensToComplete
    #expect(first >= least && !matcher.isCompleted)
    var spaces = 0
    while spaces < 20, matcher.accept(token: 16) { spaces += 1 }
    #expect(spaces == 12 - first)
    var row = [Int32](repeating: 0, count: vocabulary.maskWords)
    matcher.fillNextTokenBitmask(into: &row)
    #expect(row[0] != 0)
  }

  /// What says more of something that is not asked for is in the report.
  @Test func whatIsNotLookedAtIsReported() throws {
    var constraint = Self.constraint("x86-64")
    (constraint.onlyDefinedReads, constraint.onlyContractMemory) = (false, false)
    (constraint.restoresCalleeSaved, constraint.mayChange) = (false, ["rax"])
    let report = try CompiledDecoder(constraint: constraint, vocabulary: .rawBytes).report
    for name in ["results", "buffers", "what may change"] {
      let found = report.first { $0.name == name }?.enforcement
      guard case .overApproximated = found else {
        Issue.record("\(name): \(String(describing: found))")
        continue
      }
    }
  }

  static let accepted: [(String, String)] = [
    ("x86-64", "mov eax, edi; neg eax; cmovs eax, edi; ret"),
    ("x86-64", "mov eax, [rsi + 8]; ret"),
    ("x86-64", "lea rax, [rsi + 4]; mov [rax + 4], edi; xor eax, eax; ret"),
    ("x86-64", "push rbx; mov ebx, edi; mov eax, ebx; pop rbx; ret"),
    ("x86-64", "sub rsp, 24; mov [rsp + 8], edi; mov eax, [rsp + 8]; add rsp, 24; ret"),
    ("x86-64", "mov [rsp - 4], edi; mov eax, [rsp - 4]; ret"),
    ("x86-64", "mov eax, edi; mov cl, 3; shl eax, cl; ret"),
    ("x86-64", "pxor xmm0, xmm0; movd eax, xmm0; ret"),
    ("x86-64", "movd xmm9, edi; movd eax, xmm9; ret"),
    ("x86-64", "vpxor xmm1, xmm1, xmm1; vmovd eax, xmm1; ret"),
    (
      "x86-64",
      "push rbp; mov rbp, rsp; mov [rbp - 4], edi; and dword ptr [rbp - 4], 65532; mov eax, [rbp - 4]; pop rbp; ret"
    ),
    (
      "x86-64",
      "sub rsp, 600; mov [rsp + 500], di; movsx eax, word ptr [rsp + 500]; add rsp, 600; ret"
    ),
    ("arm64", "cmp w0, #0; cneg w0, w0, lt; ret"),
    ("arm64", "ldr w0, [x1, #8]; ret"),
    ("arm64", "stp x29, x30, [sp, #-16]!; mov x29, sp; ldp x29, x30, [sp], #16; ret"),
    ("arm64", "str x19, [sp, #-16]!; mov w19, w0; add w0, w19, w19; ldr x19, [sp], #16; ret"),
  ]

  @Test(arguments: accepted.indices) func rightCodeIsAccepted(index: Int) throws {
    let (isa, lines) = Self.accepted[index]
    var matcher = try #require(Self.decoders[isa]).matcher()
    for byte in try Self.bytes(isa, lines) {
      let reason = matcher.explain(token: Int(byte))
      let isAccepted = matcher.accept(token: Int(byte))
      #expect(isAccepted, "\(lines): \(reason ?? "")")
    }
    #expect(matcher.isCompleted, "\(lines)")
    // Nothing but the end may follow a return to which no branch goes on.
    #expect(matcher.allowedTokens() == [256])
  }

  /// Code, and what is said of its last instruction.
  static let refused: [(String, String, String)] = [
    ("x86-64", "mov eax, ecx", "rcx[7:0]"),
    ("x86-64", "mov rax, rdi", "rdi[63:32]"),
    ("x86-64", "ret", "the result"),
    ("x86-64", "adc edi, 0", "cf"),
    ("x86-64", "mov ax, di; mov ecx, eax", "rax[31:16]"),
    ("x86-64", "xor eax, eax; mov ecx, edi; shl edi, cl; seto al", "of"),
    ("x86-64", "mul edi", "rax"),
    ("x86-64", "mov eax, [rsi + 9]", "outside"),
    ("x86-64", "push rbx; xor eax, eax; add eax, [rsp]", "not written"),
    ("x86-64", "mov eax, [rsi - 1]", "outside"),
    ("x86-64", "mov eax, [rdi]", "rdi[63:32]"),
    ("x86-64", "mov eax, [rsi + rdx]", "not a pointer"),
    ("x86-64", "mov [rdx], edi", "only be read"),
    ("x86-64", "mov eax, [rsp - 8]", "not written"),
    ("x86-64", "mov eax, [rsp]", "outside"),
    ("x86-64", "mov [rsp], edi", "outside"),
    ("x86-64", "mov [rsp - 136], edi", "outside"),
    ("x86-64", "mov ebx, edi", "rbx"),
    ("x86-64", "xor eax, eax; push rbx; ret", "stack pointer"),
    ("x86-64", "push rbx; xor ebx, ebx; mov [rsp], edi", "rbx"),
    ("x86-64", "mov rsp, rsi", "stack pointer"),
    ("x86-64", "std", "df"),
    ("x86-64", "jmp rax", "outside it"),
    ("arm64", "add w0, w0, w3", "x3"),
    ("arm64", "adc w0, w0, w0", "c"),
    ("arm64", "ldr w0, [x1, #12]", "outside"),
    ("arm64", "str w0, [x2]", "only be read"),
    ("arm64", "mov x30, x1", "x30"),
    ("arm64", "mov w19, w0", "x19"),
    ("arm64", "ret x1", "caller"),
  ]

  @Test(arguments: refused.indices) func wrongCodeIsRefused(index: Int) throws {
    let (isa, lines, words) = Self.refused[index]
    var matcher = try #require(Self.decoders[isa]).matcher()
    let code = try Self.bytes(isa, lines)
    var reason: String?
    for byte in code {
      reason = matcher.explain(token: Int(byte))
      if !matcher.accept(token: Int(byte)) { break }
    }
    let last = lines.split(separator: ";").last ?? ""
    #expect(matcher.program.bytes.count < code.count, "\(lines)")
    let length = try Self.bytes(isa, String(last)).count
    #expect(matcher.program.bytes.count >= code.count - length, "\(lines): \(reason ?? "")")
    // Earlier bytes of an instruction may be refused for another reason than its own.
    if matcher.program.bytes.count == code.count - 1 {
      #expect(reason?.contains(words) == true, "\(lines): \(reason ?? "")")
    }
  }

  /// Branches by their bytes: taken are those to boundaries, with room to get there.
  @Test func branchesGoToBoundaries() throws {
    let start: [UInt8] = [0x31, 0xC0, 0x85, 0xFF]  // xor eax, eax; test edi, edi
    func accepts(_ rest: [UInt8], _ change: (inout DecodingConstraint) -> Void = { _ in }) throws
      -> Bool
    {
      var constraint = Self.constraint("x86-64")
      constraint.allowedMnemonics = [
        "xor", "test", "je", "jne", "jmp", "inc", "mov", "add", "nop", "ret",
      ]
      change(&constraint)
      var matcher = try decoder(constraint).matcher()
      return (start + rest).allSatisfy { matcher.accept(token: Int($0)) }
    }
    #expect(try accepts([0x74, 0x02, 0xFF, 0xC0, 0xC3]))
    #expect(try accepts([0x74, 0x00, 0xC3]))
    // Into the middle of `inc eax`, and past a return that nothing follows.
    #expect(try !accepts([0x74, 0x01, 0xFF, 0xC0]))
    #expect(try accepts([0x74, 0x01, 0xC3, 0xC3]))
    #expect(try !accepts([0x74, 0x01, 0xC3, 0xC3, 0x90]))
    #expect(try !accepts([0x74, 0x02, 0xC3]))
    // A register defined on one way only.
    #expect(try !accepts([0x74, 0x02, 0x89, 0xC1, 0x89, 0xC8]))
    #expect(try accepts([0x89, 0xC1, 0x74, 0x02, 0x89, 0xF9, 0x89, 0xC8, 0xC3]))
    // No room for what is jumped over, and what it takes to return.
    #expect(try !accepts([0x74, 0x20]) { $0.maximumBytes = 37 })
    #expect(try accepts([0x74, 0x20]) { $0.maximumBytes = 39 })
    // Backward: only with loops, to boundaries, and where what was known there still holds.
    #expect(try !accepts([0xFF, 0xC0, 0x75, 0xFC]))
    let loops = { (constraint: inout DecodingConstraint) in constraint.branches = .loops }
    #expect(try accepts([0xFF, 0xC0, 0x75, 0xFC, 0xC3], loops))
    #expect(try !accepts([0xFF, 0xC0, 0x75, 0xFD], loops))
    #expect(try !accepts([0x8B, 0x06, 0x48, 0x83, 0xC6, 0x04, 0x75, 0xF8], loops))
    #expect(try accepts([0xEB, 0x00, 0xC3]) && !accepts([0xEB, 0x01]))
  }

  private static func accepts(_ code: [UInt8], _ constraint: DecodingConstraint) throws -> Bool {
    var matcher = try decoder(constraint).matcher()
    return code.allSatisfy { matcher.accept(token: Int($0)) }
  }

  /// Addresses that are no 64-bit register plus a constant: of a segment, of 32 bits, of the code.
  @Test func otherAddressesAreRefused() throws {
    let constraint = Self.constraint("x86-64")
    #expect(try Self.accepts([0x8B, 0x06], constraint))
    for code: [UInt8] in [[0x64, 0x8B, 0x06], [0x67, 0x8B, 0x06], [0x8B, 0x05, 0, 0, 0, 0]] {
      #expect(try !Self.accepts(code, constraint), "\(code)")
    }
  }

  /// A frame has the size that was given: none for a fragment, whose surroundings own the stack.
  @Test func framesHaveTheirSize() throws {
    var constraint = Self.constraint("x86-64")
    constraint.endsInReturn = false
    let store: [UInt8] = [0x89, 0x7C, 0x24, 0xF8]  // mov [rsp - 8], edi
    constraint.maximumFrame = 8
    #expect(try Self.accepts(store, constraint))
    for size in [0, 7] {
      constraint.maximumFrame = size
      #expect(try !Self.accepts(store, constraint), "\(size)")
    }
  }

  /// A return goes to the caller or where a defined register says.
  @Test func returnsReadTheirRegister() throws {
    var constraint = DecodingConstraint(isa: "arm64")
    constraint.onlyDefinedReads = true
    #expect(try Self.accepts([0xC0, 0x03, 0x5F, 0xD6], constraint))
    #expect(try !Self.accepts([0xA0, 0x00, 0x5F, 0xD6], constraint))
    constraint.definedAtEntry = [.init("x5", 64)]
    #expect(try Self.accepts([0xA0, 0x00, 0x5F, 0xD6], constraint))
  }

  /// Sizes that no machine has are errors, whoever wrote them.
  @Test func absurdSizesAreRefused() throws {
    let changes: [(inout DecodingConstraint) -> Void] = [
      { $0.maximumFrame = 1 << 20 }, { $0.maximumFrame = -1 }, { $0.stackArgumentBytes = .max },
      { $0.results = [.init("rax", 33)] }, { $0.results = [.init("ah", 64)] },
    ]
    for change in changes {
      var constraint = Self.constraint("x86-64")
      change(&constraint)
      #expect(throws: DecoderError.self) { _ = try decoder(constraint) }
    }
  }

  /// What a masked store may leave as it was is not written by it.
  @Test func maskedStoresWriteNothingForCertain() throws {
    var constraint = Self.constraint("x86-64")
    constraint.buffers = [.init(name: "p", register: "rdx", byteCount: 64, isWritable: true)]
    let store = try Self.bytes(
      "x86-64", "vpxor xmm0, xmm0, xmm0; vmaskmovps [rsp - 16], xmm0, xmm0")
    let load = try Self.bytes("x86-64", "mov eax, [rsp - 16]")
    #expect(try Self.accepts(store, constraint))
    #expect(try !Self.accepts(store + load, constraint))
  }
}
