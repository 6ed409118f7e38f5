import Glibc
import Testing

/// The gate when something goes wrong around it: right answer, right status, nothing lost.
@Suite struct GateRobustnessTests {
  /// Two kernels, the second of which keeps a solver busy for long.
  private static func busy() -> Repository {
    let repository = Repository()
    for name in ["popcount64.x86-64.gcc-O0.o", "popcount64.smt"] {
      Repository.copy(
        "\(Command.root)/samples/popcount64/\(name)", to: repository.scratch.path(name))
    }
    repository.write(
      """
      version: 1
      kernels:
        - code: abs32.x86-64.hand.o
          specification: abs32.smt
        - code: popcount64.x86-64.gcc-O0.o
          specification: popcount64.smt
          engine: z3
      """, to: "binverify.yml")
    return repository
  }

  /// Starts the gate, waits until the quick kernel is in the cache, and goes on with `script`, which
  /// finds the gate in `$gate`.
  private static func whileBusy(_ repository: Repository, _ script: String) -> Command.Result {
    repository.shell(
      """
      "$0" gate --cache cache --jobs 2 > out 2> err & gate=$!
      i=0
      until [ -n "$(find cache/kernels -type f -name '[0-9a-f]*' 2>/dev/null)" ]; do
        i=$((i + 1)); [ $i -lt 600 ] || { kill -9 $gate; echo never; exit 99; }
        sleep 0.1
      done
      \(script)
      """)
  }

  @Test func aKilledWorkerIsInconclusive() {
    let repository = GateRobustnessTests.busy()
    let result = GateRobustnessTests.whileBusy(
      repository,
      """
      kill -9 $(cat /proc/$gate/task/$gate/children)
      wait $gate
      """)
    let output = Scratch.read(repository.scratch.path("out"))
    #expect(result.status == 3 && output.contains("1 proved, 1 inconclusive"), "\(output)")
    #expect(output.contains("the worker was ended by signal 9"), "\(output)")
    #expect(repository.gate(["--only", "abs32.x86-64.hand"]).output.contains("from the cache"))
  }

  @Test func aKilledGateLosesOnlyWhatWasInFlight() {
    let repository = GateRobustnessTests.busy()
    let result = GateRobustnessTests.whileBusy(
      repository,
      """
      children=$(cat /proc/$gate/task/$gate/children)
      kill -9 $gate; wait $gate
      for i in $(seq 100); do
        alive=
        for child in $children; do
          [ ! -d /proc/$child ] || grep -qs 'State:.*zombie' /proc/$child/status || alive=$child
        done
        [ -n "$alive" ] || exit 0
        sleep 0.2
      done
      exit 98
      """)
    #expect(result.status == 0, "a worker outlived its gate: \(result)")
    let again = repository.gate(["--only", "abs32.x86-64.hand"])
    #expect(again.status == 0 && again.output.contains("1 of them from the cache"), "\(again)")
    #expect(repository.gate(["--only", "abs32.x86-64.hand", "--locked"]).status == 0)
    #expect(repository.shell("ls -A proofs").output == "abs32.x86-64.hand.json\n")
  }

  /// What a writer that was killed between writing and renaming leaves is swept away.
  @Test func leftoversAreSwept() {
    let repository = Repository()
    _ = repository.shell("mkdir proofs; sleep 0 & wait; echo half > proofs/.new-$!-abs32.json")
    #expect(repository.gate().status == 0)
    let names = repository.shell("ls -A proofs").output
    #expect(names == "abs32.arm64.hand.json\nabs32.x86-64.hand.json\n", "\(names)")
  }

  /// Runs a script where file systems may be mounted; nil, with the reason printed, where the system
  /// does not allow that.
  private static func mounting(_ repository: Repository, _ script: String) -> Command.Result? {
    let namespace = geteuid() == 0 ? "-m" : "-rm"
    let probe = Command.execute(
      "/usr/bin/unshare", [namespace, "mount", "-t", "tmpfs", "none", "/mnt"])
    guard probe.status == 0 else {
      print("not tested: no file system may be mounted here: \(probe.errors)")
      return nil
    }
    return Command.execute(
      "/usr/bin/unshare", [namespace, "/bin/sh", "-c", script, Command.executable],
      in: repository.scratch.folder)
  }

  @Test func aFullDiskUnderTheRecords() throws {
    let repository = Repository()
    let script = """
      mkdir -p proofs && mount -t tmpfs -o size=8k none proofs || exit 99
      head -c 8192 /dev/zero > proofs/filler
      "$0" gate --cache cache > out 2> err; echo $? > status
      ls -A proofs > names
      rm proofs/filler
      "$0" gate --cache cache > out2 2> err2; echo $? >> status
      cp -r proofs kept
      """
    guard GateRobustnessTests.mounting(repository, script) != nil else { return }
    func text(_ name: String) -> String { Scratch.read(repository.scratch.path(name)) }
    #expect(text("status") == "2\n0\n" && text("names") == "filler\n", "\(text("err"))")
    #expect(text("err").contains("cannot be written: No space left on device"), "\(text("err"))")
    #expect(text("out").contains("2 proved"))
    #expect(text("out2").contains("2 of them from the cache") && text("err2").isEmpty)
    _ = repository.shell("rm -rf proofs; mv kept proofs")
    #expect(repository.gate(["--locked"]).status == 0)
  }

  @Test func aFullOrReadOnlyCache() throws {
    let repository = Repository()
    let script = """
      mkdir cache && mount -t tmpfs -o size=8k none cache || exit 99
      head -c 8192 /dev/zero > cache/filler
      "$0" gate --cache cache > out 2> err; echo $? > status
      find cache -type f > names
      rm cache/filler
      "$0" gate --cache cache > out2 2> err2; echo $? >> status
      umount cache
      "$0" gate --cache cache -q; mount --bind cache cache && mount -o remount,ro,bind cache
      "$0" gate --cache cache > out3 2> err3; echo $? >> status
      """
    guard GateRobustnessTests.mounting(repository, script) != nil else { return }
    func text(_ name: String) -> String { Scratch.read(repository.scratch.path(name)) }
    #expect(text("status") == "0\n0\n0\n")
    #expect(text("names") == "cache/filler\n" && text("out").contains("2 proved"))
    #expect(text("out2").contains("2 proved") && text("err2").isEmpty)
    #expect(text("out3").contains("2 of them from the cache"), "\(text("out3"))\(text("err3"))")
  }

  @Test(arguments: ["gate --cache cache", "isa arm64", "gate init ."])
  func outputThatCannotBeWritten(_ command: String) {
    let result = Repository().shell("\"$0\" \(command) > /dev/full")
    #expect(result.status == 70 && result.errors.contains("No space left on device"), "\(result)")
  }

  @Test func moreJobsThanProcessors() {
    let repository = Repository()
    let result = repository.gate(["--jobs", "64"])
    #expect(result.status == 0 && result.output.contains("2 proved"), "\(result)")
  }

  /// A solver's stage in a record is taken only where no stage without a solver settles the query.
  @Test(arguments: ["sat", "z3", "enumerate", "rewrite", "split"])
  func aStageThatWasEdited(stage: String) {
    let repository = Repository()
    for name in ["sort3.x86-64.hand.o", "sort3.smt"] {
      Repository.copy("\(Command.root)/samples/sort3/\(name)", to: repository.scratch.path(name))
    }
    repository.write(
      "version: 1\nkernels: [{code: sort3.x86-64.hand.o, specification: sort3.smt}]",
      to: "binverify.yml")
    #expect(repository.gate().status == 0)
    let path = repository.scratch.path("proofs/sort3.x86-64.hand.json")
    let record = Scratch.read(path)
    #expect(record.contains("\"stage\" : \"order\""))
    Scratch.write(
      record.replacing("\"stage\" : \"order\"", with: "\"stage\" : \"\(stage)\""), to: path)
    let locked = repository.gate(["--locked"])
    #expect(locked.status == 3 && locked.output.contains("1 stale"), "\(locked)")
  }
}
