import MachineModel

/// One line of Intel syntax taken apart: a mnemonic and operands whose widths are still open.
struct Line {
  enum Part {
    case register(Register)
    /// A number; `bits` are its low 64 bits and `isNegative` whether a minus stood before it.
    case number(Number)
    case memory(MemoryOperand, isSized: Bool)
  }

  /// An integer between -2⁶⁴ and 2⁶⁴.
  struct Number {
    let magnitude: UInt64
    let isNegative: Bool

    var bits: UInt64 { isNegative ? 0 &- magnitude : magnitude }

    /// Whether it is a value of `width` bits, signed or unsigned.
    func fits(_ width: Int) -> Bool {
      let limit: UInt64 = width == 64 ? .max : (1 << UInt64(width)) - 1
      return isNegative ? magnitude <= limit / 2 + 1 : magnitude <= limit
    }
  }

  /// The name, prefixes that are words of their own included.
  private(set) var mnemonic = ""
  /// Whether LOCK stands before the name.
  private(set) var isLocked = false
  private(set) var parts: [Part] = []
  /// The column of each part, from 1.
  private(set) var columns: [Int] = []
  /// What `{k1}`, `{z}` and `{1to4}` say.
  private(set) var mask: Register?
  private(set) var isZeroing = false
  private(set) var broadcast: Int?
  private let text: [Character]
  private var position = 0
  private let labels: [String: UInt64]

  init(_ line: String, labels: [String: UInt64]) throws(AssemblyError) {
    let code = line.prefix { $0 != ";" && $0 != "#" }
    text = Array(code)
    self.labels = labels
    readMnemonic()
    guard !mnemonic.isEmpty else {
      throw AssemblyError(column: 1, reason: "an instruction was expected")
    }
    while position < text.count {
      columns.append(position + 1)
      parts.append(try operand())
      skipSpaces()
      while position < text.count, current == "{" { try decoration() }
      if position == text.count { break }
      try expect(",")
      skipSpaces()
      if position == text.count { throw failure("an operand was expected") }
    }
  }

  /// Reads LOCK, prefixes that are words, and the name.
  private mutating func readMnemonic() {
    var words: [String] = []
    while words.last.map({ Mnemonic.prefixWords.contains($0) }) ?? true {
      skipSpaces()
      let start = position
      while position < text.count, !text[position].isWhitespace { position += 1 }
      let word = String(text[start..<position]).lowercased()
      if word.isEmpty { break }
      if word == "lock" { isLocked = true } else { words.append(word) }
    }
    skipSpaces()
    mnemonic = words.joined(separator: " ")
  }

  // MARK: Characters

  private func failure(_ reason: String) -> AssemblyError {
    AssemblyError(column: position + 1, reason: reason)
  }

  private mutating func skipSpaces() {
    while position < text.count, text[position].isWhitespace { position += 1 }
  }

  private var current: Character? { position < text.count ? text[position] : nil }

  private mutating func expect(_ character: Character) throws(AssemblyError) {
    skipSpaces()
    guard current == character else { throw failure("'\(character)' was expected") }
    position += 1
  }

  private mutating func word() -> String {
    let start = position
    while let character = current,
      character.isLetter || character.isNumber || "_.$@".contains(character)
    {
      position += 1
    }
    return String(text[start..<position])
  }

  // MARK: Operands

  /// `{k1}`, `{z}` or `{1to4}` after an operand.
  private mutating func decoration() throws(AssemblyError) {
    try expect("{")
    let name = word().lowercased()
    if name == "z" {
      isZeroing = true
    } else if name.hasPrefix("1to"), let count = Int(name.dropFirst(3)), broadcast == nil {
      broadcast = count
    } else if let register = X86Registers.byName[name], register.bank == .mask, mask == nil {
      mask = register
    } else {
      throw failure("'{\(name)}' is no mask, {z} or {1toN}")
    }
    try expect("}")
    skipSpaces()
  }

  private mutating func operand() throws(AssemblyError) -> Part {
    if current == "[" || isSegment { return .memory(try memory(width: 0), isSized: false) }
    if current == "-" || current == "+" {
      let isNegative = current == "-"
      position += 1
      skipSpaces()
      return .number(Number(magnitude: try magnitude(word()), isNegative: isNegative))
    }
    let start = position
    let name = word()
    if let size = Printer.sizes.first(where: { $0.name == name.lowercased() }) {
      skipSpaces()
      let pointer = word()
      guard pointer.lowercased() == "ptr" else { throw failure("'ptr' was expected") }
      skipSpaces()
      return .memory(try memory(width: size.width), isSized: true)
    }
    if let register = X86Registers.byName[name.lowercased()] { return .register(register) }
    if let address = labels[name] {
      return .number(Number(magnitude: address, isNegative: false))
    }
    guard !name.isEmpty else { throw failure("an operand was expected") }
    do throws(AssemblyError) {
      return .number(Number(magnitude: try magnitude(name), isNegative: false))
    } catch {
      throw AssemblyError(
        column: start + 1, reason: "'\(name)' is no register, number or label")
    }
  }

  private func magnitude(_ word: String) throws(AssemblyError) -> UInt64 {
    let lower = word.lowercased()
    let value: UInt64? =
      lower.hasPrefix("0x")
      ? UInt64(lower.dropFirst(2), radix: 16)
      : lower.hasPrefix("0b")
        ? UInt64(lower.dropFirst(2), radix: 2)
        : lower.hasSuffix("h") && lower.first?.isNumber == true
          ? UInt64(lower.dropLast(), radix: 16) : UInt64(lower)
    guard let value else { throw failure("'\(word)' is no number of 64 bits") }
    return value
  }

  // MARK: Addresses

  /// Whether `fs:` comes next.
  private var isSegment: Bool { String(text[position...].prefix(3)).lowercased() == "fs:" }

  private mutating func memory(width: Int) throws(AssemblyError) -> MemoryOperand {
    var memory = MemoryOperand(width: width)
    if isSegment {
      memory.isStackGuard = true
      position += 3
    }
    try expect("[")
    var isRelative = false
    var isNegative = false
    while true {
      skipSpaces()
      try term(&memory, &isRelative, isNegative)
      skipSpaces()
      guard let sign = current, sign == "+" || sign == "-" else { break }
      isNegative = sign == "-"
      position += 1
    }
    try expect("]")
    memory.isRelative = isRelative
    if let register = memory.base ?? memory.index, register.bank == .general {
      memory.addressWidth = register.width
    }
    return memory
  }

  private mutating func term(
    _ memory: inout MemoryOperand, _ isRelative: inout Bool, _ isNegative: Bool
  ) throws(AssemblyError) {
    if current == "-" {
      position += 1
      return try term(&memory, &isRelative, !isNegative)
    }
    let first = word()
    skipSpaces()
    if current == "*" {
      position += 1
      skipSpaces()
      return try scaled(first, word(), &memory, isNegative)
    }
    let lower = first.lowercased()
    if lower == "rip" || lower == "eip" {
      isRelative = true
      memory.addressWidth = lower == "eip" ? 32 : 64
    } else if let register = X86Registers.byName[lower] {
      if isNegative { throw failure("a register cannot be subtracted") }
      try take(register, &memory)
    } else {
      let value: UInt64
      if let label = labels[first] { value = label } else { value = try magnitude(first) }
      let signed = Int64(bitPattern: isNegative ? 0 &- value : value)
      memory.displacement &+= signed
    }
  }

  /// The first plain register is the base and the second the index; a vector is always an index.
  private mutating func take(
    _ register: Register, _ memory: inout MemoryOperand
  ) throws(AssemblyError) {
    if memory.base == nil, register.bank != .vector {
      memory.base = register
    } else if memory.index == nil {
      // rsp cannot be an index: as the second of two plain registers it is the base.
      if register.number == 4, register.bank == .general {
        memory.index = memory.base
        memory.base = register
      } else {
        memory.index = register
      }
    } else {
      throw failure("at most a base and an index fit an address")
    }
  }

  private mutating func scaled(
    _ left: String, _ right: String, _ memory: inout MemoryOperand, _ isNegative: Bool
  ) throws(AssemblyError) {
    let name = X86Registers.byName[left.lowercased()] == nil ? right : left
    let factor = name == left ? right : left
    guard let register = X86Registers.byName[name.lowercased()], memory.index == nil, !isNegative
    else { throw failure("'\(left)*\(right)' is no scaled index") }
    guard let scale = ["1", "2", "4", "8"].firstIndex(of: factor) else {
      throw failure("a scale is 1, 2, 4 or 8, not \(factor)")
    }
    memory.index = register
    memory.scale = scale
  }
}
