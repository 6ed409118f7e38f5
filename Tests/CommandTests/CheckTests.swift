import Testing

/// A second opinion on records, from solvers that are there and from programs that only look like one.
@Suite struct CheckTests {
  private let repository = Repository()

  init() { _ = repository.gate() }

  private func check(_ arguments: [String]) -> Command.Result {
    Command.run(
      ["check", "proofs/abs32.x86-64.hand.json", "--no-cache"] + arguments,
      in: repository.scratch.folder)
  }

  /// A program that runs `script` whatever it is asked.
  private func solver(_ name: String, _ script: String) -> String {
    repository.write("#!/bin/sh\n\(script)\n", to: name)
    _ = repository.shell("chmod +x \(name)")
    return "./\(name)"
  }

  /// The sample's one query was settled by CaDiCaL.
  @Test(arguments: ["z3", "cvc5"]) func confirms(solver: String) {
    let result = check(["--solver", solver])
    #expect(result.status == 0 && result.output.hasPrefix("confirmed "), "\(result)")
    #expect(result.output.contains("1 query"), "\(result)")
  }

  /// Only the word alone counts.
  @Test(arguments: [
    "echo unsat; exit 1", "echo '(error \"line 1\")'; echo unsat", "echo unsat; echo unsat",
    "echo UNSAT", "echo unknown", "exit 0", "kill -9 $$", "echo unsatisfiable", "sleep 60",
    "echo unsat; sleep 60",
  ])
  func otherWordsAreNoProof(script: String) {
    let result = check(["--solver", solver("odd", script), "--timeout", "0.3"])
    #expect(result.status == 3 && result.output.contains("1 unsettled"), "\(script): \(result)")
    #expect(result.output.contains("ensures, placement 1, proved by sat: not settled"))
  }

  @Test func aSolutionContradicts() {
    let result = check(["--solver", solver("liar", "echo sat")])
    #expect(result.status == 1 && result.output.contains("liar"), "\(result)")
    #expect(result.output.contains("1 contradicted"))
  }

  /// The script reaches the solver as it is on record.
  @Test func theQueryIsTheOneOnRecord() {
    let spy = solver("spy", "[ \"$1\" = --version ] || sha256sum > seen; echo unsat")
    #expect(check(["--solver", spy]).status == 0)
    let digest = Scratch.read(repository.scratch.path("seen")).prefix(64)
    #expect(digest.count == 64 && repository.record.contains(digest), "\(digest)")
  }

  /// Z3 is no second opinion on what Z3 proved, whatever its program is called.
  @Test func theProverIsNotAsked() {
    let manifest = Scratch.read(repository.scratch.path("binverify.yml"))
    repository.write(
      manifest.replacing("kernels:", with: "defaults: {engine: [z3]}\nkernels:"),
      to: "binverify.yml")
    #expect(repository.gate().status == 0)
    #expect(repository.record.contains("\"stage\" : \"z3\""))
    let other = solver("other", "exec z3 \"$@\"")
    for name in ["z3", other] {
      let result = check(["--solver", name])
      #expect(result.status == 3, "\(result)")
      #expect(result.output.contains("no other solver than z3 is installed"), "\(result)")
    }
    #expect(check(["--solver", "z3", "--solver", "cvc5"]).status == 0)
  }

  @Test func writesWhoAgreed() {
    let before = repository.record
    #expect(check(["--solver", "z3", "--write"]).status == 0)
    let after = repository.record
    #expect(after.contains("\"confirmedBy\" : [") && after.contains("\"Z3 "), "\(after)")
    #expect(repository.gate(["--locked"]).status == 0)
    // Proving again keeps what is said of queries that are the same.
    #expect(repository.gate(["--no-cache"]).status == 0 && repository.record == after)
    // Nothing but the names was added.
    #expect(after.count > before.count && after.contains(before.prefix(200)))
  }

  @Test func aSignedRecordIsSignedAnew() {
    _ = repository.shell(
      "openssl genpkey -algorithm ed25519 -out k && openssl pkey -in k -pubout -out p")
    #expect(repository.gate(["--sign", "k"]).status == 0)
    let refused = check(["--solver", "z3", "--write"])
    #expect(
      refused.status == 2 && refused.errors.contains("--sign has to name a key"), "\(refused)")
    // What was not confirmed is not vouched for.
    let odd = solver("odd", "echo unknown")
    let before = repository.shell("cat proofs/*").output
    #expect(check(["--solver", odd, "--write", "--sign", "k"]).status == 3)
    #expect(repository.shell("cat proofs/*").output == before)
    #expect(check(["--solver", "z3", "--write", "--sign", "k"]).status == 0)
    #expect(repository.record.contains("confirmedBy"))
    #expect(repository.gate(["--locked", "--key", "p"]).status == 0)
  }

  @Test func recordsOfSomethingElse() {
    Repository.copy(
      "\(Command.root)/samples/abs32/abs32.x86-64.gcc-O0.o",
      to: repository.scratch.path("abs32.x86-64.hand.o"))
    let changed = check(["--solver", "z3"])
    #expect(changed.status == 3 && changed.output.contains("the code changed"), "\(changed)")
    repository.write("{}", to: "proofs/abs32.x86-64.hand.json")
    #expect(check(["--solver", "z3"]).status == 2)
    _ = repository.shell("mv proofs/abs32.arm64.hand.json proofs/abs32.x86-64.hand.json")
    let renamed = check(["--solver", "z3"])
    #expect(renamed.status == 2 && renamed.output.contains("is called"), "\(renamed)")
  }

  @Test func solversThatAreNone() {
    for name in ["no-such-solver", "./abs32.smt", "/"] {
      let result = check(["--solver", name])
      #expect(result.status == 2 && result.errors.contains("is no program"), "\(result)")
    }
  }

  /// What was settled once is not asked again, and a changed entry is.
  @Test func theCacheIsUsed() {
    let counting = solver(
      "counting", "[ \"$1\" = --version ] || echo >> calls; echo unsat")
    for _ in 0..<2 {
      let result = Command.run(
        ["check", "proofs/abs32.x86-64.hand.json", "--cache", "cache", "--solver", counting],
        in: repository.scratch.folder)
      #expect(result.status == 0, "\(result)")
    }
    #expect(Scratch.read(repository.scratch.path("calls")) == "\n")
  }
}
