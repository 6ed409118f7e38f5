import MachineModel
import Terms
import Testing
import X86Model

/// What must hold of every row.
@Suite struct FormTests {
  static let x86 = X86()
  static let address: UInt64 = 0x40_1000

  @Test(arguments: x86.forms)
  func encodingAndDecodingAreInverse(form: Form) throws {
    var random: any RandomNumberGenerator = SplitMix64(seed: UInt64(form.index))
    for _ in 0..<100 {
      let instruction = Self.x86.randomInstruction(
        of: form, at: Self.address, using: &random)
      let bytes = try Self.x86.encode(instruction)
      let context = "\(Self.x86.text(of: instruction)) \(hexText(bytes))"
      let decoded = try Self.x86.decode(bytes[...], at: Self.address)
      #expect(decoded == instruction, "\(context) became \(decoded.form.testDescription)")
      #expect(decoded.annotation == 0, "\(context)")
    }
  }

  @Test(arguments: x86.forms)
  func truncatedInstructionsAreTruncated(form: Form) throws {
    var random: any RandomNumberGenerator = SplitMix64(seed: UInt64(form.index))
    let instruction = Self.x86.randomInstruction(of: form, at: 0, using: &random)
    let bytes = try Self.x86.encode(instruction)
    for count in 0..<bytes.count {
      do throws(DecodingError) {
        let shorter = try Self.x86.decode(bytes[..<count], at: 0)
        Issue.record("\(hexText(bytes)) cut to \(count) is \(shorter.form.testDescription)")
      } catch {
        #expect(error.kind == .truncated, "\(hexText(bytes)) cut to \(count): \(error.reason)")
      }
    }
  }

  /// The text means what the instruction means: its own text is the same, and so are its operands
  /// but for the choice between encodings.
  @Test(arguments: x86.forms)
  func textAndParsingAreInverse(form: Form) throws {
    var random: any RandomNumberGenerator = SplitMix64(seed: UInt64(form.index) + 7)
    for _ in 0..<50 {
      let instruction = Self.x86.randomInstruction(
        of: form, at: Self.address, using: &random)
      let text = Self.x86.text(of: instruction)
      let parsed = try Self.x86.parse(text, at: Self.address, labels: [:])
      let isRelative = instruction.operands.contains { operand in
        if case .memory(let memory) = operand { memory.isRelative } else { false }
      }
      // An offset from the end of the instruction changes with the length of the encoding.
      if isRelative, parsed.length != instruction.length { continue }
      #expect(Self.x86.text(of: parsed) == text, "\(form.testDescription)")
      // A 32-bit `moffs` is shorter but slow, and never chosen.
      let isOffset = form.syntax.contains("moffs")
      #expect(isOffset || parsed.length <= instruction.length, "\(text)")
      let bytes = try Self.x86.encode(parsed)
      #expect(try Self.x86.decode(bytes[...], at: Self.address) == parsed, "\(text)")
    }
  }

  @Test func parsingIgnoresCaseAndSpacing() throws {
    for text in [
      "  MOV   EAX , DWORD  PTR[ RDI+RCX*4+0x8 ]", "mov eax,[rdi+4*rcx+8]",
      "mov eax, dword ptr [8 + rdi + rcx*4] ; load",
    ] {
      let instruction = try Self.x86.parse(text, at: 0, labels: [:])
      #expect(
        Self.x86.text(of: instruction) == "mov eax, dword ptr [rdi + 4*rcx + 8]", "\(text)")
    }
  }

  @Test func branchesTakeLabels() throws {
    let near = try Self.x86.parse("jnz loop", at: 0x1000, labels: ["loop": 0xFF0])
    #expect(hexText(try Self.x86.encode(near)) == "75ee")
    let far = try Self.x86.parse("jz done", at: 0x1000, labels: ["done": 0x2000])
    #expect(hexText(try Self.x86.encode(far)) == "0f84fa0f0000")
  }

  @Test(arguments: [
    ("mov eax", 5), ("mov eax, rbx", 5), ("foo eax", 1), ("mov eax, [rax + rbx + rcx]", 26),
    ("mov eax, dword [rax]", 16), ("inc [rax]", 5), ("mov eax, nothing", 10), ("", 1),
    ("add al, 256", 5), ("mov ah, sil", 0), ("add eax,", 9),
  ])
  func mistakesAreNamed(line: String, column: Int) {
    #expect {
      try Self.x86.parse(line, at: 0, labels: [:])
    } throws: { error in
      (error as? AssemblyError)?.column == column
    }
  }
}
