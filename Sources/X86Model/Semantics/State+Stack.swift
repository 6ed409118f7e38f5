import MachineModel
import Terms

/// The stack, and conditions.
extension MachineState {
  /// Pushes a value of 16 or 64 bits.
  mutating func push(_ value: Term) {
    let size = terms.width(value) / 8
    let top = terms.subtract(self[.rsp], terms.constant(UInt64(size), width: 64))
    store(top, value)
    self[.rsp] = top
  }

  /// Pops a value of 16 or 64 bits.
  mutating func pop(width: Int) -> Term {
    let top = self[.rsp]
    let value = load(top, byteCount: width / 8)
    self[.rsp] = terms.add(top, terms.constant(UInt64(width / 8), width: 64))
    return value
  }

  /// Whether the condition of that number holds (Intel SDM, volume 1, appendix B).
  func holds(_ condition: Condition) -> Term {
    let positive: Term =
      switch condition.number >> 1 {
      case 0: self[.of]
      case 1: self[.cf]
      case 2: self[.zf]
      case 3: terms.or(self[.cf], self[.zf])
      case 4: self[.sf]
      case 5: self[.pf]
      case 6: terms.xor(self[.sf], self[.of])
      default: terms.or(self[.zf], terms.xor(self[.sf], self[.of]))
      }
    return condition.number & 1 == 0 ? positive : terms.not(positive)
  }
}

extension Condition {
  /// The flags that decide the condition.
  var reads: Set<Flag> {
    switch number >> 1 {
    case 0: [.of]
    case 1: [.cf]
    case 2: [.zf]
    case 3: [.cf, .zf]
    case 4: [.sf]
    case 5: [.pf]
    case 6: [.sf, .of]
    default: [.zf, .sf, .of]
    }
  }
}
