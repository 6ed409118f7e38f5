import BinVerify
import ConstrainedDecoding
import FoundationEssentials
import Testing

/// What is written of constraints and vocabularies by others.
@Suite struct ConstraintTextTests {
  @Test(arguments: [
    (#"{"isa": "x86-64", "foo": 1}"#, "foo"),
    (#"{"isa": "x86-64", "allowStores": null}"#, "allowStores"),
    (
      #"{"isa": "x86-64", "buffers": [{"name": "p", "register": "rdi", "byteCount": 8, "isWritable": true, "foo": 1}]}"#,
      "buffers.foo"
    ),
    (#"{"isa": "x86-64", "maximumBytes": 2.5}"#, "maximumBytes"),
    (#"{"isa": "x86-64", "addresses": "any"}"#, "addresses"),
    (#"{"isa": 3}"#, "isa"), ("[]", "a constraint"),
    (#"{"isa": "x86-64", "maximumBytes": 1, "maximumBytes": 500}"#, "a constraint"),
    (
      #"{"isa": "x86-64", "buffers": [{"name": "a\":\\", "register": "rdi", "byteCount": 8, "byteCount": 4, "isWritable": true}]}"#,
      "a constraint"
    ),
  ])
  func whatIsNoPartOfAConstraintIsRefused(_ text: String, _ part: String) {
    let error = #expect(throws: DecoderError.self) { try DecodingConstraint(json: text) }
    #expect(error?.description.hasPrefix(part) ?? false, "\(error?.description ?? "nothing")")
  }

  /// The page that the header sends its readers to names every member.
  @Test func everyMemberIsDocumented() throws {
    let members = Mirror(reflecting: DecodingConstraint(isa: "x86-64")).children.compactMap(\.label)
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let page = try String(contentsOfFile: "/\(root)/Docs/Decoding.md", encoding: .utf8)
    #expect(members.count > 20)
    for member in members { #expect(page.contains("`\(member)`"), "\(member)") }
  }

  @Test func whatIsLeftOutMayBeNull() throws {
    let constraint = try DecodingConstraint(
      json: #"{"isa": "x86-64", "maximumBytes": null, "cpu": null, "allowedMnemonics": ["ret"]}"#)
    // Colons in texts are none of an object's.
    _ = try DecodingConstraint(
      json: #"""
        {"isa": "x86-64", "buffers": [
          {"name": "a\":\\", "register": "rdi", "byteCount": 8, "isWritable": true}]}
        """#)
    #expect(constraint.maximumBytes == nil && constraint.allowedMnemonics == ["ret"])
    #expect(constraint.addresses == .known)
  }

  @Test(arguments: [Int.max, 1 << 24, -1, Int.min, 3])
  func tokensOfHostileNumbersAreRefused(_ id: Int) {
    let text = #"{"model": {"type": "BPE", "vocab": {"a": 3, "b": \#(id)}, "merges": []}}"#
    #expect(throws: DecoderError.self) {
      try TokenVocabulary(huggingFace: text, end: [], alphabet: .bytes)
    }
  }
}
