import ARM64Model
import Contracts
import MachineModel
import Testing
import Verification
import X86Model
import Z3Backend

/// What a linker decides about an object must not decide a proof.
@Suite struct LinkerPitfalls {
  /// The places that the loader gives what the code refers to.
  private static let first: UInt64 = 0x40_3000
  private static let second: UInt64 = 0x40_6000

  private static func constant(_ address: UInt64, step: UInt64?) -> Segment {
    Segment(
      name: ".rodata", address: address, bytes: [1] + [UInt8](repeating: 0, count: 15),
      isExecutable: false, ownStep: step)
  }

  /// What is said of code at 0x400000 with `segments`.
  private func verdict(
    _ bytes: [UInt8], isa: String = "x86-64", with segments: [Segment] = [],
    fields: [(offset: UInt64, kind: LinkedField.Kind)] = [], linked: [LinkedField] = [],
    words: [UInt64] = [], unresolved: [UnresolvedReference] = [], step: UInt64 = 16, _ claim: String
  ) throws -> Verdict {
    let specification = """
      (set-logic QF_BV)
      (set-info :kernel "uint64_t place(void)")
      (declare-const result (_ BitVec 64))
      (define-fun ensures () Bool \(claim))
      """
    let text = Segment(name: ".text", address: 0x40_0000, bytes: bytes, isExecutable: true)
    let code = Code(
      name: "linked", segments: [text] + segments, entry: text.address,
      extent: text.address..<text.end, unresolved: unresolved,
      linkedFields: linked
        + fields.map { LinkedField(address: text.address + $0.offset, kind: $0.kind) },
      addressWords: words, slideStep: step)
    return try Verifier(
      code: code, contract: Contract.parse(text: specification, file: "place.smt"),
      architecture: isa == "arm64" ? ARM64() : X86(), solvers: .standard()
    ).verify().verdict
  }

  /// The field at an offset that leads to a constant which linkers put where they like.
  private static func merged(_ offset: UInt64) -> LinkedField {
    LinkedField(address: 0x40_0000 + offset, kind: .displacement, isMerged: true)
  }

  private func isProved(_ verdict: Verdict) -> Bool {
    if case .proved = verdict { return true }
    return false
  }

  private func isRefuted(_ verdict: Verdict) -> Bool {
    if case .refuted = verdict { return true }
    return false
  }

  /// The bytes of a displacement from the end of an instruction.
  private static func distance(to target: UInt64, from end: UInt64) -> [UInt8] {
    let value = target - 0x40_0000 - end
    return (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// What is read of data that refers to something else is not taken to be what stands in the file.
  @Test func dataThatRefersElsewhere() throws {
    let text = Segment(
      name: ".text", address: 0x40_0000,
      bytes: [0x48, 0x8B, 0x05] + Self.distance(to: Self.first, from: 7) + [0xC3],
      isExecutable: true)
    let specification = """
      (set-logic QF_BV)
      (set-info :kernel "uint64_t place(void)")
      (declare-const result (_ BitVec 64))
      (define-fun ensures () Bool (= result #x0000000000000001))
      """
    for (offset, isKnown) in [(UInt64(8), true), (0, false), (7, false)] {
      let reference = UnresolvedReference(
        address: Self.first + offset, byteCount: 8, symbol: "s", cause: .merged)
      for claim in [specification, specification.replacing("0001)", with: "0002)")] {
        let code = Code(
          name: "linked", segments: [text, Self.constant(Self.first, step: nil)],
          entry: text.address,
          extent: text.address..<text.end, unresolved: [reference])
        let found = try Verifier(
          code: code, contract: Contract.parse(text: claim, file: "place.smt"), architecture: X86(),
          solvers: .standard()
        ).verify().verdict
        let isTrue = claim == specification
        #expect(isProved(found) == (isKnown && isTrue) && isRefuted(found) == (isKnown && !isTrue))
      }
    }
  }

  // MARK: Fields

  /// What linkers write into instructions is not known as data.
  @Test func fieldsAreNoData() throws {
    // mov eax, [rip - 4 - 7 + 8] of its own displacement; ret
    let bytes: [UInt8] = [0x8B, 0x05, 0xFC, 0xFF, 0xFF, 0xFF, 0xC3]
    let claim = "(= ((_ extract 31 0) result) #xfffffffc)"
    #expect(isProved(try verdict(bytes, claim)))
    #expect(!isProved(try verdict(bytes, fields: [(2, .displacement)], claim)))
    #expect(!isRefuted(try verdict(bytes, fields: [(2, .displacement)], "(not \(claim))")))
  }

  /// The bytes of a field are no instructions, nor is half of one that linkers rewrite.
  @Test func fieldsAreNoCode() throws {
    // xor eax, eax; jmp +3; lea rcx, [rip + 0xc3]
    let jump: [UInt8] = [0x31, 0xC0, 0xEB, 3, 0x48, 0x8D, 0x0D, 0xC3, 0, 0, 0, 0xC3]
    #expect(isProved(try verdict(jump, "true")))
    for kind in [LinkedField.Kind.displacement, .branch, .load] {
      #expect(throws: UnsupportedCode.self) {
        try verdict(jump, fields: [(7, kind)], "true")
      }
    }
    // mov eax, [rip + 0]; ret, of which a linker makes another instruction; with a prefix it is not that one.
    let load: [UInt8] = [0x8D, 0x05, 0, 0, 0, 0, 0xC3]
    let field = LinkedField(address: 0x40_0000, byteCount: 6, kind: .load)
    #expect(isProved(try verdict(load, linked: [field], "true")))
    #expect(throws: UnsupportedCode.self) {
      try verdict(
        [0x66] + load, linked: [LinkedField(address: 0x40_0001, byteCount: 6, kind: .load)], "true")
    }
    // mov eax, 5, with the distance to something as its immediate
    #expect(throws: UnsupportedCode.self) {
      try verdict([0xB8, 5, 0, 0, 0, 0xC3], fields: [(1, .displacement)], "true")
    }
  }

  /// A constant that linkers put where they like is reached by relocations only.
  @Test func mergedConstantsAreReachedByRelocations() throws {
    let bytes = [0x48, 0x8D, 0x05] + Self.distance(to: Self.first, from: 7) + [0xC3]
    let constant = Self.constant(Self.first, step: 16)
    let claim = "(= ((_ extract 3 0) result) #x0)"
    #expect(isProved(try verdict(bytes, with: [constant], linked: [Self.merged(3)], claim)))
    #expect(throws: UnsupportedCode.self) { try verdict(bytes, with: [constant], claim) }
    #expect(throws: UnsupportedCode.self) {
      try verdict(bytes, with: [constant], fields: [(3, .displacement)], claim)
    }
  }

  /// A field of a part of a displacement is another number with the bytes above it.
  @Test(arguments: [(2, 4, true), (2, 2, false), (2, 1, false), (3, 2, false)])
  func fieldsAreWholeDisplacements(offset: UInt64, count: Int, isWhole: Bool) throws {
    // mov eax, [rip - 6]; mov eax, 5; ret
    let bytes: [UInt8] = [0x8D, 0x05, 0xFA, 0xFF, 0xFF, 0xFF, 0xB8, 5, 0, 0, 0, 0xC3]
    let field = LinkedField(
      address: 0x40_0000 + offset, byteCount: count, kind: .displacement)
    if isWhole {
      let claim = "(= ((_ extract 31 0) result) #x00000005)"
      #expect(isProved(try verdict(bytes, linked: [field], claim)))
    } else {
      #expect(throws: UnsupportedCode.self) { try verdict(bytes, linked: [field], "true") }
    }
  }

  @Test func alignedLoads() throws {
    // movdqa xmm0, [rip + …]; movq rax, xmm0; ret
    let load = [0x66, 0x0F, 0x6F, 0x05] + Self.distance(to: Self.first, from: 8)
    let bytes = load + [0x66, 0x48, 0x0F, 0x7E, 0xC0, 0xC3]
    for step in [1, 8, 16, 4096] as [UInt64] {
      let glued = try verdict(
        bytes, with: [Self.constant(Self.first, step: nil)], step: step, "(= result (_ bv1 64))")
      #expect(step < 16 ? isRefuted(glued) : isProved(glued), "the code moves by \(step): \(glued)")
      let alone = try verdict(
        bytes, with: [Self.constant(Self.first, step: step)], linked: [Self.merged(4)],
        "(= result (_ bv1 64))")
      #expect(isProved(alone) == (step >= 16), "the constant moves by \(step): \(alone)")
    }
  }

  @Test func itsOwnAlignment() throws {
    // lea rax, [rip - 7]; and eax, 15; ret
    let bytes: [UInt8] = [0x48, 0x8D, 0x05, 0xF9, 0xFF, 0xFF, 0xFF, 0x83, 0xE0, 0x0F, 0xC3]
    #expect(isProved(try verdict(bytes, step: 16, "(= result (_ bv0 64))")))
    for step in [1, 4] as [UInt64] {
      #expect(isRefuted(try verdict(bytes, step: step, "(= result (_ bv0 64))")))
    }
  }

  /// Where the code is shown is neither the lowest place nor the highest.
  @Test func placesOnBothSides() throws {
    // lea rax, [rip - 7]; ret
    let bytes: [UInt8] = [0x48, 0x8D, 0x05, 0xF9, 0xFF, 0xFF, 0xFF, 0xC3]
    for claim in ["(bvuge result #x0000000000400000)", "(bvule result #x0000000000400000)"] {
      #expect(isRefuted(try verdict(bytes, step: 4096, claim)))
    }
    // It ends before the end of memory.
    #expect(isProved(try verdict(bytes, step: 1, "(bvult result #xfffffffffffffff8)")))
  }

  /// Two constants of a mergeable section, which have no distance, not even none.
  @Test func distancesOfMergeableConstants() throws {
    let both = [Self.constant(Self.first, step: 4), Self.constant(Self.second, step: 4)]
    let addresses =
      [0x48, 0x8D, 0x05] + Self.distance(to: Self.second, from: 7) + [0x48, 0x8D, 0x0D]
      + Self.distance(to: Self.first, from: 14)
    // sub rax, rcx; ret
    let distance = addresses + [0x48, 0x29, 0xC8, 0xC3]
    // xor edx, edx; cmp rax, rcx; sete dl; mov eax, edx; ret
    let equality =
      addresses + [0x31, 0xD2, 0x48, 0x39, 0xC8, 0x0F, 0x94, 0xC2, 0x89, 0xD0, 0xC3]
    for code in [distance, equality] {
      for result in [0x3000, 0, 1] {
        let verdict = try verdict(
          code, with: both, linked: [Self.merged(3), Self.merged(10)],
          "(= result (_ bv\(result) 64))")
        #expect(!isProved(verdict))
      }
    }
    #expect(
      isProved(
        try verdict(
          distance, with: both, linked: [Self.merged(3), Self.merged(10)],
          "(= ((_ extract 1 0) result) #b00)")))
  }

  /// What follows a constant is not what follows it in the object.
  @Test(arguments: [(0, true), (8, true), (9, false), (16, false)] as [(UInt64, Bool)])
  func loadsOfMergeableConstants(offset: UInt64, isInside: Bool) throws {
    // mov rax, [rip + …]; ret
    let bytes = [0x48, 0x8B, 0x05] + Self.distance(to: Self.first + offset, from: 7) + [0xC3]
    let verdict = try verdict(
      bytes, with: [Self.constant(Self.first, step: 1)], linked: [Self.merged(3)], "true")
    #expect(isInside ? isProved(verdict) : isRefuted(verdict), "\(verdict)")
  }

  @Test func distancesAreNotNumbers() throws {
    let constant = Self.constant(Self.first, step: 4)
    func isFollowed(_ bytes: [UInt8], _ offset: UInt64) throws -> Bool {
      do {
        _ = try verdict(bytes, with: [constant], linked: [Self.merged(offset)], "true")
        return true
      } catch let error as UnsupportedCode {
        #expect(error.reason.contains("linkers"))
        return false
      }
    }
    let distance = Self.distance(to: Self.first, from: 7)
    #expect(try isFollowed([0x48, 0x8D, 0x05] + distance + [0xC3], 3))
    // mov eax, …; add eax, …; and with a displacement that only looks the same
    #expect(try !isFollowed([0xB8] + distance + [0xC3], 1))
    #expect(try !isFollowed([0x05] + distance + [0xC3], 1))
    #expect(try !isFollowed([0x81, 0x3D] + distance + distance + [0xC3], 6))
    #expect(
      try isFollowed([0x81, 0x3D] + Self.distance(to: Self.first, from: 10) + distance + [0xC3], 2))
    #expect(try !isFollowed([0x48, 0x8D, 0x05] + distance + [0xC3], 4))
  }

  @Test func veneersChangeTheirRegisters() throws {
    // mov x9, x30; mov x16, #5; bl .+16; mov x30, x9; mov x0, x16; ret; ret
    let words: [UInt32] = [
      0xAA1E_03E9, 0xD280_00B0, 0x9400_0004, 0xAA09_03FE, 0xAA10_03E0, 0xD65F_03C0, 0xD65F_03C0,
    ]
    let bytes = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
    #expect(isProved(try verdict(bytes, isa: "arm64", "(= result (_ bv5 64))")))
    let through = try verdict(
      bytes, isa: "arm64", fields: [(8, .branch)], "(= result (_ bv5 64))")
    #expect(!isProved(through), "\(through)")
  }

  @Test func instructionsAreAligned() throws {
    let code = Code(bytes: [0x20, 0x00, 0x80, 0x52, 0xC0, 0x03, 0x5F, 0xD6], at: 0x1002)
    let stream = InstructionStream(code, ARM64())
    let error = #expect(throws: UnsupportedCode.self) { try stream.instruction(at: 0x1002) }
    #expect(error?.reason == "instructions stand at multiples of 4 bytes")
  }

  /// An address in data moves with the code, or with the constant that it is of.
  @Test(arguments: [nil, 8] as [UInt64?]) func addressesInData(step: UInt64?) throws {
    let word = Segment(
      name: ".data.rel.ro", address: Self.first,
      bytes: (0..<8).map { UInt8(truncatingIfNeeded: Self.second >> (8 * $0)) }, isExecutable: false
    )
    let segments = [word, Self.constant(Self.second, step: step)]
    let load = [0x48, 0x8B, 0x05] + Self.distance(to: Self.first, from: 7)
    func verdict(_ bytes: [UInt8], _ claim: String) throws -> Verdict {
      try self.verdict(load + bytes + [0xC3], with: segments, words: [Self.first], claim)
    }
    // mov rax, [rax]
    #expect(isProved(try verdict([0x48, 0x8B, 0x00], "(= result (_ bv1 64))")))
    #expect(isRefuted(try verdict([0x48, 0x8B, 0x00], "(= result (_ bv0 64))")))
    // mov rax, [rax + 16]: beyond the constant
    #expect(isRefuted(try verdict([0x48, 0x8B, 0x40, 0x10], "true")))
    #expect(!isProved(try verdict([], "(= result (_ bv\(Self.second) 64))")))
    #expect(isProved(try verdict([], "(= ((_ extract 2 0) result) #b000)")))
    // lea rcx, [rip + …]; sub rax, rcx: how far it is from another
    let distance =
      [0x48, 0x8D, 0x0D] + Self.distance(to: Self.first, from: 14) + [0x48, 0x29, 0xC8]
    let isKnown = isProved(try verdict(distance, "(= result (_ bv\(Self.second - Self.first) 64))"))
    #expect(isKnown == (step == nil))
  }

  /// What a segment holds that is not known is the same at each look.
  @Test func unknownSegments() throws {
    let unknown = Segment(
      name: "stack guard", address: Self.first, bytes: [UInt8](repeating: 0, count: 8),
      isExecutable: false, isKnown: false)
    let load = [0x48, 0x8B, 0x05] + Self.distance(to: Self.first, from: 7)
    // sub rax, [rip + …]
    let subtract = [0x48, 0x2B, 0x05] + Self.distance(to: Self.first, from: 14)
    #expect(
      isProved(try verdict(load + subtract + [0xC3], with: [unknown], "(= result (_ bv0 64))")))
    #expect(isRefuted(try verdict(load + [0xC3], with: [unknown], "(= result (_ bv0 64))")))
    #expect(isRefuted(try verdict(load + [0xC3], with: [unknown], "true")))
    // mov [rip + …], rax
    let store = [0x48, 0x89, 0x05] + Self.distance(to: Self.first, from: 7)
    #expect(isRefuted(try verdict(store + [0xC3], with: [unknown], "true")))
  }

  /// A choice between two sections of the code's file, and one within a section.
  @Test(arguments: [16, nil] as [UInt64?]) func choicesBetweenSections(step: UInt64?) throws {
    let data = [Self.first, Self.second].map { address in
      Segment(
        name: ".rodata", address: address,
        bytes: [UInt8(address >> 12 & 0xFF)] + [0, 0, 0, 0, 0, 0, 0],
        isExecutable: false)
    }
    let text = Segment(
      name: ".text", address: 0x40_0000,
      bytes: [0x48, 0x8D, 0x05] + Self.distance(to: Self.first, from: 7) + [0x48, 0x8D, 0x0D]
        + Self.distance(to: Self.second, from: 14)
        // test edi, edi; cmove rax, rcx; mov rax, [rax]; ret
        + [0x85, 0xFF, 0x48, 0x0F, 0x44, 0xC1, 0x48, 0x8B, 0x00, 0xC3], isExecutable: true)
    let code = Code(
      name: "two", segments: [text] + data, entry: text.address, extent: text.address..<text.end,
      slideStep: step)
    func isProved(_ claim: String) throws -> Bool {
      let specification = """
        (set-logic QF_BV)
        (set-info :kernel "uint64_t f(uint32_t x)")
        (declare-const x (_ BitVec 32))
        (declare-const result (_ BitVec 64))
        (define-fun ensures () Bool (= result \(claim)))
        """
      return self.isProved(
        try Verifier(
          code: code, contract: Contract.parse(text: specification, file: "f.smt"),
          architecture: X86(), solvers: .standard()
        ).verify().verdict)
    }
    #expect(try isProved("(ite (= x #x00000000) (_ bv6 64) (_ bv3 64))"))
    #expect(try !isProved("(_ bv3 64)"))
  }

  /// A call of `abort` is a fault wherever it is reached, and no reason to give up.
  @Test(arguments: [UnresolvedReference.Cause.ending, .undefined])
  func callsThatEndTheProgram(cause: UnresolvedReference.Cause) throws {
    func verdict(_ bytes: [UInt8], at offset: UInt64) throws -> Verdict {
      try self.verdict(
        bytes,
        unresolved: [
          UnresolvedReference(
            address: 0x40_0000 + offset, byteCount: 4, symbol: "abort", cause: cause)
        ], "true")
    }
    // xor eax, eax; jnz …; ret; call …
    #expect(isProved(try verdict([0x31, 0xC0, 0x75, 0x01, 0xC3, 0xE8, 0, 0, 0, 0], at: 6)))
    let call: [UInt8] = [0x31, 0xC0, 0xE8, 0, 0, 0, 0, 0xC3]
    guard cause == .ending else {
      #expect(throws: UnsupportedCode.self) { try verdict(call, at: 3) }
      return
    }
    guard case .refuted(let found) = try verdict(call, at: 3) else {
      Issue.record("a call of abort is not refuted")
      return
    }
    #expect(found.obligation == .faults && found.message.contains("abort"))
    // lea rax, [rip + …] calls nothing.
    #expect(throws: UnsupportedCode.self) {
      try verdict([0x48, 0x8D, 0x05, 0, 0, 0, 0, 0xC3], at: 3)
    }
    // call [rip + …] of what stands there, and a call whose distance is only in part what a linker fills.
    for (bytes, offset) in [
      ([0xFF, 0x15, 0, 0, 0, 0, 0xC3], 2), ([0xE8, 0, 0, 0, 0, 0, 0xC3], 2),
    ]
      as [([UInt8], UInt64)]
    {
      #expect(throws: UnsupportedCode.self) { try verdict(bytes, at: offset) }
    }
  }
}
