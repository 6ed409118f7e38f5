/// A function of the theories Core, FixedSizeBitVectors (with QF_BV's additions) and ArraysEx, by
/// its SMT-LIB name.
enum SMTLIBFunction: String, CaseIterable, Sendable {
  case not, and, or, xor
  case implies = "=>"
  case equal = "="
  case distinct, ite
  case bvnot, bvneg, bvand, bvor, bvxor, bvnand, bvnor, bvxnor
  case bvadd, bvsub, bvmul, bvudiv, bvurem, bvsdiv, bvsrem, bvsmod
  case bvshl, bvlshr, bvashr
  case bvult, bvule, bvugt, bvuge, bvslt, bvsle, bvsgt, bvsge, bvcomp
  case concat, extract
  case repeated = "repeat"
  case zeroExtend = "zero_extend"
  case signExtend = "sign_extend"
  case rotateLeft = "rotate_left"
  case rotateRight = "rotate_right"
  case select, store
  /// `((as const SORT) element)`; its name is not a function of its own.
  case const

  /// How many numerals stand after the name in `(_ name …)`.
  var indexCount: Int {
    switch self {
    case .extract: 2
    case .repeated, .zeroExtend, .signExtend, .rotateLeft, .rotateRight: 1
    default: 0
    }
  }

  /// The numerals that stand after a name, at most two; zero for those that do not.
  struct Indices: Sendable {
    let first: Int
    let second: Int

    init(_ numerals: [Int]) {
      first = numerals.count > 0 ? numerals[0] : 0
      second = numerals.count > 1 ? numerals[1] : 0
    }
  }

  /// How many arguments it takes.
  var arity: ClosedRange<Int> {
    switch self {
    case .not, .bvnot, .bvneg, .extract, .repeated, .zeroExtend, .signExtend, .rotateLeft,
      .rotateRight, .const:
      1...1
    case .and, .or, .xor, .implies, .equal, .bvand, .bvor, .bvxor, .bvadd, .bvmul, .concat:
      2...Int.max
    case .distinct: 2...SMTLIBFunction.distinctLimit
    case .bvnand, .bvnor, .bvxnor, .bvsub, .bvudiv, .bvurem, .bvsdiv, .bvsrem, .bvsmod, .bvshl,
      .bvlshr, .bvashr, .bvult, .bvule, .bvugt, .bvuge, .bvslt, .bvsle, .bvsgt, .bvsge,
      .bvcomp, .select:
      2...2
    case .ite, .store: 3...3
    }
  }

  /// What an application counts for in the limit on steps: division of wide constants goes bit by
  /// bit, and `distinct` compares pairs.
  func cost(width: Int, arguments: Int) -> Int {
    switch self {
    case .bvudiv, .bvurem, .bvsdiv, .bvsrem, .bvsmod: width > 128 ? width : 1
    case .distinct: arguments * arguments / 2
    default: arguments
    }
  }

  /// The most arguments of `distinct`, which compares each with each.
  static let distinctLimit = 256
  /// The widest bit-vector that is read, in bits.
  static let widthLimit = 1_024
}

/// Why a function does not take its arguments.
struct SortMismatch: Error {
  /// The argument at fault, from 0; nil for the application as a whole.
  let argument: Int?
  let kind: SpecificationError.Kind
  let message: String

  init(_ argument: Int?, kind: SpecificationError.Kind = .sort, _ message: String) {
    self.argument = argument
    self.kind = kind
    self.message = message
  }

  static func expected(_ argument: Int, _ expected: String, _ found: Sort) -> SortMismatch {
    SortMismatch(argument, "expected \(expected), found \(found.smtlib)")
  }
}

/// Sort rules: arguments are as many as `arity` says.
extension SMTLIBFunction {
  /// The sort of an application; `constSort` is the sort named by `as const`.
  func sort(
    of sorts: [Sort], indices: [Int], constSort: Sort?
  ) throws(SortMismatch) -> Sort {
    switch self {
    case .not, .and, .or, .xor, .implies:
      try all(sorts, .bool)
      return .bool
    case .equal, .distinct:
      try all(sorts, sorts[0])
      return .bool
    case .ite:
      if sorts[0] != .bool { throw .expected(0, "Bool", sorts[0]) }
      if sorts[2] != sorts[1] { throw .expected(2, sorts[1].smtlib, sorts[2]) }
      return sorts[1]
    case .bvnot, .bvneg, .bvand, .bvor, .bvxor, .bvnand, .bvnor, .bvxnor, .bvadd, .bvsub,
      .bvmul, .bvudiv, .bvurem, .bvsdiv, .bvsrem, .bvsmod, .bvshl, .bvlshr, .bvashr,
      .rotateLeft, .rotateRight:
      _ = try width(sorts, 0)
      try all(sorts, sorts[0])
      return sorts[0]
    case .bvult, .bvule, .bvugt, .bvuge, .bvslt, .bvsle, .bvsgt, .bvsge, .bvcomp:
      _ = try width(sorts, 0)
      try all(sorts, sorts[0])
      return self == .bvcomp ? .bitVector(1) : .bool
    case .concat, .extract, .repeated, .zeroExtend, .signExtend:
      return try resized(sorts, indices)
    case .select, .store, .const: return try array(sorts, constSort)
    }
  }

  private func all(_ sorts: [Sort], _ expected: Sort) throws(SortMismatch) {
    for (index, sort) in sorts.enumerated() where sort != expected {
      throw .expected(index, expected.smtlib, sort)
    }
  }

  private func width(_ sorts: [Sort], _ index: Int) throws(SortMismatch) -> Int {
    guard case .bitVector(let width) = sorts[index] else {
      throw .expected(index, "a bit-vector", sorts[index])
    }
    return width
  }

  private func resized(_ sorts: [Sort], _ indices: [Int]) throws(SortMismatch) -> Sort {
    var result = try width(sorts, 0)
    switch self {
    case .concat:
      for index in sorts.indices.dropFirst() { result += try width(sorts, index) }
    case .extract:
      guard indices[1] <= indices[0] else {
        throw SortMismatch(
          nil, "extract's first index \(indices[0]) is below its second \(indices[1])")
      }
      guard indices[0] < result else {
        throw SortMismatch(
          0, "expected a bit-vector with a bit \(indices[0]), found \(sorts[0].smtlib)")
      }
      return .bitVector(indices[0] - indices[1] + 1)
    case .repeated:
      guard indices[0] > 0 else { throw SortMismatch(nil, "repeat's index is at least 1") }
      result = result.multipliedReportingOverflow(by: indices[0]).partialValue
    default:
      result = result.addingReportingOverflow(indices[0]).partialValue
    }
    guard result <= SMTLIBFunction.widthLimit else {
      throw SortMismatch(
        nil, kind: .limit,
        "the result has more than \(SMTLIBFunction.widthLimit) bits")
    }
    return .bitVector(result)
  }

  private func array(_ sorts: [Sort], _ constSort: Sort?) throws(SortMismatch) -> Sort {
    if self == .const {
      guard let constSort, case .array(_, let element) = constSort else {
        throw SortMismatch(nil, "expected (as const (Array …))")
      }
      if sorts[0] != .bitVector(element) {
        throw .expected(0, Sort.bitVector(element).smtlib, sorts[0])
      }
      return constSort
    }
    guard case .array(let index, let element) = sorts[0] else {
      throw .expected(0, "an array", sorts[0])
    }
    if sorts[1] != .bitVector(index) {
      throw .expected(1, Sort.bitVector(index).smtlib, sorts[1])
    }
    if self == .select { return .bitVector(element) }
    if sorts[2] != .bitVector(element) {
      throw .expected(2, Sort.bitVector(element).smtlib, sorts[2])
    }
    return sorts[0]
  }
}
