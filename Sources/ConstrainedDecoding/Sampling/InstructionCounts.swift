/// How many instructions of a language there are from each place on, by their lengths.
struct InstructionCounts: Sendable {
  /// Languages with more places than these are not counted.
  static let limit = 400_000
  static let longest = 15

  /// By place: the number of ways to an end by exactly 1, 2, … bytes.
  private var counts: [Int32: [UInt128]] = [:]

  /// - Throws: `DecoderError` if the language has too many places.
  init(_ table: InstructionTable) throws(DecoderError) {
    try count(0, table)
  }

  /// The instructions of `length` bytes.
  subscript(length: Int) -> UInt128 { counts[0]?[length - 1] ?? 0 }

  /// Fills `counts` for a place and all that it leads to: places deeper first.
  private mutating func count(
    _ start: Int32, _ table: InstructionTable
  ) throws(DecoderError) {
    var stack = [start]
    while let place = stack.last {
      if counts[place] != nil {
        stack.removeLast()
        continue
      }
      var open: [Int32] = []
      var result = [UInt128](repeating: 0, count: InstructionCounts.longest)
      for byte in UInt8(0)...255 {
        let next = table.step(place, byte)
        if next == InstructionTable.Step.dead { continue }
        if next < 0 {
          result[0] += 1
        } else if let rest = counts[next] {
          for length in 1..<InstructionCounts.longest { result[length] += rest[length - 1] }
        } else if open.last != next {
          open.append(next)
        }
      }
      if open.isEmpty {
        counts[place] = result
        stack.removeLast()
      } else {
        stack += open
      }
      guard counts.count <= InstructionCounts.limit else {
        throw DecoderError(
          "the constraint has more than \(InstructionCounts.limit) places inside instructions: "
            + "they were not counted; fewer mnemonics or registers leave fewer")
      }
    }
  }

  /// The instruction of `length` bytes that has so many before it in order.
  func instruction(_ number: UInt128, length: Int, in table: InstructionTable) -> [UInt8] {
    var number = number
    var result: [UInt8] = []
    var place: Int32 = 0
    for rest in stride(from: length, to: 0, by: -1) {
      for byte in UInt8(0)...255 {
        let next = table.step(place, byte)
        if next == InstructionTable.Step.dead { continue }
        let count: UInt128 =
          next < 0 ? (rest == 1 ? 1 : 0) : rest > 1 ? counts[next]?[rest - 2] ?? 0 : 0
        if number < count {
          result.append(byte)
          place = next
          break
        }
        number -= count
      }
    }
    return result
  }
}
