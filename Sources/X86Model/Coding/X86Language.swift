import MachineModel

/// The byte strings that the decoder reads as one instruction, byte by byte.
///
/// The decoder itself is asked at every place: with the bytes so far it says what it wants to read
/// next, and with zeros after them whether and where the instruction ends. Displacements and
/// immediates are free, so zeros stand for them all.
struct X86Language: InstructionLanguage {
  struct Place: Hashable, Sendable {
    /// Bytes with the same future as those read: redundant prefixes are not repeated.
    var bytes: [UInt8] = []
    /// How many bytes were read.
    var count = 0
    /// How many free bytes are left to the end, once that is known.
    var rest = 0
    /// What the choice says of the form then.
    var label = 0
    /// The last byte names a register in its upper half, and its lower half is zero.
    var endsInRegister = false
  }

  let tables: Tables
  let choice: InstructionChoice
  private let scope: ChoiceScope

  init(_ tables: Tables, _ choice: InstructionChoice) {
    self.tables = tables
    self.choice = choice
    scope = ChoiceScope(tables, choice)
  }

  var start: Place { Place() }

  func leastRest(_ place: Place) -> Int { Swift.max(place.rest, 1) }

  func step(_ place: Place, _ byte: UInt8) -> LanguageStep<Place> {
    guard place.count < 15 else { return .dead }
    if place.rest > 0 { return stepInRest(place, byte) }
    var next = place
    next.bytes.append(byte)
    next.count += 1
    guard scope.mayFollow(vector: next.bytes.drop(while: Prefixes.isPrefix)) else { return .dead }
    var decoder = Decoder(next.bytes.span.bytes, at: 0, tables: tables)
    switch decoder.want(of: choice, scope) {
    case .nothing: return .dead
    case .opcode:
      if next.bytes.allSatisfy(Prefixes.isPrefix) { next.bytes = decoder.prefixes.shortest }
      return .inside(next)
    case .modRM: return .inside(next)
    case .sib:
      // No SIB byte makes an instruction of what is none with another.
      return instruction(next.bytes) == nil ? .dead : .inside(next)
    case .rest(let endsInRegister): return finish(next, endsInRegister: endsInRegister)
    }
  }

  private func stepInRest(_ place: Place, _ byte: UInt8) -> LanguageStep<Place> {
    if place.rest == 1, place.endsInRegister, !holds(place.bytes + [byte]) { return .dead }
    if place.rest == 1 { return .end(label: place.label) }
    var next = place
    next.count = 0
    next.rest -= 1
    if next.endsInRegister { next.bytes.append(0) }
    return .inside(next)
  }

  /// What is left when prefixes, opcode, ModRM and SIB are known.
  private func finish(_ place: Place, endsInRegister: Bool) -> LanguageStep<Place> {
    guard let instruction = instruction(place.bytes) else { return .dead }
    let rest = instruction.length - place.bytes.count
    guard place.count + rest <= 15, endsInRegister || choice.contains(instruction) else {
      return .dead
    }
    if rest == 0 { return .end(label: choice.label(instruction.form)) }
    return .inside(
      Place(
        bytes: endsInRegister ? place.bytes : [], rest: rest,
        label: choice.label(instruction.form),
        endsInRegister: endsInRegister))
  }

  /// The instruction that `bytes` begin, with zeros after them.
  private func instruction(_ bytes: [UInt8]) -> Instruction? {
    let padding = [UInt8](repeating: 0, count: Swift.max(0, 15 - bytes.count))
    return try? X86().decode((bytes + padding)[...], at: 0)
  }

  private func holds(_ bytes: [UInt8]) -> Bool { instruction(bytes).map(choice.contains) ?? false }
}

extension Decoder {
  /// What the decoder reads after all its bytes.
  enum Want {
    /// There is no such instruction.
    case nothing
    /// A prefix or an opcode byte.
    case opcode
    case modRM
    case sib
    /// Displacement and immediates, if any, the last byte possibly a register.
    case rest(endsInRegister: Bool)
  }

  /// What comes after the bytes, all of which are needed to say so; `nothing` where it is clear that
  /// no instruction of `choice` begins so.
  mutating func want(of choice: InstructionChoice, _ scope: ChoiceScope) -> Want {
    do {
      try readOpcode()
    } catch {
      let isOpen = error.kind == .truncated && !prefixes.hasStrayREX && !prefixes.hasSegment
      return isOpen && scope.mayFollow(prefixes, map) ? .opcode : .nothing
    }
    if tables.hasModRM[map.rawValue << 8 | Int(opcode)] {
      guard let byte = try? cursor.next() else { return offers(choice) ? .modRM : .nothing }
      modRM = byte
    }
    guard let form = try? select() else { return .nothing }
    return want(form, of: choice)
  }

  /// What comes after ModRM.
  private mutating func want(_ form: Int, of choice: InstructionChoice) -> Want {
    let plan = tables.plans[form]
    let operands = tables.patterns[form].operands
    let isMemory = plan.traits.contains(.hasModRM) && modRM < 0xC0
    let hasMemory = operands.contains { $0.isModRM && isMemory || $0.place == .offset }
    guard choice.accepts(tables.forms[form], hasMemory) else { return .nothing }
    if isMemory, modRM & 7 == 4, (try? cursor.next()) == nil { return .sib }
    return .rest(endsInRegister: operands.contains { $0.place == .immediateRegister })
  }

  /// Whether a form at the opcode is in `choice`, with the prefixes and some ModRM.
  private mutating func offers(_ choice: InstructionChoice) -> Bool {
    for digit in UInt8(0)..<8 {
      let slot = tables.slots[Tables.slot(map, opcode, Int(digit))]
      for index in Int(slot.first)..<Int(slot.first) + Int(slot.count) {
        let candidate = tables.candidates[index]
        let form = tables.forms[Int(candidate.form)]
        let isLockable = tables.plans[Int(candidate.form)].traits.contains(.isLockable)
        if prefixes.hasLock, !isLockable { continue }
        for mode in [UInt8(0), 0xC0] where choice.accepts(form, mode == 0) {
          modRM = candidate.modRM < 256 ? UInt8(candidate.modRM) : mode | digit << 3
          if signature().isSubset(of: candidate.allowed) { return true }
        }
      }
    }
    return false
  }
}

/// Which prefixes and maps the instructions of a choice can have at all.
struct ChoiceScope: Sendable {
  /// By map: what some form allows; empty for a map without forms.
  private var facts = [Signature](repeating: [], count: Pattern.Map.count)
  private var lockable = [Bool](repeating: false, count: Pattern.Map.count)

  init(_ tables: Tables, _ choice: InstructionChoice) {
    for (form, pattern) in zip(tables.forms, tables.patterns)
    where choice.accepts(form, true) || choice.accepts(form, false) {
      let traits = tables.plans[form.index].traits
      var allowed = Signature(pattern)
      if traits.contains(.isNearBranch) { allowed.remove(.has66) }
      facts[pattern.map.rawValue].formUnion(allowed)
      if traits.contains(.isLockable) { lockable[pattern.map.rawValue] = true }
    }
  }

  /// Whether a form can follow what may be the beginning of a VEX or EVEX prefix.
  func mayFollow(vector bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first, first == 0xC4 || first == 0xC5 || first == 0x62 else {
      return true
    }
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
}

extension Prefixes {
  /// The facts that they are for a form without VEX.
  fileprivate var facts: Signature {
    [
      has66 ? .has66 : .no66, has67 ? .has67 : .no67,
      repeats == 0 ? .noRepeat : repeats == 0xF2 ? .hasF2 : .hasF3,
    ]
  }

  static func isPrefix(_ byte: UInt8) -> Bool { digits[Int(byte)] != 0 || byte & 0xF0 == 0x40 }

  /// The shortest bytes that say the same.
  var shortest: [UInt8] {
    var result: [UInt8] = []
    if hasLock { result.append(0xF0) }
    if has67 { result.append(0x67) }
    if has66 { result.append(0x66) }
    if repeats != 0 { result.append(repeats) }
    if rex != 0 { result.append(rex) }
    return result
  }
}

extension X86 {
  public func language(of choice: InstructionChoice) -> (any InstructionLanguage)? {
    X86Language(tables, choice)
  }
}
