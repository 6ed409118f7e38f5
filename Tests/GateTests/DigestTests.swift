import Gate
import Testing

/// Digests as FIPS 180-4's examples have them.
@Suite struct DigestTests {
  @Test func isSHA256() {
    #expect(
      Digest(of: "abc").hexadecimal
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test(arguments: ["", "ab", String(repeating: "G", count: 64), String(repeating: "A", count: 64)])
  func refusesOtherTexts(text: String) { #expect(Digest(hexadecimal: text) == nil) }
}
