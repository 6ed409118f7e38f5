import ConstrainedDecoding
import Testing

/// Branches back, and addresses of which only the buffer is known, on code whose answer is known.
@Suite struct LoopTests {
  private static func accepts(
    _ code: [UInt8], _ addresses: DecodingConstraint.Addresses = .anyOffset,
    _ branches: DecodingConstraint.Branches = .loops
  ) throws -> Bool {
    var constraint = SemanticsTests.constraint("x86-64")
    constraint.maximumInstructions = 20
    constraint.addresses = addresses
    constraint.branches = branches
    var matcher = try decoder(constraint).matcher()
    return code.allSatisfy { matcher.accept(token: Int($0)) } && matcher.isCompleted
  }

  /// The bytes of lines, a branch back of two bytes by its condition, and more lines.
  private static func loop(
    _ before: String, _ body: String, back opcode: UInt8, _ after: String = "xor eax, eax; ret"
  ) throws -> [UInt8] {
    let body = try SemanticsTests.bytes("x86-64", body)
    return try SemanticsTests.bytes("x86-64", before) + body
      + [opcode, UInt8(bitPattern: Int8(-body.count - 2))]
      + SemanticsTests.bytes("x86-64", after)
  }

  private static let (carry, notZero): (UInt8, UInt8) = (0x72, 0x75)

  @Test func pointersMayMove() throws {
    let sum = try Self.loop(
      "xor eax, eax", "add eax, [rsi]; add rsi, 4; dec edi", back: Self.notZero, "ret")
    #expect(try Self.accepts(sum))
    #expect(try !Self.accepts(sum, .known))
    // Where nothing is accessed by it, the pointer may be any value.
    let idle = try Self.loop("xor eax, eax", "add rsi, 4; dec edi", back: Self.notZero)
    #expect(try Self.accepts(idle, .known))
    #expect(try !Self.accepts(idle, .known, .forward))
  }

  /// The second turn may know less than the first.
  @Test func everyTurnKeepsTheConstraint() throws {
    let wrong = [
      // A flag that the end of the first turn leaves undefined.
      try Self.loop("xor eax, eax", "setz al; imul edi, edi", back: Self.carry),
      // A buffer that may only be read, and either of two buffers.
      try Self.loop("xor eax, eax", "mov [rdx], edi; add rdx, 4; dec edi", back: Self.notZero),
      try Self.loop("xor eax, eax", "mov [rsi], edi; mov rsi, rdx; dec edi", back: Self.notZero),
      // A pointer that becomes a number.
      try Self.loop(
        "xor eax, eax", "mov eax, [rsi]; mov esi, edi; dec edi", back: Self.notZero),
      // A stack pointer that moves with every turn.
      try Self.loop("xor eax, eax", "push rsi; dec edi", back: Self.notZero),
    ]
    for (index, code) in wrong.enumerated() {
      #expect(try !Self.accepts(code), "\(index)")
    }
    let right = [
      try Self.loop("xor eax, eax", "imul edi, edi", back: Self.carry),
      try Self.loop("xor eax, eax", "mov [rsi], edi; add rsi, 4; dec edi", back: Self.notZero),
      try Self.loop(
        "xor eax, eax", "push rsi; pop rsi; add rsi, 4; add eax, [rsi]; dec edi",
        back: Self.notZero),
    ]
    for (index, code) in right.enumerated() { #expect(try Self.accepts(code), "\(index)") }
  }

  @Test func loopsMayBeInLoops() throws {
    let inner = try Self.loop(
      "", "add eax, [rsi]; add rsi, 4; dec ecx", back: Self.notZero, "dec edi")
    let code: [UInt8] = [0x31, 0xC0, 0x89, 0xF9] + inner + [0x75, 0xF0, 0xC3]
    #expect(code[code.count - 2] == UInt8(bitPattern: Int8(-(2 + inner.count + 2))))
    #expect(try Self.accepts(code))
    #expect(try !Self.accepts(code, .known))
  }

  /// The condition of a loop may stand at its end, with a jump to it; what is jumped over may read what has a value by
  /// the branch back to it.
  @Test func loopsMayBeginWithAJump() throws {
    let start: [UInt8] = [0x31, 0xC0]  // xor eax, eax
    let counting = start + [0xEB, 0x02, 0xFF, 0xC0, 0xFF, 0xCF, 0x75, 0xFA, 0xC3]
    #expect(try Self.accepts(counting))
    #expect(try !Self.accepts(counting, .known, .forward))
    // jmp over `setz al` to `imul edi, edi`, after which the flag is undefined; jc back to it.
    let undefined = start + [0xEB, 0x03, 0x0F, 0x94, 0xC0, 0x0F, 0xAF, 0xFF, 0x72, 0xF8, 0xC3]
    #expect(try !Self.accepts(undefined))
    let defined = start + [0xEB, 0x03, 0x0F, 0x92, 0xC0, 0x0F, 0xAF, 0xFF, 0x72, 0xF8, 0xC3]
    #expect(try Self.accepts(defined))
    // jmp over `mov eax, ecx` to `mov ecx, edi` or `mov edx, edi`; dec edi; jnz back.
    let late = start + [0xEB, 0x02, 0x89, 0xC8, 0x89, 0xF9, 0xFF, 0xCF, 0x75, 0xF8, 0xC3]
    #expect(try Self.accepts(late))
    let never = start + [0xEB, 0x02, 0x89, 0xC8, 0x89, 0xFA, 0xFF, 0xCF, 0x75, 0xF8, 0xC3]
    #expect(try !Self.accepts(never))
  }

  /// A jump back ends the code where a return came before; nothing could be reached after it.
  @Test func codeMayEndInAJumpBack() throws {
    let start: [UInt8] = [0x31, 0xC0]  // xor eax, eax
    // test edi, edi; jz over ret; dec edi; jmp back to the test.
    let code = start + [0x85, 0xFF, 0x74, 0x01, 0xC3, 0xFF, 0xCF, 0xEB, 0xF7]
    #expect(try Self.accepts(code))
    #expect(try !Self.accepts(code + [0xC3]))
    // Without a return before it never ends.
    #expect(try !Self.accepts(start + [0xFF, 0xCF, 0xEB, 0xFC]))
    #expect(try !Self.accepts(start + [0xEB, 0xFE, 0xC3]))
    // A jump forward ends nothing.
    #expect(try !Self.accepts(start + [0x85, 0xFF, 0x74, 0x01, 0xC3, 0xEB, 0x00]))
  }

  /// What follows a return before a branch's target is reached by nothing.
  @Test func returnsMayStandBeforeTargets() throws {
    let code: [UInt8] = [0x31, 0xC0, 0x85, 0xFF, 0x74, 0x02, 0xC3, 0x90, 0xC3]
    #expect(try Self.accepts(code))
    #expect(try !Self.accepts(code, .known, .forward))
    // xchg ax, ax, as compilers fill two bytes.
    #expect(try Self.accepts([0x31, 0xC0, 0x85, 0xFF, 0x74, 0x03, 0xC3, 0x66, 0x90, 0xC3]))
  }

  @Test(arguments: [
    ("mov eax, [rsi + 4*rdi]", false), ("mov edi, edi; mov eax, [rsi + 4*rdi]", true),
    ("mov edi, edi; mov eax, [rdi + rsi]", true), ("mov eax, [rsi + rdx]", false),
    ("mov edi, edi; mov eax, [rsp + rdi]", false), ("mov edi, edi; mov eax, [2*rsi]", false),
    ("mov edi, edi; add rdi, rsi; mov eax, [rdi - 8]", true),
    ("mov edi, edi; sub rdi, rsi; mov eax, [rdi]", false),
    ("mov edi, edi; sub rsi, rdi; mov eax, [rsi + 100]", true),
    ("mov edi, edi; lea rax, [rdx + 8*rdi]; mov [rax], edi", false),
    ("mov edi, edi; lea rax, [rsi + 8*rdi]; mov [rax], edi; mov eax, edi", true),
    ("mov eax, [rsi + 12]", false),
  ])
  func addressesAreOfOneBuffer(lines: String, isAccepted: Bool) throws {
    let code = try SemanticsTests.bytes("x86-64", lines + "; ret")
    #expect(try Self.accepts(code) == isAccepted, "\(lines)")
    #expect(try !Self.accepts(code, .known), "\(lines)")
  }
}
