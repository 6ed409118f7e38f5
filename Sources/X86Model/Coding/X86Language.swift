import MachineModel

/// The byte strings that the decoder reads as one instruction, byte by byte.
///
/// The decoder itself is asked: with the bytes so far it says what it wants to read next, and with zeros
/// after them whether and where the instruction ends. Displacements and immediates are free, so zeros
/// stand for them all. Bytes that differ only in what the decoder does not look at for the instructions
/// of the choice (`ChoiceScope`) are one place, and those read first stand for them.
struct X86Language: InstructionLanguage {
  struct Place: Hashable, Sendable {
    /// What the next byte is.
    enum Stage: UInt64, Sendable {
      /// A prefix, an escape byte or an opcode.
      case opcode
      /// A byte of a VEX or EVEX prefix, and the opcode after one.
      case vector, vectorOpcode
      case modRM, sib
      /// One of displacement and immediates.
      case rest
    }

    let stage: Stage
    /// Says, with the stage, everything on which the future depends.
    let key: Key
    /// Bytes that lead here.
    var bytes = Bytes()

    static func == (left: Place, right: Place) -> Bool {
      left.stage == right.stage && left.key == right.key
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(key.first << 3 | stage.rawValue)
      hasher.combine(key.second)
    }
  }

  struct Key: Equatable {
    var first: UInt64 = 0
    var second: UInt64 = 0
  }

  /// The first bytes of an instruction, the first of them least significant.
  struct Bytes {
    var bits: UInt128 = 0
    var count = 0

    func appending(_ byte: UInt8) -> Bytes {
      Bytes(bits: bits | UInt128(byte) << UInt128(8 * count), count: count + 1)
    }

    subscript(index: Int) -> UInt8 { UInt8(truncatingIfNeeded: bits >> UInt128(8 * index)) }
  }

  let tables: Tables
  let choice: InstructionChoice
  let scope: ChoiceScope

  init(_ tables: Tables, _ choice: InstructionChoice) {
    self.tables = tables
    self.choice = choice
    scope = ChoiceScope(tables, choice)
  }

  var start: Place { Place(stage: .opcode, key: Key()) }
  var longest: Int { 15 }

  func step(_ place: Place, _ byte: UInt8) -> LanguageStep<Place> {
    if place.stage == .rest { return stepInRest(place, byte) }
    guard place.bytes.count < 15 else { return .dead }
    let bytes = place.bytes.appending(byte)
    var decoder = Decoder(Cursor(bytes.bits, limit: bytes.count), at: 0, tables: tables)
    switch decoder.want(scope) {
    case .nothing: return .dead
    case .opcode: return opcode(&decoder, bytes)
    case .modRM: return .inside(Place(stage: .modRM, key: key(&decoder), bytes: bytes))
    case .sib(let form): return sib(&decoder, form, bytes)
    case .rest: return finish(bytes)
    }
  }

  // MARK: Prefixes and opcode

  private func opcode(_ decoder: inout Decoder, _ bytes: Bytes) -> LanguageStep<Place> {
    let payload = payload(bytes)
    if payload.isEmpty {
      return .inside(Place(stage: .opcode, key: prefixKey(&decoder), bytes: bytes))
    }
    if decoder.map.isVEX {
      decoder.modRM = 0
      var isOpen = scope.mayFollow(decoder.signature(), decoder.map)
      decoder.modRM = 0xC0
      isOpen = isOpen || scope.mayFollow(decoder.signature(), decoder.map)
      guard isOpen else { return .dead }
      return .inside(Place(stage: .vectorOpcode, key: vectorKey(&decoder), bytes: bytes))
    }
    guard scope.mayFollow(vector: payload) else { return .dead }
    let key = payloadKey(payload, has67: decoder.prefixes.has67)
    return .inside(Place(stage: .vector, key: key, bytes: bytes))
  }

  // MARK: ModRM and SIB

  private func sib(
    _ decoder: inout Decoder, _ form: Int, _ bytes: Bytes
  ) -> LanguageStep<Place> {
    // No SIB byte makes an instruction of what is none with another.
    guard let first = reading(bytes) else { return .dead }
    let some = scope.forms[form].endsInRegister ? variants(of: bytes, first) : [(0, first)]
    guard some.contains(where: { isChosen($0.1, besidesMemory: true) }) else { return .dead }
    let looks = scope.registers[form].looksAtREX(isEVEX: decoder.map.isEVEX) & 3
    let hasIndices = !tables.plans[form].traits.isDisjoint(with: [.hasIndices128, .hasIndices256])
    let has67 = hasIndices && decoder.prefixes.has67
    let key =
      UInt64(scope.classes.forms[form]) | UInt64(decoder.modRM >> 6) << 16
      | UInt64(decoder.prefixes.rex & looks) << 24 | (has67 ? 1 << 32 : 0)
    return .inside(Place(stage: .sib, key: Key(first: key), bytes: bytes))
  }

  /// Whether the choice allows the registers that are not in an address, or all of them.
  private func isChosen(_ reading: Reading, besidesMemory: Bool) -> Bool {
    guard let isAllowed = choice.register else { return true }
    let form = tables.forms[reading.form]
    return reading.operands.allSatisfy { operand in
      if besidesMemory, case .memory = operand { return true }
      return operand.registers.allSatisfy { isAllowed(form, $0) }
    }
  }

  // MARK: The rest

  /// What is left when prefixes, opcode, ModRM and SIB are known, of a form of the choice.
  private func finish(_ bytes: Bytes) -> LanguageStep<Place> {
    guard let reading = reading(bytes) else { return .dead }
    let facts = scope.forms[reading.form]
    var numbers: UInt64 = 0
    if facts.endsInRegister {
      for (number, variant) in variants(of: bytes, reading)
      where isChosen(variant, besidesMemory: false) { numbers |= 1 << UInt64(number) }
      if numbers == 0 { return .dead }
    } else if !isChosen(reading, besidesMemory: false) {
      return .dead
    }
    let rest = reading.length - bytes.count
    return rest == 0
      ? .end(label: facts.label) : .inside(X86Language.rest(rest, facts.label, numbers))
  }

  /// What is read where the last byte names a register in its upper half, by that register's number.
  private func variants(of bytes: Bytes, _ first: Reading) -> [(Int, Reading)] {
    (0..<16).compactMap { number in
      let register = UInt128(number) << UInt128(8 * first.length - 4)
      return reading(Bytes(bits: bytes.bits | register, count: bytes.count)).map { (number, $0) }
    }
  }

  /// A place with so many bytes left, of which the last is any, or has one of `numbers` in its upper
  /// half and zero in its lower.
  private static func rest(_ count: Int, _ label: Int, _ numbers: UInt64) -> Place {
    Place(stage: .rest, key: Key(first: UInt64(count) | numbers << 8, second: UInt64(label)))
  }

  private func stepInRest(_ place: Place, _ byte: UInt8) -> LanguageStep<Place> {
    let (count, numbers) = (Int(place.key.first & 0xFF), place.key.first >> 8)
    let label = Int(place.key.second)
    if count > 1 { return .inside(X86Language.rest(count - 1, label, numbers)) }
    let isAllowed = numbers == 0 || byte & 15 == 0 && numbers >> UInt64(byte >> 4) & 1 == 1
    return isAllowed ? .end(label: label) : .dead
  }

  /// The instruction that `bytes` begin, with zeros after them.
  private func reading(_ bytes: Bytes) -> Reading? {
    var decoder = Decoder(Cursor(bytes.bits, limit: 15), at: 0, tables: tables)
    guard (try? decoder.readOpcode()) != nil else { return nil }
    if tables.hasModRM[decoder.map.rawValue << 8 | Int(decoder.opcode)] {
      guard let byte = try? decoder.cursor.next() else { return nil }
      decoder.modRM = byte
    }
    guard let form = decoder.selected() else { return nil }
    var result = Reading(form: form)
    guard (try? decoder.readOperands(of: form, into: &result.operands)) != nil else { return nil }
    result.length = decoder.cursor.position
    return result
  }

  /// An instruction without references.
  private struct Reading {
    let form: Int
    var operands = Operands()
    var length = 0
  }
}

extension X86 {
  public func automaton(of choice: InstructionChoice) -> InstructionAutomaton? {
    InstructionAutomaton(X86Language(tables, choice))
  }
}
