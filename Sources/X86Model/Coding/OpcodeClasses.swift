import MachineModel

/// Numbers for the opcodes and forms of a choice, equal where the decoder reads the same bytes after them, with
/// the same labels at the ends.
struct OpcodeClasses: Sendable {
  /// By form, and by map and byte; zero for what is not in the choice.
  private(set) var forms: [UInt16] = []
  private(set) var opcodes: [UInt16] = []
  private let namesRegisters: Bool

  /// - Parameters:
  ///   - facts: by form.
  ///   - registers: by form.
  ///   - namesRegisters: whether it depends on registers what is in the choice.
  init(
    _ tables: Tables, _ facts: [ChoiceScope.Facts], _ registers: [RegisterFields],
    namesRegisters: Bool
  ) {
    self.namesRegisters = namesRegisters
    var numbers: [[UInt64]: UInt16] = [:]
    forms = facts.indices.map { form in
      guard facts[form].acceptsSome else { return 0 }
      let words = words(tables, form: form, facts[form], registers[form])
      return OpcodeClasses.number(words, &numbers)
    }
    numbers = [:]
    opcodes = (0..<Pattern.Map.count << 8).map { place in
      words(tables, opcode: place).map { OpcodeClasses.number($0, &numbers) } ?? 0
    }
  }

  private static func number(_ words: [UInt64], _ numbers: inout [[UInt64]: UInt16]) -> UInt16 {
    let next = UInt16(numbers.count + 1)
    let number = numbers[words] ?? next
    if number == next { numbers[words] = number }
    return number
  }

  /// All of a form that its operands, its length and the choice depend on.
  private func words(
    _ tables: Tables, form: Int, _ facts: ChoiceScope.Facts, _ registers: RegisterFields
  ) -> [UInt64] {
    let plan = tables.plans[form]
    let result = [UInt64(plan.traits.rawValue) << 32 | facts.bits, UInt64(facts.label)]
    let first = Int(plan.firstOperand)
    let operands = (first..<first + Int(plan.operandCount)).map { tables.operands[$0].bits }
    return result + registers.words + operands
  }

  /// The candidates of an opcode; nil if no form of the choice is there.
  private func words(_ tables: Tables, opcode place: Int) -> [UInt64]? {
    var result: [UInt64] = []
    var (hasForms, addsRegister) = (false, false)
    for digit in 0..<8 {
      let slot = tables.slots[place << 3 | digit]
      result.append(UInt64(slot.count))
      for candidate in Int(slot.first)..<Int(slot.first) + Int(slot.count) {
        let next = tables.candidates[candidate]
        let form = Int(next.form)
        hasForms = hasForms || forms[form] != 0
        addsRegister = addsRegister || tables.plans[form].traits.contains(.addsRegister)
        result.append(
          UInt64(forms[form]) << 48 | UInt64(next.modRM) << 32 | UInt64(next.allowed.rawValue))
      }
    }
    guard hasForms else { return nil }
    let map = place >> 8
    let isEVEX = map >= Pattern.Map.evex0F.rawValue
    let kind: UInt64 = isEVEX ? 2 : map >= Pattern.Map.vex0F.rawValue ? 1 : 0
    // Of the registers that opcodes of maps without VEX name, some forms exclude the first.
    let low = UInt64(place & 7)
    let register = addsRegister && namesRegisters ? low : kind == 0 ? Swift.min(low, 1) : 0
    result.append(kind << 32 | register << 1 | (tables.hasModRM[place] ? 1 : 0))
    return result
  }
}

extension OperandReader {
  /// How many bytes it reads, and which numbers of registers there are.
  fileprivate var bits: UInt64 {
    UInt64(kind.rawValue) | (isByte ? 1 << 8 : 0) | (isExtended ? 1 << 9 : 0)
      | UInt64(registerCount) << 16 | UInt64(byteCount) << 24
  }
}
