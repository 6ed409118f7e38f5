import Terms
import Testing

/// Functions that are summarized say what they depend on.
@Suite struct SummaryTests {
  private let terms = TermManager()
  private var inputs: [Term] { ["x", "y"].map { terms.variable($0, width: 8) } }

  private func product(
    _ inputs: [Term], _ function: String = "product", _ constants: [UInt8] = []
  ) -> Term {
    terms.summary(function, constants: constants, of: inputs, width: 8) {
      terms.multiply(inputs[0], inputs[1])
    }
  }

  @Test func termsAreMadeWhereNothingIsSummarized() {
    #expect(product(inputs) == terms.multiply(inputs[0], inputs[1]))
  }

  @Test func aSummaryIsAVariableThatDependsOnTheInputs() {
    terms.summarize()
    let result = product(inputs)
    #expect(terms.operation(result) == .variable)
    #expect(terms.width(result) == 8)
    #expect(terms.inputs(ofSummary: result) == inputs)
    #expect(terms.inputs(ofSummary: inputs[0]) == nil)
  }

  @Test func equalCallsAreOneVariableAndOthersAreNot() {
    terms.summarize()
    #expect(product(inputs) == product(inputs))
    #expect(product(inputs) != product(inputs.reversed()))
    #expect(product(inputs) != product(inputs, "other"))
    #expect(product(inputs, "one", [1]) == product(inputs, "one", [1]))
    #expect(product(inputs, "one", [1]) != product(inputs, "one", [2]))
  }

  /// A product with zero depends on nothing.
  @Test func constantsAreNotSummarized() {
    terms.summarize()
    let zero = terms.constant(0, width: 8)
    #expect(product([inputs[0], zero]) == zero)
  }
}
