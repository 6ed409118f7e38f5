import ARM64Model
import MachineModel
import Testing

/// CPUs and features by name.
struct ProfileTests {
  @Test func everyFeatureOfARowIsKnown() {
    let known = ARM64().catalogue.features
    let unknown = Set(ARM64().forms.flatMap(\.features)).subtracting(known)
    #expect(unknown.isEmpty, "\(unknown.sorted())")
  }

  @Test func versionsGrow() {
    let versions = ARM64().catalogue.profiles.filter { $0.name != "armv8-a" }.compactMap(\.features)
    for (less, more) in zip(versions, versions.dropFirst()) {
      #expect(less.isStrictSubset(of: more))
    }
  }

  @Test func theHashesOfVersion2() throws {
    let features = try #require(try ARM64().profile(named: "armv8.2-a+sha3").features)
    #expect(features.isSuperset(of: ["FEAT_SHA3", "FEAT_SHA512", "FEAT_SHA256", "FEAT_LSE"]))
    #expect(!features.contains("FEAT_AES"))
  }
}
