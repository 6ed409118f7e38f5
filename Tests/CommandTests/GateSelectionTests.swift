import Testing

/// Which kernels a run is about.
@Suite struct GateSelectionTests {
  private static func names(_ result: Command.Result) -> [Substring] {
    result.output.split(separator: "\n").filter { $0.hasPrefix("proved") }
      .compactMap { $0.split(separator: " ").dropFirst().first }
  }

  private static func committed() -> Repository {
    let repository = Repository()
    #expect(repository.gate().status == 0)
    repository.commit()
    return repository
  }

  @Test func nothingIsTouched() {
    let repository = GateSelectionTests.committed()
    let result = repository.gate(["--since", "HEAD"])
    #expect(result.status == 0 && result.output.hasPrefix("0 proved"), "\(result)")
  }

  @Test func changedFilesTouchTheirKernels() {
    let repository = GateSelectionTests.committed()
    Repository.copy(
      "\(Command.root)/samples/abs32/abs32.arm64.gcc-O2.o",
      to: repository.scratch.path("abs32.arm64.hand.o"))
    // Whatever git's index says.
    _ = repository.git(["update-index", "--assume-unchanged", "abs32.arm64.hand.o"])
    let code = repository.gate(["--since", "HEAD"])
    #expect(GateSelectionTests.names(code) == ["abs32.arm64.hand"], "\(code)")
    let text = Scratch.read(repository.scratch.path("abs32.smt"))
    repository.write(text + "; more\n", to: "abs32.smt")
    let specification = repository.gate(["--since", "HEAD"])
    #expect(GateSelectionTests.names(specification).count == 2, "\(specification)")
  }

  @Test func changedEntriesAndRecordsTouchTheirKernels() {
    let repository = GateSelectionTests.committed()
    let manifest = Scratch.read(repository.scratch.path("binverify.yml"))
    repository.write("# moved down\n\n" + manifest, to: "binverify.yml")
    #expect(repository.gate(["--since", "HEAD"]).output.hasPrefix("0 proved"))
    repository.write(manifest + "\n    unroll: 7\n", to: "binverify.yml")
    let entry = repository.gate(["--since", "HEAD", "--no-records"])
    #expect(GateSelectionTests.names(entry) == ["abs32.arm64.hand"], "\(entry)")
    repository.write(manifest, to: "binverify.yml")
    let record = repository.record
    repository.write(
      record.replacing("never faults", with: "no faults"), to: "proofs/abs32.x86-64.hand.json")
    let locked = repository.gate(["--since", "HEAD", "--locked"])
    #expect(locked.status == 3 && locked.output.contains("0 proved, 1 stale"), "\(locked)")
  }

  /// What FILE:SYMBOL meant is told by the files that there were.
  @Test func aReferenceThatMeansAnotherFileIsTouched() {
    let repository = Repository()
    let folder = "\(Command.root)/samples/abs32"
    Repository.copy(
      "\(folder)/abs32.x86-64.gcc-O2.o", to: repository.scratch.path("ref.o:abs32"))
    Repository.copy(
      "\(folder)/abs32.x86-64.wrong-narrow.o", to: repository.scratch.path("ref.o"))
    repository.write(
      """
      version: 1
      kernels:
        - code: abs32.x86-64.hand.o
          reference: "ref.o:abs32"
          specification: abs32.smt
      """, to: "binverify.yml")
    #expect(repository.gate().status == 0)
    repository.commit()
    _ = repository.shell("rm ref.o:abs32")
    #expect(repository.gate(["--since", "HEAD"]).status == 1)
  }

  /// Kernels in a folder that cannot be looked into are not left out.
  @Test func foldersThatCannotBeReadAreAnError() {
    let repository = Repository()
    let result = repository.shell(
      """
      mkdir -p k/a k/b && cp *.o k/a && cp *.o k/b && chmod 700 k/b && chmod 755 . k k/a
      printf 'version: 1\nkernels: [{code: "k/*/*hand.o", specification: abs32.smt}]' > m.yml
      as='' && [ "$(id -u)" != 0 ] || as='setpriv --reuid=65534 --regid=65534 --clear-groups'
      [ -n "$as" ] || chmod 0 k/b
      $as "$0" gate --manifest m.yml --no-cache --no-records
      """)
    #expect(result.status == 2, "\(result)")
    #expect(result.errors.contains("the folder 'k/b/' cannot be read"), "\(result)")
  }

  @Test func filesThatTheRevisionDoesNotHaveAreTouched() {
    let repository = Repository()
    repository.write("*.o\n", to: ".gitignore")
    _ = repository.gate()
    repository.commit()
    #expect(GateSelectionTests.names(repository.gate(["--since", "HEAD"])).count == 2)
  }

  @Test(arguments: ["nothing", "--help", "HEAD^{tree}"]) func revisionsThatAreNone(name: String) {
    let result = GateSelectionTests.committed().gate(["--since=\(name)"])
    #expect(result.status == 2 && result.errors.contains("is no revision"), "\(result)")
  }

  @Test func noRepository() {
    let result = Repository().gate(["--since", "HEAD"])
    #expect(result.status == 2 && result.errors.contains("--since"), "\(result)")
  }

  @Test func shardsAreParts() {
    let repository = Repository()
    var names: [Substring] = []
    for number in 1...3 {
      let result = repository.gate(["--shard", "\(number)/3"])
      #expect(result.status == 0)
      names += GateSelectionTests.names(result)
    }
    #expect(names.sorted() == ["abs32.arm64.hand", "abs32.x86-64.hand"])
    #expect(repository.gate(["--shard", "4/3"]).status == 2)
  }
}
