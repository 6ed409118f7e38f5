/// Variables that stand for the values of functions of which nothing counts but what they depend on.
///
/// The product of two polynomials over GF(2) has ten thousand terms, a table of 256 bytes 255 choices; who only asks
/// where a value comes from need not have them made.
struct Summaries {
  struct Key: Hashable {
    let function: String
    /// What tells the function from others of its name: a table, say.
    let constants: [UInt8]
    let inputs: [Term]
  }

  var known: [Key: Term] = [:]
  /// By variable: what it depends on.
  var inputs: [Term: [Term]] = [:]
}

extension TermManager {
  /// From now on functions that offer it are summarized.
  public func summarize() {
    if summaries == nil { summaries = Summaries() }
  }

  /// The value of a function that depends on every bit of its inputs, none of them constant: a variable where
  /// functions are summarized, the same for the same.
  public func summary(
    _ function: String, constants: [UInt8] = [], of inputs: [Term], width: Int,
    _ value: () -> Term
  ) -> Term {
    guard summaries != nil, !inputs.contains(where: isConstant) else { return value() }
    let key = Summaries.Key(function: function, constants: constants, inputs: inputs)
    if let known = summaries?.known[key] { return known }
    let result = fresh("summary", .bitVector(width), origin: .input)
    summaries?.known[key] = result
    summaries?.inputs[result] = inputs
    return result
  }

  /// What a variable stands for depends on these terms; nil if it stands for itself.
  public func inputs(ofSummary variable: Term) -> [Term]? { summaries?.inputs[variable] }
}
