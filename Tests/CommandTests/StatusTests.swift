import Testing

/// The exit statuses, the same in every output mode.
@Suite struct StatusTests {
  static let modes = [[], ["--json"], ["--quiet"], ["--verbose"], ["--color", "always"]]

  static let unsatisfiable = """
    (set-logic QF_BV)
    (set-info :kernel "uint32_t same(uint32_t x)")
    (declare-const x (_ BitVec 32))
    (declare-const result (_ BitVec 32))
    (define-fun requires () Bool (bvult x #x00000000))
    (define-fun ensures () Bool (= result x))
    """

  private func prove(_ code: String, _ specification: String, _ mode: [String]) -> Command.Result {
    let scratch = Scratch()
    let path = scratch.path("spec.smt")
    Scratch.write(specification, to: path)
    return Command.run(
      ["prove", "-", path, "--isa", "x86-64", "--format", "hex"] + mode, input: Array(code.utf8))
  }

  private static let identity = unsatisfiable.replacing("(bvult x #x00000000)", with: "true")

  @Test(arguments: modes) func proved(mode: [String]) {
    let result = prove("89 f8 c3", StatusTests.identity, mode)
    #expect(result.status == 0, "\(result)")
    #expect(result.errors.isEmpty)
  }

  @Test(arguments: modes) func refuted(mode: [String]) {
    let result = prove("89 f8 ff c0 c3", StatusTests.identity, mode)
    #expect(result.status == 1, "\(result)")
    #expect(result.errors.isEmpty && !result.output.isEmpty)
  }

  @Test(arguments: modes) func badInput(mode: [String]) {
    let result = prove("89 f8 c3", "(nonsense)", mode)
    #expect(result.status == 2, "\(result)")
    #expect(result.output.isEmpty && result.errors.contains("spec.smt:1:2: error: "), "\(result)")
  }

  @Test(arguments: modes) func inconclusive(mode: [String]) {
    // x * 3 as a sum is the product only to a stage that is switched off.
    let result = prove(
      "8d 04 7f c3",
      StatusTests.identity.replacing("(= result x)", with: "(= result (bvmul x #x00000003))"),
      mode + ["--engine", "evaluate"])
    #expect(result.status == 3 || result.status == 0, "\(result)")
    let loop = prove("eb fe", StatusTests.identity, mode + ["--timeout", "0.000001"])
    #expect(loop.status == 3, "\(loop)")
  }

  @Test(arguments: modes) func unsupported(mode: [String]) {
    let result = prove("89 f8 0f a2 c3", StatusTests.identity, mode)
    #expect(result.status == 4, "\(result)")
    if mode != ["--quiet"] {
      #expect(result.output.contains("0x2") && result.output.contains("0f a2"))
    }
  }

  @Test(arguments: modes) func vacuous(mode: [String]) {
    let result = prove("89 f8 c3", StatusTests.unsatisfiable, mode)
    #expect(result.status == 5, "\(result)")
  }

  @Test(arguments: [
    ["prove"], ["prove", "a", "b", "--bogus"], ["prove", "-", "-"], ["nothing"],
    ["asm", "-"], ["equiv", "a", "b"], ["prove", "a", "b", "--memory", "x"],
    ["prove", "a", "b", "--timeout", "-1"], ["prove", "a", "b", "--engine", "magic"],
  ])
  func usage(arguments: [String]) {
    let result = Command.run(arguments)
    #expect(result.status == 2, "\(result)")
    #expect(result.output.isEmpty && result.errors.hasPrefix("binverify: error: "), "\(result)")
  }

  @Test(arguments: [
    ["--help"], ["prove", "--help"], ["spec", "new", "--help"], ["--version"],
    ["--generate-completion-script", "bash"], ["isa"], ["isa", "arm64", "--mnemonic", "adc"],
  ])
  func help(arguments: [String]) {
    let result = Command.run(arguments)
    #expect(result.status == 0 && !result.output.isEmpty && result.errors.isEmpty, "\(result)")
  }

  /// `--quiet` writes the verdict's line and nothing else.
  @Test func quietIsOneLine() {
    let result = prove("89 f8 ff c0 c3", StatusTests.identity, ["--quiet"])
    #expect(result.output.split(separator: "\n").count == 1)
  }

  @Test func colourOnlyWhenAsked() {
    #expect(!prove("89 f8 c3", StatusTests.identity, []).output.contains("\u{1b}"))
    #expect(
      prove("89 f8 c3", StatusTests.identity, ["--color", "always"]).output.contains("\u{1b}[1;32m")
    )
  }
}
