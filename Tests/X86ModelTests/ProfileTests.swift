import MachineModel
import Testing
import X86Model

/// CPUs and features by name.
struct ProfileTests {
  @Test func everyFeatureOfARowIsKnown() {
    let known = X86().catalogue.features
    let unknown = Set(X86().forms.flatMap(\.features)).subtracting(known)
    #expect(unknown.isEmpty, "\(unknown.sorted())")
  }

  @Test func levelsGrow() {
    let levels = (1...4).compactMap { try? X86().profile(named: "x86-64-v\($0)").features }
    #expect(levels.count == 4)
    for (less, more) in zip(levels, levels.dropFirst()) { #expect(less.isStrictSubset(of: more)) }
  }

  @Test func aFeatureBringsWhatItNeeds() throws {
    let features = try #require(try X86().profile(named: "x86-64+vpclmulqdq").features)
    #expect(features.isSuperset(of: ["AVX", "PCLMULQDQ", "SSE4_2", "POPCNT"]))
    #expect(!features.contains("AVX2"))
  }

  @Test func namesAreReadInAnyCase() throws {
    let profile = try X86().profile(named: "X86-64-V2+SSE4.1+Pclmul")
    #expect(profile.name == "x86-64-v2+sse4.1+pclmul")
    #expect(profile.features?.contains("PCLMULQDQ") == true)
  }

  @Test func aRestrictedArchitectureRefusesWhatItLacks() throws {
    let cpu = try X86().profile(named: "x86-64-v1")
    let restricted = X86().restricted(to: cpu)
    let andn = bytes("C4 E2 70 F2 C2")
    let form = try X86().decode(andn[...], at: 0).form
    #expect(cpu.missing(for: form) == form.features)
    do {
      _ = try restricted.decode(andn[...], at: 0)
      #expect(form.features.isEmpty)
    } catch {
      #expect(error.kind == .unsupported && error.bytes == andn)
      #expect(error.reason.hasSuffix("needs BMI1, which x86-64-v1 does not have"))
    }
  }
}
