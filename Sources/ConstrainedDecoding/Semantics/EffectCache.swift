import MachineModel

/// The effects of instructions by their bytes. Equal effects have the same number, so that what an
/// effect leads to is found out once for all instructions that have it.
///
/// A class for its tables; it is used under the lock of `CompiledDecoder`.
final class EffectCache {
  private let architecture: any Architecture
  private let reader: EffectReader
  private var numbers: [UInt128: Int32] = [:]
  private var effects: [InstructionEffect] = []
  private var known: [InstructionEffect: Int32] = [:]
  private var numbered: [UInt128: Bool] = [:]
  /// How often the numbers were given anew.
  private(set) var generation = 0
  private static let limit = 1 << 17

  init(_ architecture: any Architecture) {
    self.architecture = architecture
    reader = EffectReader(architecture)
  }

  /// Forgets everything where there is too much: effects then have other numbers.
  func trim() {
    guard numbers.count >= EffectCache.limit || numbered.count >= EffectCache.limit else { return }
    numbers.removeAll(keepingCapacity: true)
    effects.removeAll(keepingCapacity: true)
    known.removeAll(keepingCapacity: true)
    numbered.removeAll(keepingCapacity: true)
    generation += 1
  }

  subscript(number: Int32) -> InstructionEffect { effects[Int(number)] }

  /// The number of what an instruction does, of which `begun` are the bytes as in `Position.begun`.
  func number(of begun: UInt128) -> Int32 {
    if let number = numbers[begun] { return number }
    let bytes = begun.bytes
    let instruction: Instruction
    do {
      instruction = try architecture.decode(bytes[...], at: 0)
    } catch {
      preconditionFailure("\(bytes) are no instruction: \(error.reason)")
    }
    let effect = reader.effect(of: instruction)
    let number = known[effect] ?? Int32(effects.count)
    if number == effects.count {
      effects.append(effect)
      known[effect] = number
    }
    numbers[begun] = number
    return number
  }

  /// What an instruction does.
  func effect(of begun: UInt128) -> InstructionEffect { self[number(of: begun)] }

  /// Whether the next byte of an instruction only changes a displacement or an immediate: its form and
  /// registers are the same whatever it is.
  func isNumber(after begun: UInt128) -> Bool {
    if let known = numbered[begun] { return known }
    let probes: [UInt8] = [0, 0x09, 0x12, 0x24, 0x3F, 0xC0, 0xFF]
    let found = probes.map { registers(begun << 8 | UInt128($0)) }
    let result = found[0] != nil && found.allSatisfy { $0 == found[0] }
    numbered[begun] = result
    return result
  }

  /// The form and the registers of an instruction that begins with some bytes and goes on with zeros.
  private func registers(_ begun: UInt128) -> [Int]? {
    let bytes = begun.bytes
    let padded = bytes + [UInt8](repeating: 0, count: 15 - bytes.count)
    guard let instruction = try? architecture.decode(padded[...], at: 0) else { return nil }
    return [instruction.form.index]
      + instruction.operands.flatMap(\.registers).map { ($0.cell?.index ?? -1) << 16 | $0.width }
  }

  /// The bytes that the tables take.
  var memory: Int { effects.count * 640 + (numbers.count + numbered.count) * 48 }
}
