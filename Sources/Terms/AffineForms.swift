/// The bits of terms as exclusive ors of input bits: normal forms of everything that is affine over
/// GF(2), such as CRCs, parities, bit permutations and masks.
///
/// A bit that is not affine counts as an input of its own, so that equal forms always mean equal
/// values.
public struct AffineForms {
  /// The most input bits; terms with more have no forms.
  private static let atomLimit = 512
  /// The most bits of a distance that are not constant where a constant is shifted.
  private static let openLimit = 6

  /// A bit as the exclusive or of some inputs, and of one if `constant`.
  private struct Form: Hashable {
    /// A bit for each input.
    var inputs = SIMD8<UInt64>()
    var constant = false

    /// The value of a form without inputs.
    var value: Bool? { inputs == SIMD8() ? constant : nil }

    static func ^ (left: Form, right: Form) -> Form {
      Form(inputs: left.inputs ^ right.inputs, constant: left.constant != right.constant)
    }

    static prefix func ! (form: Form) -> Form {
      Form(inputs: form.inputs, constant: !form.constant)
    }
  }

  private let terms: TermManager
  private var forms: [Form] = []
  /// Where the form of each term begins in `forms`, by its position; negative for a term without one.
  private var places: [Int]
  private var atoms = 0
  private var isFull = false

  /// The forms of everything that `root` consists of; nil where there are too many inputs or
  /// nothing to gain.
  private init?(_ terms: TermManager, _ root: Term) {
    self.terms = terms
    places = [Int](repeating: -1, count: root.position + 1)
    let live = terms.support(of: [root])
    guard live.contains(where: { terms.operation($0) == .xor }) else { return nil }
    forms.reserveCapacity(8 * AffineForms.atomLimit)
    for term in live {
      if case .array = terms.sort(term) { return nil }
      append(term)
      if isFull { return nil }
    }
  }

  /// `root` with terms of equal form replaced by one of them, and constant ones by constants.
  public static func normalize(_ root: Term, in terms: TermManager) -> Term {
    guard let forms = AffineForms(terms, root) else { return root }
    var representatives: [ArraySlice<Form>: Term] = [:]
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

  /// The forms of a term's bits, the least significant first.
  private func form(_ term: Term) -> ArraySlice<Form> {
    let place = places[term.position]
    precondition(place >= 0, "a term without a form")
    return forms[place..<place + terms.width(term)]
  }

  /// The value of a term all of whose bits are constant.
  private func constant(_ term: Term) -> BitVector? {
    var words = [UInt64](repeating: 0, count: BitVector.wordCount(terms.width(term)))
    for (index, bit) in form(term).enumerated() {
      guard let value = bit.value else { return nil }
      if value { words[index / 64] |= 1 << UInt64(index % 64) }
    }
    return BitVector(words: words, width: terms.width(term))
  }

  private mutating func atom() -> Form {
    if atoms >= AffineForms.atomLimit {
      isFull = true
      return Form()
    }
    var form = Form()
    form.inputs[atoms / 64] = 1 << UInt64(atoms % 64)
    atoms += 1
    return form
  }

  // MARK: Operators

  /// What the bits of a term are made of.
  private struct Source {
    let operation: Operator
    let value: BitVector?
    /// The value of what is shifted to the right, if it is constant.
    let table: BitVector?
    /// Where the forms of the operands begin.
    var places = (0, 0, 0)
    /// The widths of the first two operands.
    var widths = (0, 0)
    /// The lowest bit of an `extract`.
    let low: Int

    init(_ term: Term, _ terms: TermManager, _ known: [Int]) {
      operation = terms.operation(term)
      value = terms.value(term)
      table = operation == .logicalShiftRight ? terms.value(terms.children(term)[0]) : nil
      low = terms.bounds(term)?.low ?? 0
      let operands = terms.children(term)
      if operands.count > 0 {
        places.0 = known[operands[0].position]
        widths.0 = terms.width(operands[0])
      }
      if operands.count > 1 {
        places.1 = known[operands[1].position]
        widths.1 = terms.width(operands[1])
      }
      if operands.count > 2 { places.2 = known[operands[2].position] }
    }
  }

  private mutating func append(_ term: Term) {
    let source = Source(term, terms, places)
    let start = forms.count
    for index in 0..<terms.width(term) {
      let form = bit(index, of: source) ?? atom()
      forms.append(form)
      if isFull { return }
    }
    places[term.position] = start
  }

  /// Bit `index` over the operands' bits; nil if it is an input of its own.
  private func bit(_ index: Int, of source: Source) -> Form? {
    func first(_ index: Int) -> Form { forms[source.places.0 + index] }
    func second(_ index: Int) -> Form { forms[source.places.1 + index] }
    switch source.operation {
    case .constant: return Form(constant: source.value?.bit(index) ?? false)
    case .not: return !first(index)
    case .xor: return first(index) ^ second(index)
    case .and: return conjunction(first(index), second(index))
    case .or: return conjunction(!first(index), !second(index)).map { !$0 }
    case .concat:
      let low = source.widths.1
      return index < low ? second(index) : first(index - low)
    case .extract: return first(index + source.low)
    case .signExtend: return first(Swift.min(index, source.widths.0 - 1))
    case .ifThenElse: return choice(first(0), second(index), forms[source.places.2 + index])
    case .equal: return equality(source.places.0, source.places.1, source.widths.0)
    case .logicalShiftRight: return lookUp(index, in: source)
    case .variable, .negate, .add, .multiply, .unsignedDivide, .unsignedRemainder,
      .signedDivide, .signedRemainder, .shiftLeft, .arithmeticShiftRight, .unsignedLess,
      .signedLess, .select, .store, .constantArray:
      return nil
    }
  }

  /// A bit of a constant that is shifted by a distance with few open bits: a table, affine if each entry is the
  /// exclusive or of those that stand at powers of two.
  private func lookUp(_ index: Int, in source: Source) -> Form? {
    guard let table = source.table else { return nil }
    let count = (0..<source.widths.1).map { forms[source.places.1 + $0] }
    let open = count.indices.filter { count[$0].value == nil }
    guard open.count <= AffineForms.openLimit, count.count <= 64 else { return nil }
    let fixed = count.indices.reduce(UInt64(0)) {
      count[$1].value == true ? $0 | 1 << UInt64($1) : $0
    }
    func entry(_ choice: Int) -> Bool {
      let distance = open.indices.reduce(fixed) {
        choice >> $1 & 1 == 1 ? $0 | 1 << UInt64(open[$1]) : $0
      }
      let place = UInt64(index).addingReportingOverflow(distance)
      return !place.overflow && place.partialValue < UInt64(table.width)
        && table.bit(Int(place.partialValue))
    }
    let base = entry(0)
    let steps = open.indices.filter { entry(1 << $0) != base }
    for choice in 0..<1 << open.count {
      let isOdd = steps.count { choice >> $0 & 1 == 1 } % 2 == 1
      if entry(choice) != (base != isOdd) { return nil }
    }
    return steps.reduce(Form(constant: base)) { $0 ^ count[open[$1]] }
  }

  private func conjunction(_ left: Form, _ right: Form) -> Form? {
    switch (left.value, right.value) {
    case (false, _), (_, false): return Form(constant: false)
    case (true, _): return right
    case (_, true): return left
    case (nil, nil):
      switch (left ^ right).value {
      case false: return left
      case true: return Form(constant: false)
      case nil: return nil
      }
    }
  }

  private func choice(_ condition: Form, _ then: Form, _ otherwise: Form) -> Form? {
    if let known = condition.value { return known ? then : otherwise }
    switch (then ^ otherwise).value {
    case false: return otherwise
    case true: return otherwise ^ condition
    case nil: return nil
    }
  }

  /// Equality is affine where at most one bit is open.
  private func equality(_ left: Int, _ right: Int, _ width: Int) -> Form? {
    var open: Form?
    for index in 0..<width {
      let difference = forms[left + index] ^ forms[right + index]
      switch difference.value {
      case true: return Form(constant: false)
      case false: continue
      case nil:
        if let open, open != difference { return nil }
        open = difference
      }
    }
    return open.map { !$0 } ?? Form(constant: true)
  }
}
