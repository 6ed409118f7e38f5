/// Terms as weighted sums of bits: normal forms of what counts bits in parallel, gathers fields and
/// multiplies by constants, as population counts do.
///
/// A sum is cut into fields where no carry crosses the cut. A bit that is no such sum counts as an
/// input of its own, so that equal forms always mean equal values.
public struct BitSums {
  /// A sum modulo 2^width of bits with weights, and a constant.
  private struct Sum: Hashable {
    let width: Int
    /// By atom, each below 2^width, without zeros.
    var weights: [Int: UInt64] = [:]
    var constant: UInt64 = 0

    var mask: UInt64 { UInt64.max >> UInt64(64 - width) }

    /// The largest value before reduction modulo 2^width; nil beyond 2^64.
    var maximum: UInt64? {
      var total = constant
      for weight in weights.values {
        let (sum, overflows) = total.addingReportingOverflow(weight)
        if overflows { return nil }
        total = sum
      }
      return total
    }

    /// Whether the value is the sum itself, nothing being cut off.
    var isExact: Bool { maximum.map { $0 <= mask } ?? false }

    mutating func add(_ weight: UInt64, _ atom: Int) {
      let sum = ((weights[atom] ?? 0) &+ weight) & mask
      weights[atom] = sum == 0 ? nil : sum
    }

    func scaled(by factor: UInt64) -> Sum {
      var result = Sum(width: width, constant: constant &* factor & mask)
      for (atom, weight) in weights { result.add(weight &* factor, atom) }
      return result
    }

    func adding(_ other: Sum) -> Sum {
      var result = self
      result.constant = (constant &+ other.constant) & mask
      for (atom, weight) in other.weights { result.add(weight, atom) }
      return result
    }

    /// The same sum at another width: wider only where it is exact.
    func resized(to width: Int) -> Sum? {
      guard width <= self.width || isExact else { return nil }
      var result = Sum(width: width)
      result.constant = constant & result.mask
      for (atom, weight) in weights { result.add(weight, atom) }
      return result
    }

    /// Bits `high` to `low`, where nothing below `low` carries into them.
    func field(_ high: Int, _ low: Int) -> Sum? {
      let below = (UInt64(1) << UInt64(low)) - 1
      var rest = Sum(width: 64, constant: constant & below)
      var result = Sum(width: high - low + 1)
      result.constant = constant >> UInt64(low) & result.mask
      for (atom, weight) in weights {
        rest.add(weight & below, atom)
        result.add(weight >> UInt64(low), atom)
      }
      guard let carry = rest.maximum, carry <= below else { return nil }
      return result
    }

    /// The sum moved up by `count` bits at the same width.
    func shifted(by count: Int) -> Sum {
      count < 64 ? scaled(by: 1 << UInt64(count)) : Sum(width: width)
    }

    /// The bits of `mask` where nothing carries into or out of them.
    func masked(_ mask: UInt64) -> Sum? {
      var result = Sum(width: width)
      var start = 0
      while start < width {
        guard mask >> UInt64(start) & 1 == 1 else {
          start += 1
          continue
        }
        var end = start
        while end + 1 < width, mask >> UInt64(end + 1) & 1 == 1 { end += 1 }
        guard let run = field(end, start) else { return nil }
        guard let part = run.resized(to: width) ?? (end == width - 1 ? run.widened(width) : nil)
        else { return nil }
        result = result.adding(part.shifted(by: start))
        start = end + 1
      }
      return result
    }

    /// The sum at a larger width, where what is cut off at its own width is cut off later.
    func widened(_ width: Int) -> Sum {
      Sum(width: width, weights: weights, constant: constant)
    }
  }

  /// An input: a bit of a term, or a Boolean as its bit 0.
  private struct Atom: Hashable {
    let term: Term
    let bit: Int
  }

  /// The most inputs; terms with more have no forms.
  private static let atomLimit = 512
  /// The most weights that all sums together may have.
  private static let workLimit = 100_000

  private let terms: TermManager
  private var atoms: [Atom: Int] = [:]
  private var sums: [Term: Sum] = [:]

  /// `root` with bit-vectors of equal form replaced by one of them, and constant ones by constants.
  public static func normalize(_ root: Term, in terms: TermManager) -> Term {
    let live = terms.support(of: [root])
    guard live.contains(where: { terms.operation($0) == .add }) else { return root }
    var forms = BitSums(terms: terms)
    var representatives: [Sum: Term] = [:]
    var replacements: [Term: Term] = [:]
    var work = 0
    for term in live where !terms.isBool(term) {
      guard let sum = forms.append(term) else { continue }
      work += sum.weights.count
      if forms.atoms.count > atomLimit || work > workLimit { return root }
      if sum.weights.isEmpty {
        replacements[term] = terms.constant(sum.constant, width: sum.width)
      } else if let earlier = representatives[sum] {
        replacements[term] = earlier
      } else {
        representatives[sum] = term
      }
    }
    replacements = replacements.filter { $0.key != $0.value }
    return replacements.isEmpty ? root : terms.substitute(replacements, in: [root])[0]
  }

  private init(terms: TermManager) { self.terms = terms }

  // MARK: Forms

  /// Notes the form of a term whose operands are noted; nil for one of more than 64 bits.
  private mutating func append(_ term: Term) -> Sum? {
    guard case .bitVector(let width) = terms.sort(term), width <= 64 else { return nil }
    let sum = form(term, width) ?? opaque(term, width)
    sums[term] = sum
    return sum
  }

  private mutating func atom(_ term: Term, _ bit: Int) -> Int {
    let next = atoms.count
    let atom = Atom(term: term, bit: bit)
    if let known = atoms[atom] { return known }
    atoms[atom] = next
    return next
  }

  private mutating func opaque(_ term: Term, _ width: Int) -> Sum {
    var sum = Sum(width: width)
    for bit in 0..<width { sum.add(1 << UInt64(bit), atom(term, bit)) }
    return sum
  }

  /// The sum that a Boolean is as one bit of the given width.
  private mutating func truth(_ condition: Term, _ width: Int) -> Sum {
    if terms.operation(condition) == .equal {
      let sides = terms.children(condition)
      if terms.small(sides[1]) == 1, let bit = sums[sides[0]], bit.width == 1,
        let wide = bit.isExact ? bit.resized(to: width) : nil
      {
        return wide
      }
    }
    var sum = Sum(width: width)
    sum.add(1, atom(condition, 0))
    return sum
  }

  /// A sum with copies of its highest bit above it.
  private func signExtended(_ sum: Sum, _ width: Int) -> Sum? {
    let top = sum.width - 1
    guard let value = sum.resized(to: width), let sign = sum.field(top, top)?.resized(to: width)
    else { return nil }
    return value.adding(sign.scaled(by: 0 &- (1 << UInt64(top + 1))))
  }

  private mutating func form(_ term: Term, _ width: Int) -> Sum? {
    let children = terms.children(term)
    func child(_ index: Int) -> Sum? { sums[children[index]] }
    switch terms.operation(term) {
    case .constant: return terms.small(term).map { Sum(width: width, constant: $0) }
    case .add: return child(0).flatMap { left in child(1).map { left.adding($0) } }
    case .negate: return child(0)?.scaled(by: .max)
    case .not:
      let ones = Sum(width: width, constant: UInt64.max >> UInt64(64 - width))
      return child(0)?.scaled(by: .max).adding(ones)
    case .multiply:
      if let factor = terms.small(children[0]) { return child(1)?.scaled(by: factor) }
      return terms.small(children[1]).flatMap { child(0)?.scaled(by: $0) }
    case .concat:
      guard let low = child(1)?.resized(to: width), let high = child(0) else { return nil }
      return high.widened(width).shifted(by: terms.width(children[1])).adding(low)
    case .extract:
      guard let (high, low) = terms.bounds(term) else { return nil }
      return child(0)?.field(high, low)
    case .and:
      if let mask = terms.small(children[0]) { return child(1)?.masked(mask) }
      return terms.small(children[1]).flatMap { child(0)?.masked($0) }
    case .ifThenElse:
      guard let then = terms.small(children[1]), let otherwise = terms.small(children[2])
      else { return nil }
      return truth(children[0], width).scaled(by: then &- otherwise)
        .adding(Sum(width: width, constant: otherwise))
    case .signExtend: return child(0).flatMap { signExtended($0, width) }
    case .variable, .or, .xor, .equal, .unsignedDivide, .unsignedRemainder, .signedDivide,
      .signedRemainder, .shiftLeft, .logicalShiftRight, .arithmeticShiftRight, .unsignedLess,
      .signedLess, .select, .store, .constantArray:
      return nil
    }
  }
}
