import MachineModel
import Terms

/// Packed shifts by one count, by an immediate, by a count for each element, and of bytes (Intel SDM,
/// volume 2, PSLLW, PSRLW, PSRAW, PSLLDQ, PSRLDQ, VPSLLVD, VPSRLVD, VPSRAVD).
extension Tables {
  static let packedShifts: [Entry] = [
    shift(.left, "w", 16), shift(.left, "d", 32), shift(.left, "q", 64),
    shift(.logicalRight, "w", 16), shift(.logicalRight, "d", 32), shift(.logicalRight, "q", 64),
    shift(.arithmeticRight, "w", 16), shift(.arithmeticRight, "d", 32),
    byteShift("PSLLDQ: shift bytes left", "pslldq", 7),
    byteShift("PSRLDQ: shift bytes right", "psrldq", 3),
    variableShift("VPSLLVD", .left, 32, "47"), variableShift("VPSLLVQ", .left, 64, "47"),
    variableShift("VPSRLVD", .logicalRight, 32, "45"),
    variableShift("VPSRLVQ", .logicalRight, 64, "45"),
    variableShift("VPSRAVD", .arithmeticRight, 32, "46"),
  ]

  /// A direction, with what is shifted in.
  enum PackedShift: Sendable {
    case left, logicalRight, arithmeticRight

    var name: String {
      switch self {
      case .left: "psll"
      case .logicalRight: "psrl"
      case .arithmeticRight: "psra"
      }
    }

    /// The ModRM digit of the immediate forms, and the opcode of the word form less one.
    var codes: (digit: Int, base: Int) {
      switch self {
      case .left: (6, 0xF0)
      case .logicalRight: (2, 0xD0)
      case .arithmeticRight: (4, 0xE0)
      }
    }

    /// A shift by a count of the element's width, of which every value counts.
    func apply(_ terms: TermManager, _ value: Term, _ count: Term) -> Term {
      switch self {
      case .left: terms.shiftLeft(value, count)
      case .logicalRight: terms.logicalShiftRight(value, count)
      case .arithmeticRight: terms.arithmeticShiftRight(value, count)
      }
    }

    /// A shift by a count of 64 bits: beyond the width, nothing or the sign remains.
    func apply(_ terms: TermManager, _ value: Term, wideCount count: Term) -> Term {
      let width = terms.width(value)
      let last = terms.constant(UInt64(width - 1), width: 64)
      let limited = terms.ifThenElse(
        terms.unsignedLess(last, count), terms.constant(UInt64(width), width: 64), count)
      return apply(terms, value, terms.extract(limited, width - 1, 0))
    }
  }

  private static func shift(_ shift: PackedShift, _ letter: String, _ width: Int) -> Entry {
    let mnemonic = shift.name + letter
    let index = width.trailingZeroBitCount - 3
    let opcode = "66 0F \(hex(shift.codes.base + index)) /r"
    let immediate = "66 0F 7\(index) /\(shift.codes.digit) ib"
    let family = vectorFamily("\(mnemonic.uppercased()): shift packed integers") {
      instruction, state in
      let (value, count) = state.shiftSources(instruction, of: width)
      let terms = state.terms
      state.write(
        instruction,
        terms.mapLanes(value, of: width) { shift.apply(terms, $0, wideCount: count) }, of: width)
    }
    let rows = [
      Row("\(mnemonic) xmm1, xmm2/m128", opcode, "SSE2"),
      Row("v\(mnemonic) xmm1, xmm2, xmm3/m128", vex(opcode, "128"), "AVX"),
      Row("v\(mnemonic) ymm1, ymm2, xmm3/m128", vex(opcode, "256"), "AVX2"),
    ]
    return Entry(
      family, rows + immediateRows(mnemonic, immediate) + evexShiftRows(mnemonic, immediate))
  }

  /// The forms with an immediate: the register in the rm field, the destination in VEX.vvvv.
  private static func immediateRows(_ mnemonic: String, _ encoding: String) -> [Row] {
    [
      Row("\(mnemonic) xmm1, imm8", encoding, "SSE2"),
      Row("v\(mnemonic) xmm1, xmm2, imm8", vex(encoding, "128"), "AVX"),
      Row("v\(mnemonic) ymm1, ymm2, imm8", vex(encoding, "256"), "AVX2"),
    ]
  }

  /// The EVEX forms with an immediate, of which the source may be memory.
  private static func evexShiftRows(_ mnemonic: String, _ encoding: String) -> [Row] {
    guard mnemonic == "psrlq" || mnemonic == "psllq" else { return [] }
    let opcode = Word.text(of: Array(Word.words(of: encoding)[2...]))
    return evexRows(
      "v" + mnemonic, "66.0F.W1", opcode, "AVX512F", broadcast: 64, .unary, suffix: ", imm8")
  }

  /// Shifts each 128 bits by so many bytes; 16 and more leave nothing.
  private static func byteShift(_ title: String, _ mnemonic: String, _ digit: Int) -> Entry {
    let family = vectorFamily(title) { instruction, state in
      let terms = state.terms
      let value = state[instruction[instruction.form.isLegacy ? 0 : 1]]
      let count = Swift.min(16, instruction.control) * 8
      let result = terms.mapLanes(value, of: 128) {
        digit == 7 ? terms.shiftLeft($0, by: count) : terms.logicalShiftRight($0, by: count)
      }
      state.write(instruction, result, of: 128)
    }
    return Entry(family, immediateRows(mnemonic, "66 0F 73 /\(digit) ib"))
  }

  private static func variableShift(
    _ name: String, _ shift: PackedShift, _ width: Int, _ opcode: String
  ) -> Entry {
    let family = lanewise("\(name): shift each element by its own count", of: width) {
      shift.apply($0, $1, $2)
    }
    return Entry(
      family, avxRows(name.lowercased(), "66.0F38.W\(width / 64)", "\(opcode) /r", "AVX2"))
  }
}

extension MachineState {
  /// What a packed shift works on, and its count of 64 bits.
  fileprivate mutating func shiftSources(
    _ instruction: Instruction, of element: Int
  ) -> (Term, Term) {
    let first = instruction.form.isLegacy ? 0 : 1
    if case .immediate(let value) = instruction[first + 1] {
      let vector = source(instruction, first, of: element)
      return (vector, terms.constant(value.low & 0xFF, width: 64))
    }
    let value = self[instruction[first]]
    return (value, terms.extract(source(instruction, first + 1), 63, 0))
  }
}
