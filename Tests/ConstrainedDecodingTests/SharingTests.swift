import BinVerify
import ConstrainedDecoding
import MachineModel
import Terms
import Testing

/// Decoders that are made from one another share tables, and allow what those do that are made by themselves.
@Suite struct SharingTests {
  /// Constraints that differ in what they ask of the machine's state, in the instructions, and in both.
  private static func constraints(_ isa: String) -> [DecodingConstraint] {
    let one = SemanticsTests.constraint(isa)
    var fragment = one
    fragment.endsInReturn = false
    fragment.mayChange = [isa == "x86-64" ? "rax" : "x0", isa == "x86-64" ? "rsi" : "x1"]
    fragment.flagsMayChange = false
    var other = one
    other.branches = .loops
    other.buffers[0].isWritable.toggle()
    other.buffers[0].register = isa == "x86-64" ? "rcx" : "x3"
    other.definedAtEntry.removeAll()
    other.results = [DecodingConstraint.RegisterBits(isa == "x86-64" ? "xmm0" : "v0", 128)]
    var fewer = one
    fewer.deniedMnemonics = isa == "x86-64" ? ["mov", "add"] : ["movz", "add"]
    var reading = one
    reading.allowsStores = false
    var lexical = DecodingConstraint(isa: isa)
    lexical.allowsStores = false
    return [one, fragment, other, fewer, reading, lexical, one]
  }

  /// What is said at a place: the mask, and how the code can be completed.
  private struct Place: Hashable {
    let row: [Int32]
    let completion: [UInt8]

    init(_ matcher: InstructionMatcher) {
      var row = [Int32](repeating: -1, count: matcher.decoder.vocabulary.maskWords)
      matcher.fillNextTokenBitmask(into: &row)
      self.row = row
      var (copy, bytes) = (matcher, [UInt8]())
      while let next = copy.nextOfCompletion, copy.accept(token: Int(next)) { bytes.append(next) }
      completion = bytes
    }
  }

  /// What is said along random code.
  private static func places(_ decoder: CompiledDecoder, seed: UInt64, count: Int) -> [Place] {
    var random = SplitMix64(seed: seed)
    var result: [Place] = []
    var matcher = decoder.matcher()
    while result.count < count {
      result.append(Place(matcher))
      guard let token = matcher.allowedTokens().filter({ $0 < 256 }).randomElement(using: &random),
        matcher.accept(token: token), matcher.tokenCount < 24
      else {
        matcher.reset()
        continue
      }
    }
    return result
  }

  @Test(arguments: ["x86-64", "arm64"]) func placesAreThoseOfDecodersMadeAnew(isa: String) throws {
    let constraints = Self.constraints(isa)
    var compiled = try decoder(constraints[0])
    for (index, constraint) in constraints.enumerated() {
      compiled = try compiled.with(constraint)
      let anew = try decoder(constraint)
      #expect(compiled.report == anew.report && compiled.constraint == constraint)
      let count = Scale.of(30, full: 2_000)
      let expected = Self.places(anew, seed: UInt64(index), count: count)
      #expect(Self.places(compiled, seed: UInt64(index), count: count) == expected)
      #expect(Set(expected).count > 3)
    }
  }

  /// A stack that an addition would release is not taken where flags have to be kept, though another decoder
  /// found that addition.
  @Test func endsDependOnWhatIsKept() throws {
    let code = try SemanticsTests.bytes("x86-64", "lea rsp, [rsp - 24]").map { Int32($0) }
    var constraint = SemanticsTests.constraint("x86-64")
    constraint.allowedMnemonics = ["add", "lea", "mov", "ret"]
    let first = try decoder(constraint)
    #expect(first.matcher(after: code) != nil)
    constraint.mayChange = ["rax"]
    constraint.flagsMayChange = false
    #expect(try first.with(constraint).matcher(after: code) == nil)
  }

  /// Several threads use decoders that are made from one.
  @Test(arguments: ["x86-64", "arm64"]) func threadsShare(isa: String) async throws {
    let constraints = Self.constraints(isa).prefix(3)
    let first = try decoder(constraints[0])
    let found = try await withThrowingTaskGroup(of: (Int, [Place]).self) { group in
      for (index, constraint) in constraints.enumerated() {
        group.addTask { (index, Self.places(try first.with(constraint), seed: 7, count: 30)) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for (index, constraint) in constraints.enumerated() {
      #expect(found[index] == Self.places(try decoder(constraint), seed: 7, count: 30))
    }
  }
}
