import CZ3
import Terms
import Testing
import Z3Backend

extension Z3Tests {
  /// What operators mean on concrete bits is what Z3 says.
  @Suite struct OperatorTests {
    static let operators: [Operator] = Operator.allCases.filter { operation in
      switch operation {
      case .constant, .variable, .select, .store, .constantArray: false
      case .not, .and, .or, .xor, .equal, .ifThenElse, .negate, .add, .multiply,
        .unsignedDivide, .unsignedRemainder, .signedDivide, .signedRemainder, .shiftLeft,
        .logicalShiftRight, .arithmeticShiftRight, .unsignedLess, .signedLess, .concat, .extract,
        .signExtend:
        true
      }
    }

    @Test(arguments: operators)
    func exhaustiveAtSmallWidths(operation: Operator) throws {
      let context = try Z3Context()
      for width in 1...4 {
        for a in 0..<UInt64(1 << width) {
          for b in 0..<UInt64(operation.arity > 1 ? 1 << width : 1) {
            try check(operation, BitVector(a, width: width), BitVector(b, width: width), context)
          }
        }
      }
    }

    @Test(arguments: operators)
    func randomAtLargeWidths(operation: Operator) throws {
      let context = try Z3Context()
      var random = SplitMix64(seed: UInt64(operation.rawValue))
      for width in [8, 16, 31, 32, 33, 63, 64, 65, 127, 128, 130, 256] {
        for _ in 0..<60 {
          let a = random.bits(width)
          let b =
            random.once(in: 4)
            ? BitVector(UInt64(random.below(300)), width: width) : random.bits(width)
          try check(operation, a, b, context)
          try check(operation, a, a, context)
        }
      }
    }

    private func check(
      _ operation: Operator, _ a: BitVector, _ b: BitVector, _ context: Z3Context
    ) throws {
      let width = a.width
      switch operation {
      case .extract:
        let low = Int(b.low % UInt64(width))
        let high = low + Int(a.low % UInt64(width - low))
        try compare(
          operation, [a], a.extracting(high, low), Z3Parameters(high: high, low: low), context)
      case .signExtend:
        for added in [0, 1, 3, 64] {
          try compare(
            operation, [a], a.signExtended(to: width + added), Z3Parameters(extension: added),
            context)
        }
      case .ifThenElse:
        for condition: UInt64 in [0, 1] {
          let operands = [BitVector(condition, width: 1), a, b]
          guard let own = operation.meaning(operands[0], a, b) else { continue }
          try compare(operation, operands, own, Z3Parameters(), context)
        }
      default:
        guard let own = operation.meaning(a, b, a) else {
          Issue.record("\(operation) has no meaning")
          return
        }
        let operands = operation.arity == 1 ? [a] : [a, b]
        try compare(operation, operands, own, Z3Parameters(), context)
      }
    }

    private func compare(
      _ operation: Operator, _ operands: [BitVector], _ own: BitVector,
      _ parameters: Z3Parameters, _ context: Z3Context
    ) throws {
      var expressions = try operands.map { try context.constant($0) }
      if operation == .ifThenElse {
        expressions[0] = try context.checked(context.bool(!operands[0].isZero))
      }
      let result = try context.checked(
        context.apply(operation, to: expressions, onBooleans: false, parameters: parameters))
      var expected = try context.constant(own)
      if operation == .equal || operation == .unsignedLess || operation == .signedLess {
        expected = try context.checked(context.bool(!own.isZero))
      }
      let simplified = try context.checked(Z3_simplify(context.pointer, result))
      #expect(simplified == expected, "\(operation) of \(operands) is not \(own)")
    }
  }
}
