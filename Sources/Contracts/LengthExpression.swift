import Terms

/// The length of a buffer in elements: sums, differences and products of constants and integer
/// parameters, computed as mathematical integers (nothing wraps).
public struct LengthExpression: Hashable, Sendable {
  /// One step of the expression in postfix order.
  public enum Step: Hashable, Sendable {
    case constant(UInt64)
    /// An integer parameter, by name, read as its type says.
    case parameter(String, ValueType)
    case add, subtract, multiply
  }

  public let steps: [Step]
  /// The expression as it was written.
  public let text: String

  public init(steps: [Step], text: String) {
    self.steps = steps
    self.text = text
  }

  /// The length where it depends on no parameter and is not negative.
  public var constant: Int? {
    var stack: [Int] = []
    for step in steps {
      switch step {
      case .constant(let value):
        guard let value = Int(exactly: value) else { return nil }
        stack.append(value)
      case .parameter: return nil
      case .add, .subtract, .multiply:
        guard let right = stack.popLast(), let left = stack.popLast() else { return nil }
        let (value, overflow) =
          step == .add
          ? left.addingReportingOverflow(right)
          : step == .subtract
            ? left.subtractingReportingOverflow(right)
            : left.multipliedReportingOverflow(by: right)
        if overflow { return nil }
        stack.append(value)
      }
    }
    return stack.last.flatMap { $0 >= 0 ? $0 : nil }
  }

  /// The parameters that it mentions.
  public var parameters: [String] {
    steps.compactMap {
      if case .parameter(let name, _) = $0 { return name }
      return nil
    }
  }

  /// A length as terms.
  public struct Value: Hashable, Sendable {
    /// The length modulo 2^64, 64 bits.
    public let count: Term
    /// Whether the length is from 0 to 2^64-1, so that `count` is all of it.
    public let isRepresentable: Term
  }

  /// The length for the values that `environment` gives the parameters, at their own widths.
  public func value(environment: [String: Term], in terms: TermManager) -> Value {
    var stack: [Term] = []
    let width = exactWidth
    for step in steps {
      switch step {
      case .constant(let value): stack.append(terms.constant(value, width: width))
      case .parameter(let name, let type):
        guard let value = environment[name] else {
          preconditionFailure("length \(text) without a value for \(name)")
        }
        stack.append(
          type.isSigned
            ? terms.signExtend(value, to: width) : terms.zeroExtend(value, to: width))
      case .add, .subtract, .multiply:
        let right = stack.removeLast()
        let left = stack.removeLast()
        stack.append(
          step == .add
            ? terms.add(left, right)
            : step == .subtract ? terms.subtract(left, right) : terms.multiply(left, right))
      }
    }
    guard let exact = stack.last else { preconditionFailure("length without steps") }
    let high = terms.extract(exact, width - 1, 64)
    return Value(
      count: terms.extract(exact, 63, 0),
      isRepresentable: terms.equal(high, terms.constant(0, width: width - 64)))
  }

  /// A width at which no step overflows as a signed number; more than 64.
  private var exactWidth: Int {
    var stack: [Int] = []
    for step in steps {
      switch step {
      case .constant(let value): stack.append(65 - value.leadingZeroBitCount)
      case .parameter(_, let type): stack.append(type.width + 1)
      case .add, .subtract, .multiply:
        let right = stack.removeLast()
        let left = stack.removeLast()
        stack.append(step == .multiply ? left + right : max(left, right) + 1)
      }
    }
    return max(stack.last ?? 0, 65)
  }
}
