/// The bits of terms as exclusive ors of input bits: normal forms of everything that is affine over
/// GF(2), such as CRCs, parities, bit permutations and masks.
///
/// A bit that is not affine counts as an input of its own, so that equal forms always mean equal
/// values.
public struct AffineForms {
  /// The most input bits; terms with more have no forms.
  private static let atomLimit = 512
  /// Words of a bit's form: the inputs it is made of, then the constant.
  private static let words = atomLimit / 64 + 1

  private let terms: TermManager
  private var forms: [UInt64] = []
  private var places: [Term: Int] = [:]
  private var atoms = 0
  private var isFull = false

  private typealias Bit = ArraySlice<UInt64>

  /// The forms of everything that `root` consists of; nil where there are too many inputs or
  /// nothing to gain.
  private init?(_ terms: TermManager, _ root: Term) {
    self.terms = terms
    let live = terms.support(of: [root])
    guard live.contains(where: { terms.operation($0) == .xor }) else { return nil }
    for term in live {
      if case .array = terms.sort(term) { return nil }
      append(term)
      if isFull { return nil }
    }
  }

  /// `root` with terms of equal form replaced by one of them, and constant ones by constants.
  public static func normalize(_ root: Term, in terms: TermManager) -> Term {
    guard let forms = AffineForms(terms, root) else { return root }
    var representatives: [[UInt64]: Term] = [:]
    var replacements: [Term: Term] = [:]
    for term in terms.support(of: [root]) {
      let form = forms.form(term)
      if let constant = forms.constant(term) {
        replacements[term] =
          terms.isBool(term) ? terms.bool(!constant.isZero) : terms.constant(constant)
      } else if let earlier = representatives[form], terms.sort(earlier) == terms.sort(term) {
        replacements[term] = earlier
      } else {
        representatives[form] = term
      }
    }
    replacements = replacements.filter { $0.key != $0.value }
    return terms.substitute(replacements, in: [root])[0]
  }

  // MARK: Forms

  private func form(_ term: Term) -> [UInt64] {
    guard let place = places[term] else { return [] }
    return Array(forms[place..<place + terms.width(term) * AffineForms.words])
  }

  private func bit(_ term: Term, _ index: Int) -> Bit {
    guard let place = places[term] else { preconditionFailure("a term without a form") }
    let start = place + index * AffineForms.words
    return forms[start..<start + AffineForms.words]
  }

  private static func value(_ bit: Bit) -> Bool? {
    bit.dropLast().allSatisfy { $0 == 0 } ? bit.last == 1 : nil
  }

  /// The value of a term all of whose bits are constant.
  private func constant(_ term: Term) -> BitVector? {
    let width = terms.width(term)
    var words = [UInt64](repeating: 0, count: BitVector.wordCount(width))
    for index in 0..<width {
      guard let value = AffineForms.value(bit(term, index)) else { return nil }
      if value { words[index / 64] |= 1 << UInt64(index % 64) }
    }
    return BitVector(words: words, width: width)
  }

  private static func sum(_ left: Bit, _ right: Bit) -> [UInt64] {
    zip(left, right).map { $0 ^ $1 }
  }

  private static func constant(_ value: Bool) -> [UInt64] {
    [UInt64](repeating: 0, count: words - 1) + [value ? 1 : 0]
  }

  private mutating func atom() -> [UInt64] {
    var form = AffineForms.constant(false)
    if atoms >= AffineForms.atomLimit {
      isFull = true
      return form
    }
    form[atoms / 64] = 1 << UInt64(atoms % 64)
    atoms += 1
    return form
  }

  // MARK: Operators

  private mutating func append(_ term: Term) {
    let children = terms.children(term)
    let width = terms.width(term)
    let start = forms.count
    for index in 0..<width {
      let form = bitForm(term, children, index) ?? atom()
      forms += form
      if isFull { return }
    }
    places[term] = start
  }

  /// Bit `index` of a term over its children's bits; nil if it is an input of its own.
  private func bitForm(_ term: Term, _ children: [Term], _ index: Int) -> [UInt64]? {
    func child(_ number: Int, _ index: Int) -> Bit { bit(children[number], index) }
    switch terms.operation(term) {
    case .constant: return AffineForms.constant(terms.value(term)?.bit(index) ?? false)
    case .not: return AffineForms.sum(child(0, index), AffineForms.constant(true)[...])
    case .xor: return AffineForms.sum(child(0, index), child(1, index))
    case .and: return conjunction(child(0, index), child(1, index))
    case .or:
      let one = AffineForms.constant(true)[...]
      let none = conjunction(
        AffineForms.sum(child(0, index), one)[...], AffineForms.sum(child(1, index), one)[...])
      return none.map { AffineForms.sum($0[...], one) }
    case .concat:
      let low = terms.width(children[1])
      return Array(index < low ? child(1, index) : child(0, index - low))
    case .extract: return Array(child(0, index + (terms.bounds(term)?.low ?? 0)))
    case .signExtend:
      return Array(child(0, Swift.min(index, terms.width(children[0]) - 1)))
    case .ifThenElse: return choice(child(0, 0), child(1, index), child(2, index))
    case .equal: return equality(children[0], children[1])
    case .variable, .negate, .add, .multiply, .unsignedDivide, .unsignedRemainder,
      .signedDivide, .signedRemainder, .shiftLeft, .logicalShiftRight, .arithmeticShiftRight,
      .unsignedLess, .signedLess, .select, .store, .constantArray:
      return nil
    }
  }

  private func conjunction(_ left: Bit, _ right: Bit) -> [UInt64]? {
    switch (AffineForms.value(left), AffineForms.value(right)) {
    case (false, _), (_, false): return AffineForms.constant(false)
    case (true, _): return Array(right)
    case (_, true): return Array(left)
    case (nil, nil):
      switch AffineForms.value(AffineForms.sum(left, right)[...]) {
      case false: return Array(left)
      case true: return AffineForms.constant(false)
      case nil: return nil
      }
    }
  }

  private func choice(_ condition: Bit, _ then: Bit, _ otherwise: Bit) -> [UInt64]? {
    if let known = AffineForms.value(condition) { return Array(known ? then : otherwise) }
    switch AffineForms.value(AffineForms.sum(then, otherwise)[...]) {
    case false: return Array(otherwise)
    case true: return AffineForms.sum(otherwise, condition)
    case nil: return nil
    }
  }

  /// Equality is affine where at most one bit is open.
  private func equality(_ left: Term, _ right: Term) -> [UInt64]? {
    var open: [UInt64]?
    for index in 0..<terms.width(left) {
      let difference = AffineForms.sum(bit(left, index), bit(right, index))
      switch AffineForms.value(difference[...]) {
      case true: return AffineForms.constant(false)
      case false: continue
      case nil:
        if let open, open != difference { return nil }
        open = difference
      }
    }
    let one = AffineForms.constant(true)[...]
    return open.map { AffineForms.sum($0[...], one) } ?? AffineForms.constant(true)
  }
}
