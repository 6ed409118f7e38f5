import Testing

/// `isa --self-test`.
@Suite struct SelfTestTests {
  #if arch(x86_64)
    @Test func rowsAgreeWithThisCPU() {
      let scratch = Scratch()
      let arguments = ["isa", "x86-64", "--self-test", "--mnemonic", "adc", "--states", "64"]
      let result = Command.run(arguments + ["--evidence", scratch.folder])
      #expect(result.status == 0 && result.output.contains(" rows agree with "), "\(result)")
      let lines = Scratch.read(scratch.path("x86-64.tsv")).split(separator: "\n")
      #expect(lines.count > 10 && lines[1].hasPrefix("oracle\tA\t"), "\(lines)")
      #expect(lines.last?.hasPrefix("A\t64\t0\tadc ") == true, "\(lines)")
    }

    /// Evidence of rows that were not run again stays.
    @Test func evidenceIsMerged() {
      let scratch = Scratch()
      func run(_ mnemonic: String) -> Int {
        _ = Command.run([
          "isa", "x86-64", "--self-test", "--mnemonic", mnemonic, "--states", "64", "--evidence",
          scratch.folder,
        ])
        return Scratch.read(scratch.path("x86-64.tsv")).split(separator: "\n").count
      }
      #expect(run("adc") < run("sbb"))
      #expect(run("adc") == run("sbb"))
    }

    /// A long run in pieces: rows with enough states are passed over, and none is begun too late.
    @Test func aRunIsResumed() {
      let scratch = Scratch()
      func run(_ more: String...) -> String {
        Command.run(
          ["isa", "x86-64", "--self-test", "--evidence", scratch.folder] + more
        ).output
      }
      let rows = "rows agree with "
      #expect(run("--mnemonic", "stc", "--states", "64").contains("  1 \(rows)"))
      let resumed = run("--mnemonic", "stc", "--states", "64", "--resume")
      #expect(resumed.contains("  0 \(rows)") && resumed.contains("1 passed over"))
      #expect(run("--mnemonic", "stc", "--states", "500", "--resume").contains("  1 \(rows)"))
      let late = run("--tier", "T1b", "--resume", "--states", "64", "--minutes", "0")
      #expect(late.contains("1 passed over") && late.contains(" not begun"))
    }

    /// A file that is no evidence is not written over.
    @Test func otherFilesStay() {
      let scratch = Scratch()
      Scratch.write("something else\n", to: scratch.path("x86-64.tsv"))
      let result = Command.run([
        "isa", "x86-64", "--self-test", "--mnemonic", "stc", "--evidence", scratch.folder,
      ])
      #expect(result.status == 2 && result.errors.contains("is no evidence"), "\(result)")
      #expect(Scratch.read(scratch.path("x86-64.tsv")) == "something else\n")
    }
  #endif

  @Test func armRowsNeedAnEmulatorElsewhere() {
    let scratch = Scratch()
    let result = Command.run(["isa", "arm64", "--self-test"], in: scratch.folder)
    #if arch(x86_64)
      #expect(result.status == 3 && result.output.contains("needs qemu-aarch64"), "\(result)")
    #endif
  }

  @Test(arguments: [
    ["--evidence", "x"], ["--self-test", "--coverage"], ["--self-test", "--states", "0"],
    ["--self-test", "--resume"], ["--minutes", "1"], ["--coverage", "--tier", "T1"],
  ])
  func mistakes(arguments: [String]) {
    #expect(Command.run(["isa"] + arguments).status == 2)
  }
}
