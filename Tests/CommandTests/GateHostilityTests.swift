import Glibc
import Testing

/// The gate in a repository whose files and manifest were made to mislead it.
@Suite struct GateHostilityTests {
  /// Right and wrong code for `abs32`, as hexadecimal text.
  private static let (right, wrong) = ("89f8 f7d8 0f48c7 c3", "31c0 c3")

  private static func repository(_ entries: String) -> Repository {
    let repository = Repository()
    repository.write(right, to: "right.hex")
    repository.write(wrong, to: "wrong.hex")
    repository.write(manifest(entries), to: "binverify.yml")
    return repository
  }

  private static func manifest(_ entries: String) -> String {
    "version: 1\ndefaults: {isa: x86-64}\nkernels:\n\(entries)\n"
  }

  // MARK: The cache

  /// A proof of less than everything is none of everything, whatever else the entry says.
  @Test func provenanceIsNoObligation() {
    let kernel = "  - {code: wrong.hex, specification: abs32.smt"
    let repository = GateHostilityTests.repository(
      kernel + ", obligations: [termination, faults, memory, abi]}")
    #expect(repository.gate(["--no-records"]).status == 0)
    repository.write(
      GateHostilityTests.manifest(kernel + ", provenance: {ensures: independence}}"),
      to: "binverify.yml")
    let result = repository.gate()
    #expect(result.status == 1 && result.output.contains("0 proved, 1 refuted"), "\(result)")
  }

  /// No symbol is another thing than a symbol that is called `-`.
  @Test func aSymbolThatIsCalledNothing() {
    let repository = GateHostilityTests.repository(
      "  - {name: k, code: a.o, specification: abs32.smt}")
    repository.write(
      """
      .intel_syntax noprefix
      .globl right
      .type right, @function
      .type "-", @function
      right: mov eax, edi; neg eax; cmovs eax, edi; ret
      .size right, .-right
      "-": xor eax, eax; ret
      .size "-", .-"-"
      """, to: "a.s")
    let assembled = repository.shell("as a.s -o a.o")
    #expect(assembled.status == 0, "\(assembled)")
    #expect(repository.gate().status == 0)
    repository.write(
      GateHostilityTests.manifest(
        "  - {name: k, code: a.o, symbol: '-', specification: abs32.smt}"),
      to: "binverify.yml")
    let result = repository.gate()
    #expect(result.status == 1 && result.output.contains("0 proved, 1 refuted"), "\(result)")
  }

  /// Two files whose names look alike are two files, for the cache and for git.
  @Test func namesThatLookAlike() {
    let (composed, decomposed) = ("\u{e9}.hex", "e\u{301}.hex")
    let repository = GateHostilityTests.repository(
      """
        - {name: one, code: \(composed), specification: abs32.smt}
        - {name: two, code: \(decomposed), specification: abs32.smt}
      """)
    repository.write(GateHostilityTests.right, to: composed)
    repository.write(GateHostilityTests.right, to: decomposed)
    #expect(repository.gate().status == 0)
    repository.commit()
    repository.write(GateHostilityTests.wrong, to: decomposed)
    let result = repository.gate()
    #expect(result.status == 1 && result.output.contains("1 proved, 1 refuted"), "\(result)")
    let since = repository.gate(["--since", "HEAD"])
    #expect(since.status == 1 && since.output.contains("0 proved, 1 refuted"), "\(since)")
  }

  // MARK: Files

  @Test func aPipeOrADeviceIsNoKernel() {
    let repository = GateHostilityTests.repository(
      """
        - {name: pipe, code: pipe, specification: abs32.smt}
        - {name: zero, code: right.hex, specification: zero}
        - {name: record, code: right.hex, specification: abs32.smt}
      """)
    _ = repository.shell(
      "mkfifo pipe; ln -s /dev/zero zero; mkdir proofs; ln -s /dev/zero proofs/record.json")
    let result = repository.shell("ulimit -v 8000000; timeout 60 \"$0\" gate --no-cache")
    #expect(result.status == 2 && result.output.contains("1 proved, 2 invalid"), "\(result)")
    #expect(result.output.contains("pipe: error: is a device or a pipe"), "\(result)")
    #expect(result.output.contains("zero: error: is a device or a pipe"), "\(result)")
  }

  // MARK: Tolerance

  /// A worker that cannot find a proof again says nothing of the code, whatever kept it from that.
  @Test func lockedToleratesNoWorkerThatDies() {
    let kernel = "  - {code: right.hex, specification: abs32.smt"
    let repository = GateHostilityTests.repository(kernel + "}")
    #expect(repository.gate().status == 0)
    repository.write(
      GateHostilityTests.manifest(kernel + ", memory: 1K, inconclusive: warn}"),
      to: "binverify.yml")
    let result = repository.gate(["--locked"])
    #expect(result.status == 3 && result.output.contains("0 proved, 1 stale"), "\(result)")
    #expect(result.output.contains("was not found again: out of memory"), "\(result)")
    let proving = repository.gate(["--no-cache"])
    #expect(proving.status == 0 && proving.output.contains("only warns here"), "\(proving)")
  }

  @Test func aWorkerThatDoesNotStartIsNotTolerated() {
    let repository = GateHostilityTests.repository(
      "  - {code: right.hex, specification: abs32.smt, inconclusive: warn}")
    // One file at a time may be open besides the standard ones; a worker needs a pipe.
    let result = repository.shell("ulimit -n 4; \"$0\" gate --no-cache")
    #expect(result.status == 3 && result.output.contains("no process for the worker"), "\(result)")
  }

  @Test func anInterruptIsNotTolerated() {
    let repository = GateHostilityTests.repository(
      "  - {code: popcount64.o, specification: popcount64.smt, engine: z3, inconclusive: warn}")
    for (name, copy) in [("x86-64.gcc-O0.o", "o"), ("smt", "smt")] {
      Repository.copy(
        "\(Command.root)/samples/popcount64/popcount64.\(name)",
        to: repository.scratch.path("popcount64.\(copy)"))
    }
    let result = repository.shell(
      """
      env --default-signal=INT "$0" gate --no-cache > out 2>&1 & gate=$!
      i=0
      until [ -n "$(cat /proc/$gate/task/$gate/children)" ]; do
        i=$((i + 1)); [ $i -lt 600 ] || exit 99
        sleep 0.1
      done
      kill -INT $gate; wait $gate
      """)
    let output = Scratch.read(repository.scratch.path("out"))
    #expect(result.status == 3 && output.contains("interrupted"), "\(result) \(output)")
  }

  // MARK: Reports

  /// A proof of less than everything is not passed off as one, in few words either.
  @Test func quietSaysWhatIsProvedInPart() {
    let repository = GateHostilityTests.repository(
      "  - {code: right.hex, specification: abs32.smt, obligations: [termination, faults, memory, abi]}"
    )
    let result = repository.gate(["--quiet"])
    #expect(result.output.hasPrefix("1 proved (1 of them in part)  in "), "\(result)")
  }

  /// No file, symbol or word of a specification begins a line of what is printed.
  @Test func namesDoNotForgeLines() {
    let forged =
      "\\n::stop-commands::x\\nproved  evil  in 3 ms\\n9 proved  in 1 ms\\n\\x9b2J\\e2K\\r"
    let repository = GateHostilityTests.repository(
      """
        - {name: a, code: "no\(forged)", specification: abs32.smt}
        - {name: b, code: right.hex, specification: "no\(forged)"}
        - {name: c, code: right.hex, specification: word.smt}
        - {name: d, code: right.hex, cpu: "no\(forged)", specification: abs32.smt}
        - {name: e, code: right.hex, symbol: "no\(forged)", specification: abs32.smt}
        - {name: f, code: right.hex, reference: "no\(forged)", prototype: int f(int x)}
        - {name: g, code: right.hex, reference: right.hex, prototype: "int f(\(forged)"}
      """)
    repository.write(
      """
      (set-logic QF_BV)
      (set-info :kernel "int f(int x)")
      (declare-const |x\n::stop-commands::x\nproved  evil  in 3 ms\r| (_ BitVec 32))
      (define-fun ensures () Bool true)
      """, to: "word.smt")
    let gate = repository.gate()
    #expect(gate.status == 2 && gate.output.contains("\n0 proved, 7 invalid"), "\(gate)")
    let prove = Command.run(
      ["prove", "right.hex", "word.smt", "--isa", "x86-64"], in: repository.scratch.folder)
    let path = Command.run(
      ["prove", "no\n::stop-commands::x\u{9b}2J", "abs32.smt"], in: repository.scratch.folder)
    #expect(prove.status == 2 && path.status == 2, "\(prove) \(path)")
    for text in [gate.output, gate.errors, prove.errors, path.errors] {
      let lines = text.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }
      #expect(!lines.contains { $0.hasPrefix("::") || $0.hasPrefix("proved") }, "\(text)")
      let isPlain = text.unicodeScalars.allSatisfy {
        $0 == "\n" || $0.value >= 0x20 && !(0x7f..<0xa0).contains($0.value)
      }
      #expect(isPlain, "\(text)")
    }
    #expect(prove.errors.split(separator: "\n").count == 1, "\(prove)")
  }

  /// What the gate reads is not written over by what it writes.
  @Test(arguments: ["binverify.yml", "right.hex", "abs32.smt", "./right.hex", "linked"])
  func noReportOverAnInput(path: String) {
    let repository = GateHostilityTests.repository(
      "  - {code: right.hex, specification: abs32.smt}")
    _ = repository.shell("ln abs32.smt linked")
    let result = repository.gate(["--report", "json=\(path)"])
    #expect(result.status == 2 && result.errors.contains("is read as well"), "\(result)")
    #expect(!repository.scratch.names.contains("proofs") && repository.gate().status == 0)
  }
}
