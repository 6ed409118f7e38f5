import ARM64Model
import ConstrainedDecoding
import MachineModel
import Testing
import X86Model

/// A constraint whose programs can all be listed, and the list, made by decoding byte strings and
/// nothing else.
struct SmallLanguage: Sendable, CustomTestStringConvertible {
  let constraint: DecodingConstraint
  /// The programs within the budgets of instructions and bytes.
  let programs: [[UInt8]]

  var testDescription: String {
    "\(constraint.isa) \(constraint.allowedMnemonics?.sorted() ?? []), \(programs.count) programs"
  }

  /// An instruction that decodes.
  struct Listed: Sendable {
    let bytes: [UInt8]
    let mnemonic: String
    let flow: Flow
  }

  /// - Parameter listing: instructions among which all of the constraint's are.
  init(_ constraint: DecodingConstraint, among listing: [Listed]) {
    self.constraint = constraint
    let chosen = listing.filter {
      (constraint.allowedMnemonics?.contains($0.mnemonic) ?? true)
        && (constraint.branches == .unchecked || $0.flow == .sequential || $0.flow == .return)
    }
    let all = chosen.map(\.bytes)
    let last = chosen.filter { !constraint.endsInReturn || $0.flow == .return }.map(\.bytes)
    var heads: [[UInt8]] = [[]]
    var programs: [[UInt8]] = []
    let room = constraint.maximumBytes ?? .max
    for _ in 0..<(constraint.maximumInstructions ?? room) where !heads.isEmpty {
      for head in heads { programs += last.map { head + $0 }.filter { $0.count <= room } }
      heads = heads.flatMap { head in all.map { head + $0 }.filter { $0.count < room } }
      precondition(heads.count + programs.count < 5_000_000, "too many programs to list")
    }
    self.programs = programs
  }

  // MARK: Listing

  /// All instructions of x86-64 of at most `length` bytes with one of these mnemonics. A byte string is
  /// only continued where the decoder says that it ends within an instruction.
  static func x86(upTo length: Int, _ mnemonics: Set<String>) -> [Listed] {
    let names = X86().forms.map { mnemonics.contains($0.mnemonic) ? $0.mnemonic : nil }
    var result: [Listed] = []
    var open: [[UInt8]] = [[]]
    for _ in 0..<length {
      var next: [[UInt8]] = []
      for head in open {
        var code = head + [0]
        for byte in UInt8(0)...255 {
          code[head.count] = byte
          do throws(DecodingError) {
            let form = try X86().decode(code[...], at: 0).form
            guard let name = names[form.index] else { continue }
            result.append(Listed(bytes: code, mnemonic: name, flow: form.family.flow))
          } catch {
            if error.kind == .truncated { next.append(code) }
          }
        }
      }
      open = next
    }
    return result
  }

  /// The instructions of ARM64 whose words have one of these upper halves.
  static func arm64(upper halves: [UInt32]) -> [Listed] {
    halves.flatMap { half in
      (UInt32(0)..<1 << 16).compactMap { low in
        let word = half << 16 | low
        let code = [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> $0) }
        guard let form = try? ARM64().decode(code[...], at: 0).form else { return nil }
        return Listed(bytes: code, mnemonic: form.mnemonic, flow: form.family.flow)
      }
    }
  }
}
