import MachineModel

/// What the decoder can look at for the instructions of a choice: what it does not look at makes no
/// difference between bytes.
struct ChoiceScope: Sendable {
  /// The forms at an opcode.
  struct Opcode: Sendable {
    /// The forms of the choice, each once.
    fileprivate(set) var forms: [UInt16] = []
    /// The facts that not all forms allow alike.
    fileprivate(set) var facts: Signature = []
    /// Bits of REX that decide about registers.
    fileprivate(set) var rex: UInt8 = 0
    fileprivate(set) var looksAt66 = false
    fileprivate(set) var looksAt67 = false
    /// Whether ModRM's reg field selects among forms, and whether all of ModRM does.
    fileprivate(set) var hasDigits = false
    fileprivate(set) var hasFixedBytes = false
  }

  /// A form, without references.
  struct Facts: Sendable {
    /// Whether it is in the choice with an operand in memory, and with none.
    let acceptsMemory: Bool
    let acceptsOthers: Bool
    /// What the choice says of it.
    let label: Int
    let isLockable: Bool
    /// Whether ModRM names an operand, and whether there is an offset.
    let hasModRMOperand: Bool
    let hasOffset: Bool
    let endsInRegister: Bool

    init(_ form: Form, _ tables: Tables, _ choice: InstructionChoice) {
      let operands = tables.patterns[form.index].operands
      acceptsMemory = choice.accepts(form, true)
      acceptsOthers = choice.accepts(form, false)
      label = choice.label(form)
      isLockable = tables.plans[form.index].traits.contains(.isLockable)
      hasModRMOperand = operands.contains { $0.isModRM }
      hasOffset = operands.contains { $0.place == .offset }
      endsInRegister = operands.contains { $0.place == .immediateRegister }
    }

    func accepts(hasMemory: Bool) -> Bool { hasMemory ? acceptsMemory : acceptsOthers }

    var acceptsSome: Bool { acceptsMemory || acceptsOthers }

    /// All but the label, a bit each.
    var bits: UInt64 {
      let facts = [
        acceptsMemory, acceptsOthers, isLockable, hasModRMOperand, hasOffset, endsInRegister,
      ]
      return facts.reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
    }
  }

  /// By form.
  let forms: [Facts]
  /// By map and byte.
  private let opcodes: [Opcode]
  let classes: OpcodeClasses
  /// By form.
  let registers: [RegisterFields]
  /// By map: what some form allows; empty for a map without forms.
  private var facts = [Signature](repeating: [], count: Pattern.Map.count)
  private var lockable = [Bool](repeating: false, count: Pattern.Map.count)
  /// By map: all that the opcodes look at in REX.
  private(set) var rex = [UInt8](repeating: 0, count: Pattern.Map.count)
  /// By map: whether one of them looks at 67.
  private(set) var looksAt67 = [Bool](repeating: false, count: Pattern.Map.count)
  /// By map: for VEX.vvvv and for EVEX.aaa the lowest number with the same effect.
  private(set) var vectorClasses: [[UInt8]] = []
  private(set) var maskClasses: [[UInt8]] = []
  /// By map: for each byte in the place of the opcode the first that leads where it does.
  private(set) var alikeOpcodes: [[UInt8]] = []
  /// The same for the byte of VEX or EVEX with vvvv, and for that of EVEX with aaa.
  private(set) var alikeVectors: [[UInt8]] = []
  private(set) var alikeMasks: [[UInt8]] = []

  init(_ tables: Tables, _ choice: InstructionChoice) {
    forms = tables.forms.map { Facts($0, tables, choice) }
    let chosen = forms.map(\.acceptsSome)
    registers = tables.forms.map { RegisterFields($0, tables, choice) }
    classes = OpcodeClasses(tables, forms, registers, namesRegisters: choice.register != nil)
    opcodes = ChoiceScope.opcodes(tables, chosen, registers)
    for form in tables.forms where chosen[form.index] {
      let pattern = tables.patterns[form.index]
      let traits = tables.plans[form.index].traits
      var allowed = Signature(pattern)
      if traits.contains(.isNearBranch) { allowed.remove(.has66) }
      facts[pattern.map.rawValue].formUnion(allowed)
      if traits.contains(.isLockable) { lockable[pattern.map.rawValue] = true }
    }
    for map in 0..<Pattern.Map.count {
      let used = opcodes[map << 8..<(map + 1) << 8]
      rex[map] = used.reduce(0) { $0 | $1.rex }
      looksAt67[map] = used.contains(where: \.looksAt67)
      let forms = Set(used.flatMap(\.forms))
      vectorClasses.append(classes(forms, 32, \.vector))
      maskClasses.append(classes(forms, 8, \.mask))
      alikeOpcodes.append(alike(map, tables))
      alikeVectors.append(ChoiceScope.alikeVectors(vectorClasses[map]))
      alikeMasks.append((0...255).map { $0 & 0xF8 | maskClasses[map][Int($0 & 7)] })
    }
  }

  func opcode(_ map: Pattern.Map, _ byte: UInt8) -> Opcode {
    opcodes[map.rawValue << 8 | Int(byte)]
  }

  // MARK: Opcodes

  private static func opcodes(
    _ tables: Tables, _ chosen: [Bool], _ registers: [RegisterFields]
  ) -> [Opcode] {
    (0..<Pattern.Map.count << 8).map { place in
      var result = Opcode()
      let lists = (0..<8).map { digit -> [Candidate] in
        let slot = tables.slots[place << 3 | digit]
        return (Int(slot.first)..<Int(slot.first) + Int(slot.count)).map { tables.candidates[$0] }
      }
      let all = lists.flatMap { $0 }
      result.hasFixedBytes = all.contains { $0.modRM < 256 }
      result.hasDigits = lists.contains { $0.map(\.form) != lists[0].map(\.form) }
      result.facts = Signature.groups.filter { group in
        !all.allSatisfy { group.isSubset(of: $0.allowed) }
      }.reduce(into: Signature()) { $0.formUnion($1) }
      for form in Set(all.map(\.form)).sorted() where chosen[Int(form)] {
        result.forms.append(form)
        result.add(
          tables.plans[Int(form)], registers[Int(form)],
          isEVEX: place >> 8 >= Pattern.Map.evex0F.rawValue)
      }
      let isVEX = place >> 8 >= Pattern.Map.vex0F.rawValue
      if !isVEX, !result.facts.isDisjoint(with: .opcodeRegisters) { result.rex |= 1 }
      return result
    }
  }

  /// For each number the lowest one that the forms allow alike; zero is alike to none.
  private func classes(
    _ forms: Set<UInt16>, _ count: Int, _ field: KeyPath<RegisterFields, UInt32>
  ) -> [UInt8] {
    let masks = Array(Set(forms.map { registers[Int($0)][keyPath: field] }))
    return (0..<count).map { number in
      let first = (1..<Swift.max(number, 1)).first { other in
        number > 0 && masks.allSatisfy { $0 >> UInt32(other) & 1 == $0 >> UInt32(number) & 1 }
      }
      return UInt8(first ?? number)
    }
  }

  /// Bytes whose opcodes have the same class are alike.
  private func alike(_ map: Int, _ tables: Tables) -> [UInt8] {
    var first: [UInt16: UInt8] = [:]
    return (UInt8(0)...255).map { byte in
      let isPrefix = map == 0 && tables.prefixKinds[Int(byte)] != 0
      let isEscape = map == Pattern.Map.map0F.rawValue && (byte == 0x38 || byte == 0x3A)
      if isPrefix || isEscape { return byte }
      let number = classes.opcodes[map << 8 | Int(byte)]
      let known = first[number] ?? byte
      first[number] = known
      return known
    }
  }

  /// For each byte with vvvv, which is inverted, the first one whose registers have the same classes.
  private static func alikeVectors(_ classes: [UInt8]) -> [UInt8] {
    let pairs = (0..<16).map { (classes[15 - $0], classes[31 - $0]) }
    let first = pairs.map { pair in UInt8(pairs.firstIndex { $0 == pair } ?? 0) }
    return (UInt8(0)...255).map { $0 & 0x87 | first[Int($0 >> 3 & 15)] << 3 }
  }

  // MARK: What may follow

  /// Whether a form can follow what may be the beginning of a VEX or EVEX prefix.
  func mayFollow(vector bytes: some Collection<UInt8>) -> Bool {
    guard let first = bytes.first else { return true }
    let isEVEX = first == 0x62
    var maps = (isEVEX ? Pattern.Map.evex0F : .vex0F).rawValue..<(isEVEX ? Pattern.Map.count : 7)
    if first == 0xC5 { maps = maps.prefix(1) }
    let payload = bytes.dropFirst()
    if first != 0xC5, let byte = payload.first {
      let number = Int(byte & (isEVEX ? 15 : 31))
      if number == 0 { return false }
      maps = maps.dropFirst(number - 1).prefix(1)
    }
    if isEVEX, let second = payload.dropFirst().first, second & 4 == 0 { return false }
    return maps.contains { !facts[$0].isEmpty }
  }

  /// Whether a form can follow the prefixes, in `map` or one that it leads to.
  func mayFollow(_ prefixes: Prefixes, _ map: Pattern.Map) -> Bool {
    if map.isVEX { return !facts[map.rawValue].isEmpty }
    return (map.rawValue..<Pattern.Map.count).contains { index in
      // Of the escapes only 0F leads to other maps, and none to VEX.
      if map != .oneByte, index > Pattern.Map.map0F3A.rawValue { return false }
      if map == .map0F38 || map == .map0F3A, index != map.rawValue { return false }
      if index >= Pattern.Map.vex0F.rawValue {
        return !facts[index].isEmpty && !prefixes.hasLock
      }
      if prefixes.hasLock, !lockable[index] { return false }
      return prefixes.facts.isSubset(of: facts[index])
    }
  }

  /// Whether some form of a VEX map allows the facts of its prefix.
  func mayFollow(_ facts: Signature, _ map: Pattern.Map) -> Bool {
    facts.isSubset(of: self.facts[map.rawValue])
  }
}

extension ChoiceScope.Opcode {
  fileprivate mutating func add(_ plan: Plan, _ registers: RegisterFields, isEVEX: Bool) {
    rex |= registers.looksAtREX(isEVEX: isEVEX)
    looksAt66 = looksAt66 || plan.traits.contains(.isNearBranch)
    looksAt67 =
      looksAt67
      || !plan.traits.isDisjoint(
        with: [.storesAtRDI, .hasOffset, .hasIndices128, .hasIndices256])
  }
}

extension Signature {
  /// What REX.B makes of the opcode's low bits.
  fileprivate static let opcodeRegisters: Signature = [
    .registerZero, .registerEight, .registerLow, .registerHigh,
  ]

  /// Facts of which bytes have exactly one.
  fileprivate static let groups: [Signature] = [
    [.size16, .size32, .size64], [.no66, .has66], [.no67, .has67], [.noRepeat, .hasF2, .hasF3],
    opcodeRegisters, [.wide0, .wide1],
    [.vexPrefix(0), .vexPrefix(1), .vexPrefix(2), .vexPrefix(3)], .anyLength, [.noMask, .mask],
  ]
}

extension Prefixes {
  /// The facts that they are for a form without VEX.
  fileprivate var facts: Signature {
    [
      has66 ? .has66 : .no66, has67 ? .has67 : .no67,
      repeats == 0 ? .noRepeat : repeats == 0xF2 ? .hasF2 : .hasF3,
    ]
  }
}
