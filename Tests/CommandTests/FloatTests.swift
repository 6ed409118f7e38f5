import Testing

/// Floating-point and vector values as users see them.
@Suite struct FloatTests {
  static let addition = """
    (set-logic QF_BV)
    (set-info :kernel "float f(int a, float b, long c, float d)")
    (declare-const b (_ BitVec 32))
    (declare-const d (_ BitVec 32))
    (declare-const result (_ BitVec 32))
    (define-fun requires () Bool (= d #xbfc00000))
    (define-fun ensures () Bool (distinct result (bvadd b d) #x3e800000))
    """
  static let wide = """
    (set-logic QF_BV)
    (set-info :kernel "__m256i f(__m256i a, __m256i b)")
    (declare-const a (_ BitVec 256))
    (declare-const b (_ BitVec 256))
    (declare-const result (_ BitVec 256))
    (define-fun ensures () Bool (= result a))
    """

  /// `paddd xmm0, xmm1` and `vpaddd ymm0, ymm0, ymm1`, each with a return.
  static let kernels = [("66 0f fe c1 c3", addition), ("c5 fd fe c1 c3", wide)]

  private func prove(_ index: Int, _ arguments: [String]) -> Command.Result {
    let scratch = Scratch()
    let path = scratch.path("spec.smt")
    let (code, specification) = FloatTests.kernels[index]
    Scratch.write(specification, to: path)
    return Command.run(
      ["prove", "-", path, "--isa", "x86-64", "--format", "hex"] + arguments,
      input: Array(code.utf8))
  }

  @Test func aCounterexampleShowsDecimalAndBits() {
    let text = prove(0, []).output
    #expect(text.contains("    d = -1.5 (0xbfc00000)\n"), "\(text)")
    #expect(prove(1, []).output.contains("    a = 0x0000"))
  }

  #if arch(x86_64)
    @Test(arguments: kernels.indices) func theCPUConfirmsIt(index: Int) {
      let result = prove(index, ["--native", "--json"])
      #expect(JSONValue(result.output)?["native"]?["finding"]?.string == "confirmed", "\(result)")
    }

    @Test(arguments: kernels.indices) func aProgramReproducesIt(index: Int) {
      let scratch = Scratch()
      let (source, binary) = (scratch.path("bug.c"), scratch.path("bug"))
      let result = prove(index, ["--emit", "c", source, "--emit", "gdb", scratch.path("bug.gdb")])
      #expect(result.status == 1, "\(result)")
      let compiled = Command.execute(
        "gcc", ["-O1", "-Wall", "-Wextra", "-Werror", source, "-o", binary])
      #expect(compiled.status == 0, "\(compiled.errors)")
      let run = Command.execute(binary, [])
      #expect(run.status == 1 && run.output.contains("wrong, as reported"), "\(run)")
      let script = Scratch.read(scratch.path("bug.gdb"))
      #expect(script.contains(index == 0 ? "set $xmm1.v2_int64[0] = 0x" : "set $ymm1.v4_int64[3]"))
    }
  #endif
}
