import ConstrainedDecoding
import Testing

/// What the machine's state says of the return address and of repeated instructions, and how it is written in
/// digits and spaces.
@Suite struct StackAndTextTests {
  private static func accepts(_ code: [UInt8], _ constraint: DecodingConstraint) throws -> Bool {
    var matcher = try decoder(constraint).matcher()
    return code.allSatisfy { matcher.accept(token: Int($0)) }
  }

  /// Where the caller's address is on the stack, code that reads nothing but the contract's memory has the
  /// stack pointer back there when it returns.
  @Test func contractMemoryBalancesTheStack() throws {
    var constraint = DecodingConstraint(isa: "x86-64")
    constraint.onlyContractMemory = true
    let (push, pop, ret): (UInt8, UInt8, UInt8) = (0x50, 0x58, 0xC3)
    #expect(try Self.accepts([push, pop, ret], constraint))
    #expect(try !Self.accepts([push, ret], constraint))
    #expect(try !Self.accepts([pop], constraint))
    constraint.onlyContractMemory = false
    constraint.branches = .forward
    #expect(try Self.accepts([push, ret], constraint))
  }

  /// A store over the return address is refused, to its first and its last byte, also where other memory is not
  /// looked at.
  @Test func theReturnAddressIsKept() throws {
    var constraint = DecodingConstraint(isa: "x86-64")
    constraint.balancesStack = true
    // mov [rsp + displacement], rdi
    for (displacement, isRight) in [(0xF8, true), (0xF9, false), (0, false), (7, false), (8, true)]
    {
      let code: [UInt8] = [0x48, 0x89, 0x7C, 0x24, UInt8(displacement)]
      #expect(try Self.accepts(code, constraint) == isRight, "\(displacement)")
    }
    constraint.balancesStack = false
    constraint.branches = .forward
    #expect(try Self.accepts([0x48, 0x89, 0x7C, 0x24, 0], constraint))
  }

  /// A repeated string instruction goes on at places that are not followed: nowhere where memory is looked at,
  /// and never on the stack.
  @Test func repeatedStoresAreNotFollowed() throws {
    var constraint = DecodingConstraint(isa: "x86-64")
    constraint.onlyDefinedReads = true
    constraint.balancesStack = true
    constraint.definedAtEntry = [.init("rcx", 64), .init("rax", 64), .init("rdi", 64)]
    let (repeated, once): ([UInt8], [UInt8]) = ([0xF3, 0xAA], [0xAA])  // rep stosb, stosb
    let toStack: [UInt8] = [0x48, 0x8D, 0x7C, 0x24, 0xF8]  // lea rdi, [rsp - 8]
    #expect(try Self.accepts(repeated, constraint))
    #expect(try !Self.accepts(toStack + repeated, constraint))
    #expect(try Self.accepts(toStack + once, constraint))
    constraint.onlyContractMemory = true
    constraint.buffers = [.init(name: "p", register: "rdi", byteCount: 64, isWritable: true)]
    #expect(try Self.accepts(once, constraint))
    #expect(try !Self.accepts(repeated, constraint))
  }

  /// Where the code stands is nothing that it may depend on.
  @Test func addressesOfTheCodeHaveNoValue() throws {
    for (isa, code) in [
      ("x86-64", [0x48, 0x8D, 0x05, 0, 0, 0, 0, 0xC3] as [UInt8]),  // lea rax, [rip]; ret
      ("arm64", [0, 0, 0, 0x10, 0xC0, 0x03, 0x5F, 0xD6]),  // adr x0, .; ret
    ] {
      var constraint = DecodingConstraint(isa: isa)
      constraint.onlyDefinedReads = true
      #expect(try Self.accepts(code, constraint))
      constraint.results = [.init(isa == "arm64" ? "x0" : "rax", 64)]
      #expect(try !Self.accepts(code, constraint), "\(isa)")
    }
  }

  // MARK: Text

  private static func text(_ rule: TokenVocabulary.HexRule) throws -> TokenVocabulary {
    try TokenVocabulary(
      tokens: "0123456789abcdef ".map { Array(String($0).utf8) } + [nil], endTokens: [17],
      alphabet: .hex(rule))
  }

  private static let language: DecodingConstraint = {
    var result = DecodingConstraint(isa: "x86-64")
    result.allowedMnemonics = ["xor", "mov", "push", "pop", "ret"]
    result.allowedRegisters = ["rax", "rdi", "rsp"]
    result.onlyDefinedReads = true
    result.onlyContractMemory = true
    result.definedAtEntry = [.init("rdi", 32)]
    result.results = [.init("rax", 32)]
    result.maximumBytes = 9
    return result
  }()

  /// Half a byte may stand only where a byte that it begins may, and one of them follows it.
  @Test func halvesBeginBytes() throws {
    let digits = try decoder(Self.language, Self.text(.init()))
    let bytes = try decoder(Self.language)
    for code in [[], [0x89], [0x31, 0xC0]]
      as [[UInt8]]
    {
      var byDigits = digits.matcher()
      var byBytes = bytes.matcher()
      for byte in code {
        let isUpper = byDigits.accept(token: Int(byte >> 4))
        let isLower = byDigits.accept(token: Int(byte & 15))
        let isByte = byBytes.accept(token: Int(byte))
        #expect(isUpper && isLower && isByte, "\(code)")
      }
      let expected = byBytes.allowedTokens().filter { $0 < 256 }
      var found: [Int] = []
      for half in byDigits.allowedTokens() where half < 16 {
        var next = byDigits
        let isAccepted = next.accept(token: half)
        #expect(isAccepted)
        let rest = next.allowedTokens()
        #expect(!rest.isEmpty)
        found += rest.map { half << 4 | $0 }
      }
      #expect(!found.isEmpty && Set(found).isSubset(of: expected), "\(code): \(found), \(expected)")
    }
  }

  /// A space is allowed only where another byte can follow it.
  @Test func spacesAreFollowedByBytes() throws {
    for (limit, isRight) in [(2, false), (4, true)] {
      var constraint = DecodingConstraint(isa: "x86-64")
      constraint.allowedMnemonics = ["xor"]
      constraint.endsInReturn = false
      constraint.branches = .forward
      constraint.maximumBytes = limit
      var matcher = try decoder(constraint, Self.text(.init(spacing: .single))).matcher()
      for token in [3, 1, 16, 12, 0] {
        let isAccepted = matcher.accept(token: token)
        #expect(isAccepted)
      }
      #expect(matcher.isCompleted)
      #expect(matcher.allowedTokens() == (isRight ? [16, 17] : [17]))
      let isAccepted = matcher.accept(token: 16)
      #expect(isAccepted == isRight)
      if isRight { #expect(!matcher.isCompleted && !matcher.allowedTokens().isEmpty) }
    }
  }
}
