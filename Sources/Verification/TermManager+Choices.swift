import Terms

extension TermManager {
  /// How many parts of a term are looked at.
  private static let choiceLimit = 256

  /// A choice that decides between values of an address, wherever it is in it; nil where none is found. The
  /// outermost comes first, so that what remains has fewer.
  func choice(in address: Term) -> Term? {
    var rest = [address]
    var seen: Set<Term> = []
    while let term = rest.popLast(), seen.count < TermManager.choiceLimit {
      if isBool(term) || isConstant(term) || !seen.insert(term).inserted { continue }
      switch operation(term) {
      case .ifThenElse: return term
      case .variable, .select, .store: continue
      default: rest += children(term).reversed()
      }
    }
    return nil
  }
}
