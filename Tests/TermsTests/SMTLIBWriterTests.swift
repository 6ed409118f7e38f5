import CZ3
import Terms
import Testing
import Z3Backend

extension Z3Tests {
  /// The texts of terms mean the terms, as Z3 reads them.
  @Suite struct SMTLIBWriterTests {
    @Test(arguments: [1, 2, 5, 8, 32, 64, 65])
    func textsMeanTheTerms(width: Int) throws {
      for number in 0..<60 {
        var generator = ExpressionGenerator(
          seed: UInt64(number * 31 + width), width: width, multiplies: width < 6,
          arrays: number % 5 == 0)
        let expression = generator.generate(depth: 4)
        let terms = TermManager()
        guard let root = expression.build(in: terms).last else { continue }
        let goal = terms.equal(root, terms.variable("the |result", terms.sort(root)))
        let writer = SMTLIBWriter(terms)
        try compare(goal, terms, writer.script(asserting: [goal]))
        let declarations = writer.script(defining: [("root", goal)])
        let text = writer.expression(goal, limit: .max)
        guard text.utf8.count < 100_000 else { continue }
        try compare(goal, terms, declarations + "(assert \(text))\n")
        try compare(goal, terms, declarations + "(assert root)\n")
      }
    }

    /// The script, read by Z3, is equivalent to the translated term.
    private func compare(_ term: Term, _ terms: TermManager, _ script: String) throws {
      let context = try Z3Context()
      let pointer = context.pointer
      let parsed = Z3_parse_smtlib2_string(pointer, script, 0, nil, nil, 0, nil, nil)
      if let failure = context.failure {
        Issue.record("\(failure.message)\n\(script)")
        return
      }
      Z3_ast_vector_inc_ref(pointer, parsed)
      defer { Z3_ast_vector_dec_ref(pointer, parsed) }
      #expect(Z3_ast_vector_size(pointer, parsed) == 1)
      let read = try context.checked(Z3_ast_vector_get(pointer, parsed, 0))
      let translation = try Z3Translation([term], of: terms, in: context)
      let query = try Z3Query(context, usesArrays: true, SolverLimits(seconds: 0.5))
      for variable in translation.variables {
        var name = SMTLIBWriter.symbol(terms.variable(variable)?.name ?? "")
        if name.hasPrefix("|") { name = String(name.dropFirst().dropLast()) }
        let named = Z3_mk_const(
          pointer, Z3_mk_string_symbol(pointer, name), try context.sort(terms.sort(variable)))
        query.assert(
          try context.checked(Z3_mk_eq(pointer, named, translation.expression(variable))))
      }
      query.assert(
        try context.checked(Z3_mk_xor(pointer, read, translation.expression(term))))
      if case .satisfiable = try query.answer(translation, terms) {
        Issue.record("the text means something else:\n\(script)")
      }
    }

    @Test func spellsNormalFormsAsPeopleDo() {
      let terms = TermManager()
      let (a, b) = (terms.variable("a", width: 32), terms.variable("b", width: 32))
      let five = terms.constant(5, width: 32)
      let byte = terms.extract(a, 7, 0)
      let cases: [(Term, String)] = [
        (terms.subtract(a, b), "(bvsub a b)"), (terms.negate(a), "(bvneg a)"),
        (terms.subtract(a, five), "(bvsub a #x00000005)"),
        (terms.add(a, five), "(bvadd a #x00000005)"),
        (terms.subtract(five, a), "(bvsub #x00000005 a)"),
        (terms.shiftLeft(a, by: 4), "(bvshl a #x00000004)"),
        (terms.logicalShiftRight(a, by: 4), "(bvlshr a #x00000004)"),
        (terms.arithmeticShiftRight(a, by: 31), "(bvashr a #x0000001f)"),
        (terms.rotateLeft(a, by: 8), "((_ rotate_left 8) a)"),
        (terms.zeroExtend(byte, to: 32), "((_ zero_extend 24) ((_ extract 7 0) a))"),
        (terms.signExtend(byte, to: 32), "((_ sign_extend 24) ((_ extract 7 0) a))"),
        (terms.unsignedLessOrEqual(a, b), "(bvuge b a)"),
        (terms.isNegative(a), "(bvslt a #x00000000)"),
        (terms.not(terms.isNegative(a)), "(bvsge a #x00000000)"),
        (terms.distinct(a, b), "(distinct a b)"),
        (
          terms.or(terms.equal(a, b), terms.unsignedLess(a, b)), "(bvuge b a)"
        ),
      ]
      for (term, text) in cases { #expect(SMTLIBWriter(terms).expression(term) == text) }
    }

    @Test func quotesNames() {
      #expect(SMTLIBWriter.symbol("rax") == "rax")
      #expect(SMTLIBWriter.symbol("a b") == "|a b|")
      #expect(SMTLIBWriter.symbol("1st") == "|1st|")
      #expect(SMTLIBWriter.symbol("select") == "|select |")
      #expect(SMTLIBWriter.symbol("") == "||")
    }

    /// A tower of doublings has 2^2000 leaves as a tree, and chains are as deep as they are long.
    @Test func sharesAndDoesNotRecurse() {
      let terms = TermManager()
      var (tower, chain) = (terms.variable("a", width: 64), terms.variable("b", width: 64))
      for _ in 0..<2000 { tower = terms.unsignedDivide(terms.not(tower), tower) }
      for _ in 0..<100_000 { chain = terms.unsignedDivide(chain, tower) }
      let goal = terms.equal(tower, chain)
      let writer = SMTLIBWriter(terms)
      #expect(writer.expression(goal, limit: 300).utf8.count < 100_000)
      #expect(writer.script(asserting: [goal]).utf8.count < 10_000_000)
    }
  }
}
