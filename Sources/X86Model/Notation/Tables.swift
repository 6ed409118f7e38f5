import MachineModel

/// Everything that follows from the rows: the forms, their patterns, and the decoder's index.
///
/// Built once; a row outside the notation stops the program with its text, in every test.
final class Tables: Sendable {
  let forms: [Form]
  /// The same as the decoder takes them.
  let rows: PermanentArray<Form>
  /// By `Form.index`.
  let patterns: PermanentArray<Pattern>
  /// By `Tables.slot`: where the candidates of an opcode and ModRM digit are in `candidates`.
  let slots: PermanentArray<Slot>
  /// The most specific first.
  let candidates: PermanentArray<Candidate>
  /// What the decoder does, by `Form.index`.
  let plans: PermanentArray<Plan>
  /// The operands of all forms, one after the other.
  let operands: PermanentArray<OperandReader>
  /// Whether an opcode has a ModRM byte, by map and byte.
  let hasModRM: PermanentArray<Bool>
  /// Encodings that the manual reserves, by `slot`: bit 0 for memory operands, bit 1 for others.
  let reserved: PermanentArray<UInt8>
  let registers = PermanentArray(RegisterTable.all)
  /// What each byte is before the opcode: see `Prefixes.kinds`.
  let prefixKinds = PermanentArray(Prefixes.kinds)
  /// The forms by mnemonic, other names included.
  static let byMnemonic = names(shared.forms)

  struct Slot: Sendable {
    var first: UInt16 = 0
    var count: UInt16 = 0
  }

  /// The tables of this model.
  static let shared = Tables(entries: Tables.entries, reserved: Tables.reservedEncodings)

  static func slot(_ map: Pattern.Map, _ opcode: UInt8, _ digit: Int) -> Int {
    (map.rawValue << 8 | Int(opcode)) << 3 | digit
  }

  init(entries: [Entry], reserved: [String]) {
    var forms: [Form] = []
    var patterns: [Pattern] = []
    var reader = RowReader()
    for entry in entries {
      for row in entry.rows {
        for (row, pattern) in Tables.forms(of: row, &reader) {
          forms.append(
            Form(
              syntax: row.syntax, encoding: row.encoding, family: entry.family,
              feature: row.feature ?? entry.feature, tier: Tables.tier(pattern, entry.family),
              index: forms.count))
          patterns.append(pattern)
        }
      }
    }
    Tables.separateNop(&patterns)
    self.forms = forms
    rows = PermanentArray(forms)
    self.patterns = PermanentArray(patterns)
    (slots, candidates) = Tables.index(self.patterns)
    (plans, operands) = Tables.plans(forms, self.patterns)
    let impossible = reserved.flatMap {
      Tables.forms(of: Row("reserved", $0), &reader).map(\.pattern)
    }
    hasModRM = Tables.modRMs(self.patterns, impossible)
    self.reserved = Tables.reservations(impossible)
  }

  /// A family of vector instructions holds what SSE (T3), AVX (T4) and AVX-512 (T6) have of it.
  private static func tier(_ pattern: Pattern, _ family: Family) -> String {
    guard pattern.map.isVEX, family.tier == "T3" else { return family.tier }
    return pattern.map.isEVEX ? "T6" : "T4"
  }

  private static func forms(
    of row: Row, _ reader: inout RowReader
  ) -> [(row: Row, pattern: Pattern)] {
    do {
      return try reader.forms(of: row)
    } catch {
      preconditionFailure("row '\(row.syntax)' '\(row.encoding)': \(error.reason)")
    }
  }

  /// `90` is a no-op and `90+r` an exchange with any register but the accumulator; `F3 90` is a
  /// pause with REX.B too, on which nothing but the CPU could be asked.
  private static func separateNop(_ patterns: inout [Pattern]) {
    let bare = patterns.indices.filter {
      patterns[$0].operands.isEmpty && patterns[$0].modRM == .none && !patterns[$0].addsRegister
    }
    for other in patterns.indices where patterns[other].addsRegister {
      for index in bare
      where patterns[other].map == patterns[index].map
        && patterns[other].opcode == patterns[index].opcode
      {
        patterns[other].excludesZero = true
        patterns[index].needsClearB = patterns[index].repeats != .required3
      }
    }
  }

  // MARK: The decoder's index

  /// Calls `body` with the opcode bytes and ModRM digits that a pattern is found at.
  private static func forEachPlace(of pattern: Pattern, _ body: (Int) -> Void) {
    let digits: Range<Int> =
      switch pattern.modRM {
      case .none, .register: 0..<8
      case .digit(let digit): digit..<digit + 1
      case .fixed(let byte): Int(byte >> 3 & 7)..<Int(byte >> 3 & 7) + 1
      }
    for low in 0..<(pattern.addsRegister ? UInt8(8) : 1) {
      for digit in digits { body(slot(pattern.map, pattern.opcode | low, digit)) }
    }
  }

  /// How much a pattern demands; of two that match, the one that demands more is meant.
  private static func specificity(_ pattern: Pattern) -> Int {
    var demands = 3 - pattern.sizes.nonzeroBitCount
    if pattern.repeats.rawValue >= Pattern.Repeat.required2.rawValue { demands += 16 }
    if pattern.needs67 { demands += 8 }
    if pattern.needsClearB { demands += 8 }
    if case .fixed = pattern.modRM { demands += 32 }
    return demands
  }

  private static func index(
    _ patterns: PermanentArray<Pattern>
  ) -> (PermanentArray<Slot>, PermanentArray<Candidate>) {
    var slots = [Slot](repeating: Slot(), count: Pattern.Map.count << 11)
    for form in 0..<patterns.count { forEachPlace(of: patterns[form]) { slots[$0].count += 1 } }
    var total: UInt16 = 0
    for place in slots.indices where slots[place].count > 0 {
      total += slots[place].count
      // Where the list ends, until it is filled from there.
      slots[place].first = total
    }
    var candidates = [Candidate](
      repeating: Candidate(allowed: [], form: 0, modRM: 0), count: Int(total))
    // Each list is filled in order of what its forms demand, the last first.
    let order = (0..<patterns.count).map { specificity(patterns[$0]) << 16 | (0xFFFF - $0) }
      .sorted()
    for key in order {
      let form = 0xFFFF - (key & 0xFFFF)
      let candidate = candidate(form, patterns[form])
      forEachPlace(of: patterns[form]) { place in
        slots[place].first -= 1
        candidates[Int(slots[place].first)] = candidate
      }
    }
    return (PermanentArray(slots), PermanentArray(candidates))
  }

  private static func candidate(_ form: Int, _ pattern: Pattern) -> Candidate {
    var byte: UInt16 = 256
    if case .fixed(let fixed) = pattern.modRM { byte = UInt16(fixed) }
    return Candidate(allowed: Signature(pattern), form: UInt16(form), modRM: byte)
  }

  private static func plans(
    _ forms: [Form], _ patterns: PermanentArray<Pattern>
  ) -> (PermanentArray<Plan>, PermanentArray<OperandReader>) {
    var plans: [Plan] = []
    var operands: [OperandReader] = []
    plans.reserveCapacity(forms.count)
    operands.reserveCapacity(3 * forms.count)
    for form in forms {
      plans.append(Plan(form, patterns[form.index], firstOperand: operands.count))
      for operand in patterns[form.index].operands {
        operands.append(OperandReader(operand, of: patterns[form.index]))
      }
    }
    return (PermanentArray(plans), PermanentArray(operands))
  }

  private static func modRMs(
    _ patterns: PermanentArray<Pattern>, _ impossible: [Pattern]
  ) -> PermanentArray<Bool> {
    var result = [Bool](repeating: false, count: Pattern.Map.count << 8)
    func add(_ pattern: Pattern) {
      guard pattern.hasModRM else { return }
      forEachPlace(of: pattern) { result[$0 >> 3] = true }
    }
    for form in 0..<patterns.count { add(patterns[form]) }
    for pattern in impossible { add(pattern) }
    return PermanentArray(result)
  }

  private static func reservations(_ patterns: [Pattern]) -> PermanentArray<UInt8> {
    var result = [UInt8](repeating: 0, count: Pattern.Map.count << 11)
    for pattern in patterns {
      let kinds: UInt8 = (pattern.allowsMemory ? 1 : 0) | (pattern.allowsRegister ? 2 : 0)
      forEachPlace(of: pattern) { result[$0] |= kinds }
    }
    return PermanentArray(result)
  }

  private static func names(_ forms: [Form]) -> [String: [Int]] {
    var result: [String: [Int]] = [:]
    for form in forms {
      for name in Mnemonic.names(of: form) { result[name, default: []].append(form.index) }
    }
    return result
  }
}
