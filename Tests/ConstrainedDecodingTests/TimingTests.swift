import ARM64Model
import ConstrainedDecoding
import MachineModel
import Terms
import Testing
import X86Model

/// The constant-time list: instructions whose time does not depend on data.
@Suite struct TimingTests {
  private static func constraint(_ isa: String) -> DecodingConstraint {
    var result = DecodingConstraint(isa: isa)
    result.onlyDataIndependentTiming = true
    return result
  }

  /// What the lists do not name and reads no register, no flag and no memory.
  private static let withoutData: Set<String> = [
    "nop", "clc", "stc", "cld", "std", "lfence", "mfence", "sfence", "endbr32", "endbr64", "pause",
    "movz", "movn", "movi", "mvni", "fmov", "adr", "adrp", "hint", "dmb", "dsb", "isb", "sb",
    "clrex", "prfm", "prfum",
  ]

  /// Whether code of one instruction and a return is accepted.
  private func accepts(_ isa: String, _ line: String, _ decoder: CompiledDecoder) throws -> Bool {
    var matcher = decoder.matcher()
    let bytes = try SemanticsTests.bytes(isa, line + "; ret")
    return bytes.allSatisfy { matcher.accept(token: Int($0)) } && matcher.isCompleted
  }

  @Test(arguments: [
    (
      "x86-64",
      [
        "add rax, rcx", "mov eax, 5", "mov rax, [rsi + 8]", "imul rax, rcx", "cmovb rax, rcx",
        "shl rax, cl", "rorx eax, ecx, 7", "pshufb xmm0, xmm1", "movsb", "push rbx",
        // No data.
        "nop", "clc", "lfence", "endbr64",
      ],
      [
        "div rcx", "idiv ecx", "popcnt rax, rcx", "bsf eax, ecx", "tzcnt eax, ecx",
        "pext rax, rcx, rdx",
        "cmc", "rcl rax, 1", "rcr dx, 14", "rcl cx, 17", "sarx eax, ecx, edx", "rdtsc",
        "rdrand rax", "rep movsb",
        "movsd xmm0, xmm1",
        "xchg rax, rcx", "lahf", "popfq", "cmpxchg [rsi], ecx", "pmaxsd xmm0, xmm1",
        "shufps xmm0, xmm1, 3",
      ]
    ),
    (
      "arm64",
      [
        "add x0, x1, x2", "madd x0, x1, x2, x3", "ldr x0, [x1]", "ldp x0, x1, [x2]",
        "csel x0, x1, x2, eq",
        "srshr d0, d1, #3", "tbl v0.16b, {v1.16b}, v2.16b", "ldadd x0, x1, [x2]",
        "aese v0.16b, v1.16b",
        // No data.
        "movz x0, #5", "nop", "dmb ish", "movi v0.16b, #3",
      ],
      [
        "udiv x0, x1, x2", "sdiv w0, w1, w2", "movk x0, #5", "srshr v0.4s, v1.4s, #3",
        "swp x0, x1, [x2]",
        "cas x0, x1, [x2]", "sqxtn v0.4h, v1.4s", "sqadd d0, d1, d2", "fmov x0, d0", "fneg s0, s1",
      ]
    ),
  ])
  func onlyWhatTheListsNameIsAccepted(_ isa: String, _ right: [String], _ wrong: [String]) throws {
    let compiled = try decoder(Self.constraint(isa))
    for line in right { #expect(try accepts(isa, line, compiled), "\(line)") }
    for line in wrong { #expect(try !accepts(isa, line, compiled), "\(line)") }
    let all = try decoder(DecodingConstraint(isa: isa))
    for line in wrong { #expect(try accepts(isa, line, all), "\(line)") }
  }

  /// Branches are asked for by themselves; what is said of them changes.
  @Test(arguments: ["x86-64", "arm64"])
  func whatIsNotLookedAtIsReported(_ isa: String) throws {
    func enforcement(_ constraint: DecodingConstraint) throws -> Enforcement? {
      try decoder(constraint).report.first { $0.name == "data-independent timing" }?.enforcement
    }
    var constraint = Self.constraint(isa)
    #expect(try enforcement(DecodingConstraint(isa: isa)) == nil)
    guard case .overApproximated = try enforcement(constraint) else {
      Issue.record("addresses are not looked at")
      return
    }
    (constraint.allowsLoads, constraint.allowsStores) = (false, false)
    #expect(try enforcement(constraint) == .enforced)
    constraint.branches = .unchecked
    #expect(try enforcement(constraint) != .enforced)
    let branch: [UInt8] = isa == "arm64" ? [0x41, 0, 0, 0x54] : [0x75, 0]
    var matcher = try decoder(constraint).matcher()
    #expect(branch.allSatisfy { matcher.accept(token: Int($0)) })
  }

  /// A name that no row has would be a slip of the pen.
  @Test func everyNameOfAListIsAMnemonic() {
    func unknown(_ names: Set<String>, _ architecture: any Architecture) -> [String] {
      names.subtracting(architecture.forms.map(\.mnemonic)).sorted()
    }
    #expect(unknown(X86.dataIndependentTiming, X86()) == [])
    #expect(
      unknown(ARM64.dataIndependentTiming.union(ARM64.dataIndependentScalars), ARM64()) == [])
    #expect(ARM64.dataIndependentTiming.isDisjoint(with: ARM64.dataIndependentScalars))
  }

  /// Whatever is written evenly under the constraint, with the machine's state or without, is of the lists.
  @Test(arguments: ["x86-64", "arm64"])
  func samplesKeepToTheLists(_ isa: String) throws {
    let architecture = try #require(architectures.first { $0.name == isa })
    var constraint = SemanticsTests.constraint(isa)
    constraint.branches = .none
    constraint.onlyDataIndependentTiming = true
    constraint.maximumInstructions = 3
    let compiled = try decoder(constraint)
    var random: any RandomNumberGenerator = SplitMix64(seed: 12)
    var names: Set<String> = []
    for _ in 0..<40 {
      var matcher = compiled.matcher()
      while !matcher.isCompleted, let token = matcher.allowedTokens().randomElement(using: &random)
      {
        _ = matcher.accept(token: token)
      }
      var place = 0
      let code = matcher.program.bytes
      while place < code.count {
        let instruction = try architecture.decode(code[place...], at: 0)
        place += instruction.length
        let form = instruction.form
        guard form.family.flow == .sequential else { continue }
        names.insert(form.mnemonic)
        #expect(
          architecture.hasDataIndependentTiming(form)
            || Self.withoutData.contains(form.mnemonic), "\(form.syntax)")
      }
    }
    #expect(names.count > 5)
  }
}
