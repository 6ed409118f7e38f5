import Glibc
import Testing

/// The gate as a user meets it: right answer, right status, nothing lost.
@Suite struct GateTests {
  @Test func coldWarmAndLocked() {
    let repository = Repository()
    let cold = repository.gate()
    #expect(cold.status == 0 && cold.output.contains("2 proved  in"), "\(cold)")
    let record = repository.record
    #expect(record.contains("https://in-toto.io/Statement/v1"))
    let warm = repository.gate()
    #expect(warm.status == 0 && warm.output.contains("2 of them from the cache"), "\(warm)")
    let locked = repository.gate(["--locked"])
    #expect(locked.status == 0 && locked.output.contains("2 proved  in"), "\(locked)")
    #expect(repository.record == record)
  }

  /// Different processes have different hash seeds; records and queries do not depend on them.
  @Test(arguments: ["sort3.x86-64.gcc-O0", "sum.arm64.gcc-O0", "find.x86-64.clang-O2"])
  func recordsAreTheSameInEveryProcess(kernel: String) {
    let folder = kernel.prefix { $0 != "." }
    let scratch = Scratch()
    Scratch.write(
      """
      version: 1
      kernels:
        - code: \(kernel).o
          specification: \(folder).smt
      """, to: scratch.path("binverify.yml"))
    for name in ["\(kernel).o", "\(folder).smt"] {
      Repository.copy("\(Command.root)/samples/\(folder)/\(name)", to: scratch.path(name))
    }
    var texts: Set<String> = []
    for number in 0..<4 {
      let result = Command.run(
        ["gate", "--no-cache", "--proofs", "p\(number)"], in: scratch.folder)
      #expect(result.status == 0, "\(result)")
      texts.insert(Scratch.read(scratch.path("p\(number)/\(kernel).json")))
      _ = Command.execute("/bin/rm", ["-r", scratch.path("p\(number)")])
    }
    #expect(texts.count == 1 && texts.first?.isEmpty == false)
  }

  @Test func changedCode() {
    let repository = Repository()
    _ = repository.gate()
    Repository.copy(
      "\(Command.root)/samples/abs32/abs32.x86-64.gcc-O0.o",
      to: repository.scratch.path("abs32.x86-64.hand.o"))
    let locked = repository.gate(["--locked"])
    #expect(locked.status == 3 && locked.output.contains("the code changed"), "\(locked)")
    #expect(locked.output.contains("1 proved, 1 stale"))
    let again = repository.gate()
    #expect(again.status == 0 && again.output.contains("1 of them from the cache"), "\(again)")
    Repository.copy(
      "\(Command.root)/samples/abs32/abs32.x86-64.wrong-narrow.o",
      to: repository.scratch.path("abs32.x86-64.hand.o"))
    let wrong = repository.gate()
    #expect(wrong.status == 1 && wrong.output.contains("1 proved, 1 refuted"), "\(wrong)")
  }

  @Test func changedSpecification() {
    let repository = Repository()
    _ = repository.gate()
    let text = Scratch.read(repository.scratch.path("abs32.smt"))
    repository.write(text + "; another line\n", to: "abs32.smt")
    let locked = repository.gate(["--locked"])
    #expect(
      locked.status == 3 && locked.output.contains("the specification changed"), "\(locked)")
    let anew = repository.gate()
    #expect(anew.status == 0 && !anew.output.contains("from the cache"), "\(anew)")
  }

  /// What is edited in a record shows, be it a digest, the verdict or one space.
  @Test(arguments: [
    ("\"placement\" : 1", "\"placement\" : 2"), ("\"proved\"", "\"proven\""), ("{\n", "{ \n"),
    ("\"placements\" : 1", "\"placements\" : 2"), ("\"never faults\"", "\"no faults\""),
    ("\"engine\" : \"", "\"engine\" : \"9"), ("never faults", "never \\u0066aults"),
    ("\"stage\" : \"sat\"", "\"stage\" : \"rewrite\""),
  ])
  func editedRecord(old: String, new: String) {
    let repository = Repository()
    _ = repository.gate()
    let record = repository.record
    #expect(record.contains(old))
    repository.write(record.replacing(old, with: new), to: "proofs/abs32.x86-64.hand.json")
    let locked = repository.gate(["--locked"])
    #expect(locked.status == 3 && locked.output.contains("1 proved, 1 stale"), "\(locked)")
    #expect(repository.gate().status == 0 && repository.record == record)
  }

  /// A record made up for wrong code: evaluation finds an input against it, without any solver.
  @Test func wrongCodeGetsNoRecord() {
    let repository = Repository()
    Repository.copy(
      "\(Command.root)/samples/abs32/abs32.x86-64.wrong-narrow.o",
      to: repository.scratch.path("abs32.x86-64.hand.o"))
    _ = repository.gate()
    #expect(repository.record.isEmpty)
    let missing = repository.gate(["--locked"])
    #expect(missing.status == 3 && missing.output.contains("no proof on record"), "\(missing)")
  }

  @Test func editedCache() {
    let repository = Repository()
    _ = repository.gate()
    let entries = repository.entries("kernels")
    #expect(entries.count == 2)
    for entry in entries {
      let text = Scratch.read(entry)
      Scratch.write(text.replacing("\"proved\"", with: "\"Proved\""), to: entry)
    }
    let result = repository.gate()
    #expect(result.status == 0 && !result.output.contains("from the cache"), "\(result)")
    #expect(result.errors.contains("changed since it was written; not used"), "\(result)")
    let mended = repository.gate()
    #expect(mended.output.contains("2 of them from the cache") && mended.errors.isEmpty)
  }

  @Test func readOnlyCache() {
    let repository = Repository()
    let result = Command.run(
      ["gate", "--cache", "/proc/self/nothing"], in: repository.scratch.folder)
    #expect(result.status == 0 && result.output.contains("2 proved"), "\(result)")
    _ = repository.gate()
    // Root writes where modes forbid it, so that the folder is one where nobody can.
    let full = Command.run(["gate", "--cache", "/dev/full"], in: repository.scratch.folder)
    #expect(full.status == 0 && full.output.contains("2 proved"), "\(full)")
  }

  @Test func expiredLimit() {
    let repository = Repository()
    let manifest = Scratch.read(repository.scratch.path("binverify.yml"))
    repository.write(
      manifest.replacing("kernels:", with: "defaults: {timeout: 0.000001}\nkernels:"),
      to: "binverify.yml")
    let result = repository.gate()
    #expect(result.status == 3 && result.output.contains("2 inconclusive"), "\(result)")
    #expect(repository.record.isEmpty && repository.entries("kernels").isEmpty)
    repository.write(
      manifest.replacing(
        "kernels:", with: "defaults: {timeout: 0.000001, inconclusive: warn}\nkernels:"),
      to: "binverify.yml")
    let warned = repository.gate()
    #expect(warned.status == 0 && warned.output.contains("only warns here"), "\(warned)")
  }

  @Test func twoAtOnce() {
    let repository = Repository()
    let script = "for i in 1 2 3 4; do \"$0\" gate --cache cache -q > out$i & done; wait"
    _ = Command.execute(
      "/bin/sh", ["-c", script, Command.executable], in: repository.scratch.folder)
    for number in 1...4 {
      let output = Scratch.read(repository.scratch.path("out\(number)"))
      #expect(output.hasPrefix("2 proved"), "\(output)")
    }
    #expect(repository.gate().output.contains("2 of them from the cache"))
    #expect(repository.gate(["--locked"]).status == 0)
  }

  @Test(arguments: [
    ("version: 1\nkernels:\n  - {code: a.o, spec: b}", "binverify.yml:3:17: error: 'spec'"),
    ("kernels: []", "binverify.yml:1:1: error: the key 'version'"),
  ])
  func badManifest(text: String, message: String) {
    let repository = Repository()
    repository.write(text, to: "binverify.yml")
    let result = repository.gate()
    #expect(result.status == 2 && result.output.isEmpty, "\(result)")
    #expect(result.errors.hasPrefix(message), "\(result)")
  }

  @Test func initWritesAManifestThatHolds() {
    let repository = Repository()
    let result = Command.run(["gate", "init", "."], in: repository.scratch.folder)
    #expect(result.status == 0, "\(result)")
    repository.write(result.output, to: "binverify.yml")
    let gate = repository.gate()
    #expect(gate.status == 0 && gate.output.contains("2 proved"), "\(gate)")
    #expect(Command.run(["gate", "init", "/proc/self/fd"]).status == 2)
  }

  /// Code that returns something that depends on an uninitialised register passes where that is not
  /// asked about, and the record and the report say what was not.
  @Test func requiredObligations() {
    let repository = Repository()
    repository.write(
      """
      ; any: nothing is promised of the result.
      (set-logic QF_BV)
      (set-info :kernel "uint32_t any(void)")
      (declare-const result (_ BitVec 32))
      (define-fun requires () Bool true)
      (define-fun ensures () Bool true)
      """, to: "any.smt")
    repository.write("89 c8 c3\n", to: "any.hex")
    let manifest = """
      version: 1
      kernels:
        - code: any.hex
          isa: x86-64
          specification: any.smt
      """
    repository.write(manifest, to: "binverify.yml")
    let all = repository.gate()
    #expect(all.status == 1 && all.output.contains("independence"), "\(all)")
    repository.write(
      manifest + "\n    obligations: [termination, faults, memory, abi, ensures]\n",
      to: "binverify.yml")
    let some = repository.gate()
    #expect(some.status == 0 && some.output.contains("not asked for: independence"), "\(some)")
    let record = Scratch.read(repository.scratch.path("proofs/any.json"))
    #expect(record.contains("\"waived\" : [") && !record.contains("\"kind\" : \"independence\""))
    #expect(repository.gate(["--locked"]).status == 0)
    // The record of less is none of more.
    repository.write(manifest, to: "binverify.yml")
    let locked = repository.gate(["--locked"])
    #expect(locked.status == 3 && locked.output.contains("the options changed"), "\(locked)")
  }

  /// 200 kernels made from the samples by renaming registers and exchanging instructions: all proved,
  /// all found again in the cache and on record, and only the one that changed proved anew.
  @Test func twoHundredKernels() {
    let result = Command.execute(
      "/usr/bin/env",
      ["python3", "Benchmarks/gate.py", Command.executable, "--runs", "1", "--no-peer"])
    #expect(result.status == 0 && result.output.contains("one changed byte"), "\(result)")
  }
}
