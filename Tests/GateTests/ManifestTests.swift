import Gate
import Glibc
import ObjectFiles
import Testing

/// From text to kernels, and what is said of texts that are none.
@Suite struct ManifestTests {
  @Test func readsAnEntry() throws {
    let manifest = try Manifest(
      text: """
        version: 1
        defaults:
          timeout: 5
          cpu: x86-64-v3
        kernels:
          - code: kernels/abs.o
            symbol: abs32
            specification: abs.smt
            inconclusive: warn
            memory: 512M
            provenance: {model: m1, seed: 7}
          - name: other
            code: b.bin
            isa: arm64
            cpu: [x86-64-v2, armv8.2-a]
            reference: a.o
            prototype: int f(int x)
        """, file: "some/binverify.yml")
    #expect(manifest.folder == "some/" && manifest.kernels.count == 2)
    let (first, second) = (manifest.kernels[0], manifest.kernels[1])
    #expect(first.name == "abs" + ".abs32" || first.name == "abs")
    #expect(first.limits.seconds == 5 && first.limits.memory == 512 << 20)
    #expect(first.cpus == ["x86-64-v3"] && first.tolerance == .warn && first.line == 6)
    #expect(first.provenance == ["model": "m1", "seed": "7"])
    #expect(first.obligation == .specification("abs.smt"))
    #expect(second.name == "other" && second.isa == "arm64" && second.cpus.count == 2)
    #expect(
      second.obligation
        == .reference(
          try InputArgument("a.o"), specification: nil, prototype: "int f(int x)"))
  }

  @Test(arguments: [
    ("", "1:1"), ("- a", "1:1"), ("version: 2\nkernels: []", "1:10"),
    ("version: 1\nkernels: []", "2:10"), ("version: 1\nkernel: []", "2:1"),
    ("version: 1\nkernels:\n  - code: a.o\n    spec: b", "4:5"),
    ("version: 1\nkernels:\n  - code: a.o", "3:5"),
    ("version: 1\nkernels:\n  - code: a.o\n    specification: b\n    timeout: -1", "5:14"),
    ("version: 1\nkernels:\n  - code: a.o\n    specification: b\n    engine: [z3, q]", "5:18"),
    ("version: 1\nkernels:\n  - code: '*.none'\n    specification: b", "3:11"),
    (
      "version: 1\nkernels:\n  - {code: a.o, specification: b}\n  - {code: c/a.o, specification: b}",
      "4:5"
    ),
    ("version: 1\nkernels:\n  - {name: ../a, code: a.o, specification: b}", "3:5"),
    ("version: 1\nkernels:\n  - {code: a.o, prototype: b}", "3:28"),
    ("version: 1\nkernels:\n  - {code: a.o, reference: b}", "3:5"),
    (
      "version: 1\nkernels:\n  - {code: a.o, specification: b, obligations: [ensures]}", "3:48"
    ),
    (
      "version: 1\nkernels:\n  - {code: a.o, specification: b, obligations: [all]}", "3:49"
    ),
    ("version: 1\nkernels: [", "3:1"), ("version: 1\nversion: 1\nkernels: []", "2:1"),
    ("version: 1\nkernels:\n  - {code: '-', specification: b}", "3:12"),
    ("version: 1\nkernels:\n  - {code: a.o, specification: '-'}", "3:32"),
    ("version: 1\nkernels:\n  - {code: a.o, prototype: p, reference: '-:f'}", "3:42"),
    ("version: 1\nkernels:\n  - {code: /a.o, specification: b}", "3:12"),
    ("version: 1\nkernels:\n  - {code: \"a.o\\0b\", specification: b}", "3:12"),
    ("version: 1\n---\nversion: 1", "3:1"), ("&a {version: 1, kernels: *a}", "1:1"),
  ])
  func refusesWithAPlace(text: String, place: String) throws {
    let error = #expect(throws: ManifestError.self) {
      try Manifest(text: text, file: "m.yml")
    }
    #expect(error?.description.hasPrefix("m.yml:\(place): error: ") == true, "\(error as Any)")
  }

  /// What a reference means follows from the files beside the manifest, wherever the gate runs.
  @Test func aReferenceIsLookedUpBesideTheManifest() throws {
    let folder = Folder()
    Folder.write([0xc3], to: "\(folder.path)/plain.bin:v1")
    let manifest = try Manifest(
      text: """
        version: 1
        kernels:
          - {name: file, code: k, reference: 'plain.bin:v1', prototype: p}
          - {name: symbol, code: k, reference: 'other.bin:v1', prototype: p}
        """, file: "\(folder.path)/m.yml")
    let references = manifest.kernels.map { kernel -> [String?] in
      guard case .reference(let input, _, _) = kernel.obligation else { return [] }
      return [input.path, input.symbol]
    }
    #expect(references == [["plain.bin:v1", nil], ["other.bin", "v1"]])
  }

  /// A file that is called like a pattern is one of those that match it, and a folder's name is no pattern.
  @Test func filesThatAreCalledLikePatterns() throws {
    let folder = Folder()
    Folder.write([0xc3], to: "\(folder.path)/k1.o")
    func codes(_ pattern: String, in name: String = "") throws -> [String] {
      try Manifest(
        text: "version: 1\nkernels: [{name: k, code: '\(pattern)', specification: s}]",
        file: "\(folder.path)/\(name)m.yml"
      ).kernels.map(\.code)
    }
    #expect(try codes("k[1].o") == ["k1.o"])
    Folder.write([0xc3], to: "\(folder.path)/k[1].o")
    #expect(throws: ManifestError.self) { try codes("k[1].o") }
    #expect(try codes("k\\[1].o*") == ["k[1].o"])
    mkdir("\(folder.path)/d[1]", 0o755)
    Folder.write([0xc3], to: "\(folder.path)/d[1]/a.o")
    #expect(try codes("*.o", in: "d[1]/") == ["a.o"])
    Folder.write([], to: "\(folder.path)/d[1]/a.smt")
    #expect(ManifestWriter(folder: folder.path).text.contains("d\\[1]/a.o'"))
  }

  /// A pattern takes the manifest's folder off what it matches by bytes.
  @Test func namesThatBeginWithAnAccent() throws {
    let folder = Folder()
    Folder.write([0xc3], to: "\(folder.path)/\u{301}k.bin")
    let manifest = try Manifest(
      text: "version: 1\nkernels: [{name: k, code: '*.bin', specification: s}]",
      file: "\(folder.path)/m.yml")
    #expect(manifest.kernels.map { Array($0.code.utf8) } == [Array("\u{301}k.bin".utf8)])
  }

  /// Texts that libyaml would need minutes for are refused at once.
  @Test(arguments: [
    String(repeating: "[", count: 200_000),
    String(repeating: "{a: ", count: 100_000),
    "[" + (0..<100_000).map { "&a\($0) x" }.joined(separator: ",") + "]",
  ])
  func textsThatTakeTooLong(text: String) {
    let error = #expect(throws: ManifestError.self) {
      try Manifest(text: "version: 1\nkernels: " + text, file: "m.yml")
    }
    #expect(error?.message.contains("more than") == true, "\(error as Any)")
  }
}
