import MachineModel
import Terms

/// An operand's kind and fields without references, so that reading one allocates nothing.
///
/// It says what `OperandKind` says; kinds that are rare in code are read there.
struct OperandReader: Sendable {
  /// A run of bits of the word.
  struct Field: Sendable {
    /// As many ones as the field has bits.
    private var mask: UInt32 = 0
    private(set) var low: UInt8 = 0
    private(set) var width: UInt8 = 0

    init() {}

    init(_ field: BitField) {
      mask = field.mask
      low = UInt8(field.low)
      width = UInt8(field.width)
    }

    @inline(__always)
    func value(_ word: UInt32) -> Int { Int(word &>> UInt32(low) & mask) }

    @inline(__always)
    func signed(_ word: UInt32) -> Int64 {
      let top = Int32(bitPattern: word &<< (32 &- UInt32(low) &- UInt32(width)))
      return Int64(top &>> (32 &- Int32(width)))
    }
  }

  enum Kind: UInt8, Sendable {
    /// `extra` is the first register's position in the bank.
    case register, following
    /// `extra` is the position of the first register; the second and third field are kind and amount.
    case shifted, extended
    /// `extra` is the width of the constant.
    case immediate
    /// `extra` is what the field is multiplied by.
    case code
    case bitmask, target, address, page
    case memory, memoryUnsigned, memorySigned, memoryIndexed
    /// A vector register, whose arrangement is fixed; or in the second field, and `isFull` the third.
    case vector, arranged
    case other
  }

  var kind = Kind.other
  var first = Field()
  var second = Field()
  var third = Field()
  var extra: Int32 = 0
  /// What a word does not change of a memory operand.
  var memory = MemoryOperand(width: 0)

  init(_ operand: OperandKind) {
    switch operand {
    case .register(let field, let width, let isStackPointer):
      set(.register, field, extra: OperandReader.bank(width, isStackPointer))
    case .following(let field, let width):
      set(.following, field, extra: OperandReader.bank(width, false))
    case .shifted(let field, let width, let shift, let amount):
      set(.shifted, field, shift, amount, extra: OperandReader.bank(width, false))
    case .extended(let field, let width, let option, let amount, _):
      set(.extended, field, option, amount, extra: width)
    case .immediate(let fields, let width, _) where fields.count == 1:
      set(.immediate, fields[0], extra: width)
    case .code(let fields) where fields.count == 1: set(.code, fields[0], extra: 1)
    case .named(let field, _), .condition(let field, false): set(.code, field, extra: 1)
    case .shiftAmount(let field, let unit): set(.code, field, extra: unit)
    case .bitmask(let fields, let width, false):
      set(.bitmask, fields.immr, fields.imms, fields.n, extra: width)
    case .target(let field): set(.target, field)
    case .relative(let fields, let isPage, let scale, let width):
      set(
        isPage ? .page : .address, fields[0], fields.count > 1 ? fields[1] : nil, extra: scale)
      memory = MemoryOperand(isRelative: true, width: width)
    case .memory(let notation) where notation.widthScale == nil: set(notation)
    case .vector(let notation): set(notation)
    default: break
    }
  }

  private static func bank(_ width: Int, _ isStackPointer: Bool) -> Int {
    switch (width, isStackPointer) {
    case (64, false): RegisterBank.x
    case (64, true): RegisterBank.xOrSP
    case (_, false): RegisterBank.w
    case (_, true): RegisterBank.wOrWSP
    }
  }

  private mutating func set(
    _ kind: Kind, _ first: BitField, _ second: BitField? = nil, _ third: BitField? = nil,
    extra: Int = 0
  ) {
    self.kind = kind
    self.first = Field(first)
    self.second = second.map { Field($0) } ?? Field()
    self.third = third.map { Field($0) } ?? Field()
    self.extra = Int32(extra)
  }

  private mutating func set(_ notation: MemoryNotation) {
    memory = MemoryOperand(mode: notation.mode, width: notation.width)
    switch notation.offset {
    case .none: set(.memory, notation.base)
    case .immediate(let field, let isSigned, let scale):
      set(isSigned ? .memorySigned : .memoryUnsigned, notation.base, field, extra: scale)
    case .register(let field, let option, let isScaled, let scaleShift):
      // The bit that scales the index follows the option.
      guard isScaled.low == option.low - 1 else { return }
      set(.memoryIndexed, notation.base, field, option, extra: scaleShift)
    case .transferSize, .postRegister: break
    }
  }

  private mutating func set(_ notation: VectorNotation) {
    guard notation.place == nil else { return }
    switch notation.shape {
    case .scalar(let size) where size.isConstant:
      set(.vector, notation.number, extra: RegisterBank.scalars + 32 * size.offset)
    case .vector(let size, let isFull, let isAlwaysFull):
      let start = RegisterBank.vectors + 64 * size.offset
      switch size.source {
      case .constant where isFull == nil:
        set(.vector, notation.number, extra: start + (isAlwaysFull ? 32 : 0))
      case .field(let field) where size.offset == 0 && isFull != nil:
        set(.arranged, notation.number, field, isFull, extra: start)
      case .constant: set(.arranged, notation.number, nil, isFull, extra: start)
      default: break
      }
    default: break
    }
  }
}

extension OperandReader {
  /// Adds the operand of `word`; false if its fields are reserved, or if this is a kind to be read
  /// elsewhere. The reader is given by its address, so that only what is needed of it is loaded.
  @inline(__always)
  static func read(
    _ reader: UnsafePointer<OperandReader>, _ word: UInt32, at address: UInt64,
    _ bank: PermanentArray<Register>, into operands: inout Operands
  ) -> Bool {
    let first = reader.pointee.first.value(word)
    let extra = Int(reader.pointee.extra)
    switch reader.pointee.kind {
    case .register, .vector: operands.append(bank[extra &+ first])
    case .following: operands.append(bank[extra &+ first &+ 1])
    case .shifted:
      operands.append(
        bank[extra &+ first], shift(reader.pointee.second.value(word)),
        amount: reader.pointee.third.value(word))
    case .extended:
      let option = reader.pointee.second.value(word)
      let start = extra == 64 && option & 3 == 3 ? RegisterBank.x : RegisterBank.w
      operands.append(
        bank[start &+ first], `extension`(option), amount: reader.pointee.third.value(word))
    case .immediate: operands.append(immediate: UInt64(first), width: extra)
    case .code: operands.append(code: first &* extra)
    case .bitmask:
      guard
        let value = BitmaskImmediate.decode(
          n: UInt32(reader.pointee.third.value(word)), immr: UInt32(first),
          imms: UInt32(reader.pointee.second.value(word)), width: extra)
      else { return false }
      operands.append(immediate: value, width: extra)
    case .target:
      let offset = reader.pointee.first.signed(word) &* 4
      operands.append(target: address &+ UInt64(bitPattern: offset))
    case .arranged:
      let size = reader.pointee.second.value(word)
      guard size < 4 else { return false }
      operands.append(
        bank[extra &+ 64 &* size &+ 32 &* reader.pointee.third.value(word) &+ first])
    case .other: return false
    case .address, .page:
      let low = reader.pointee.second
      let high = reader.pointee.first.signed(word) &<< Int64(low.width)
      let offset = (high | Int64(low.value(word))) &* Int64(extra)
      let isPage = reader.pointee.kind == .page
      var memory = reader.pointee.memory
      memory.displacement =
        Int64(bitPattern: isPage ? address & ~0xFFF : address) &+ (isPage ? offset &<< 12 : offset)
      operands.append(memory)
    case .memory, .memoryUnsigned, .memorySigned, .memoryIndexed:
      var memory = reader.pointee.memory
      memory.base = bank[RegisterBank.xOrSP &+ first]
      addOffset(reader, word, bank, to: &memory)
      operands.append(memory)
    }
    return true
  }

  @inline(__always)
  private static func addOffset(
    _ reader: UnsafePointer<OperandReader>, _ word: UInt32, _ bank: PermanentArray<Register>,
    to memory: inout MemoryOperand
  ) {
    let extra = Int(reader.pointee.extra)
    switch reader.pointee.kind {
    case .memoryUnsigned:
      memory.displacement = Int64(reader.pointee.second.value(word) &* extra)
    case .memorySigned:
      memory.displacement = reader.pointee.second.signed(word) &* Int64(extra)
    case .memoryIndexed:
      let option = reader.pointee.third.value(word)
      let start = option & 1 == 1 ? RegisterBank.x : RegisterBank.w
      memory.index = bank[start &+ reader.pointee.second.value(word)]
      memory.extend = option == 3 ? nil : `extension`(option)
      // The bit that scales the index follows the option.
      let isScaled = word &>> (UInt32(reader.pointee.third.low) &- 1) & 1 == 1
      memory.scale = isScaled ? extra : 0
    default: break
    }
  }

  @inline(__always)
  private static func shift(_ code: Int) -> Modifier {
    switch code {
    case 0: .lsl
    case 1: .lsr
    case 2: .asr
    default: .ror
    }
  }

  @inline(__always)
  private static func `extension`(_ code: Int) -> Modifier {
    switch code {
    case 0: .uxtb
    case 1: .uxth
    case 2: .uxtw
    case 3: .uxtx
    case 4: .sxtb
    case 5: .sxth
    case 6: .sxtw
    default: .sxtx
    }
  }
}

extension VectorNotation.LaneSize {
  var isConstant: Bool { if case .constant = source { true } else { false } }
}
