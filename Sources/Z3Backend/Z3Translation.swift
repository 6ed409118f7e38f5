import CZ3
import Terms

/// Terms as Z3 expressions, each translated once, in the order of the arena.
package struct Z3Translation {
  private let context: Z3Context
  private let terms: TermManager
  /// The expressions by position of their terms.
  private var expressions: [OpaquePointer?]
  /// The variables among the translated terms.
  package private(set) var variables: [Term] = []

  /// Whether an array is among the translated terms.
  package private(set) var usesArrays = false

  /// Translates `roots` and all they consist of.
  package init(
    _ roots: [Term], of terms: TermManager, in context: Z3Context
  ) throws(Z3Failure) {
    self.context = context
    self.terms = terms
    let live = terms.support(of: roots)
    expressions = Array(repeating: nil, count: (live.last?.position ?? -1) + 1)
    for term in live { try translate(term) }
  }

  /// The expression of a term that was translated.
  package func expression(_ term: Term) -> OpaquePointer {
    guard term.position < expressions.count, let expression = expressions[term.position] else {
      preconditionFailure("term \(term.position) was not translated")
    }
    return expression
  }

  private mutating func translate(_ term: Term) throws(Z3Failure) {
    let result: OpaquePointer?
    if case .array = terms.sort(term) { usesArrays = true }
    if let value = terms.value(term) {
      result = terms.isBool(term) ? context.bool(!value.isZero) : try context.constant(value)
    } else if terms.operation(term) == .variable {
      variables.append(term)
      result = context.variable(term.position, try context.sort(terms.sort(term)))
    } else {
      let children = terms.children(term).map(expression)
      result = try context.apply(
        terms.operation(term), to: children, onBooleans: terms.isBool(terms.children(term)[0]),
        parameters: parameters(term))
    }
    expressions[term.position] = try context.checked(result)
  }

  private func parameters(_ term: Term) -> Z3Parameters {
    switch terms.sort(term) {
    case .array(let index, _): return Z3Parameters(index: index)
    case .bool: return Z3Parameters()
    case .bitVector(let width):
      if let bounds = terms.bounds(term) {
        return Z3Parameters(high: bounds.high, low: bounds.low)
      }
      guard terms.operation(term) == .signExtend else { return Z3Parameters() }
      return Z3Parameters(extension: width - terms.width(terms.children(term)[0]))
    }
  }
}

/// What an operator needs to know besides its operands.
package struct Z3Parameters {
  /// Bounds of an `extract`.
  package var high = 0
  package var low = 0
  /// Bits that `signExtend` adds.
  package var `extension` = 0
  /// Index width of a `constantArray`.
  package var index = 0

  package init(high: Int = 0, low: Int = 0, extension: Int = 0, index: Int = 0) {
    (self.high, self.low, self.extension, self.index) = (high, low, `extension`, index)
  }
}

extension Z3Context {
  package func sort(_ sort: Sort) throws(Z3Failure) -> OpaquePointer {
    switch sort {
    case .bool: return try checked(Z3_mk_bool_sort(pointer))
    case .bitVector(let width): return try checked(Z3_mk_bv_sort(pointer, UInt32(width)))
    case .array(let index, let element):
      return try checked(
        Z3_mk_array_sort(
          pointer, self.sort(.bitVector(index)), self.sort(.bitVector(element))))
    }
  }

  /// A free constant; symbols are numbers, so that no name can clash with one of Z3's own.
  package func variable(_ number: Int, _ sort: OpaquePointer) -> OpaquePointer? {
    Z3_mk_const(pointer, Z3_mk_int_symbol(pointer, Int32(number)), sort)
  }

  package func bool(_ value: Bool) -> OpaquePointer? {
    value ? Z3_mk_true(pointer) : Z3_mk_false(pointer)
  }

  package func constant(_ value: BitVector) throws(Z3Failure) -> OpaquePointer {
    if value.width <= 64 {
      return try checked(
        Z3_mk_unsigned_int64(pointer, value.low, sort(.bitVector(value.width))))
    }
    let bits = (0..<value.width).map(value.bit)
    return try checked(Z3_mk_bv_numeral(pointer, UInt32(value.width), bits))
  }

  /// The operator applied to expressions; nil after an error.
  package func apply(
    _ operation: Operator, to operands: [OpaquePointer], onBooleans: Bool,
    parameters: Z3Parameters
  ) throws(Z3Failure) -> OpaquePointer? {
    let (first, second) = (operands[0], operands.count > 1 ? operands[1] : operands[0])
    let optional: [OpaquePointer?] = operands
    switch operation {
    case .constant, .variable: preconditionFailure("\(operation) has no operands")
    case .not:
      return onBooleans ? Z3_mk_not(pointer, first) : Z3_mk_bvnot(pointer, first)
    case .and:
      return onBooleans ? Z3_mk_and(pointer, 2, optional) : Z3_mk_bvand(pointer, first, second)
    case .or:
      return onBooleans ? Z3_mk_or(pointer, 2, optional) : Z3_mk_bvor(pointer, first, second)
    case .xor:
      return onBooleans ? Z3_mk_xor(pointer, first, second) : Z3_mk_bvxor(pointer, first, second)
    case .equal: return Z3_mk_eq(pointer, first, second)
    case .ifThenElse: return Z3_mk_ite(pointer, first, second, operands[2])
    case .negate: return Z3_mk_bvneg(pointer, first)
    case .add: return Z3_mk_bvadd(pointer, first, second)
    case .multiply: return Z3_mk_bvmul(pointer, first, second)
    case .unsignedDivide: return Z3_mk_bvudiv(pointer, first, second)
    case .unsignedRemainder: return Z3_mk_bvurem(pointer, first, second)
    case .signedDivide: return Z3_mk_bvsdiv(pointer, first, second)
    case .signedRemainder: return Z3_mk_bvsrem(pointer, first, second)
    case .shiftLeft: return Z3_mk_bvshl(pointer, first, second)
    case .logicalShiftRight: return Z3_mk_bvlshr(pointer, first, second)
    case .arithmeticShiftRight: return Z3_mk_bvashr(pointer, first, second)
    case .unsignedLess: return Z3_mk_bvult(pointer, first, second)
    case .signedLess: return Z3_mk_bvslt(pointer, first, second)
    case .concat: return Z3_mk_concat(pointer, first, second)
    case .extract:
      return Z3_mk_extract(pointer, UInt32(parameters.high), UInt32(parameters.low), first)
    case .signExtend: return Z3_mk_sign_ext(pointer, UInt32(parameters.extension), first)
    case .select: return Z3_mk_select(pointer, first, second)
    case .store: return Z3_mk_store(pointer, first, second, operands[2])
    case .constantArray:
      return Z3_mk_const_array(pointer, try sort(.bitVector(parameters.index)), first)
    }
  }
}
