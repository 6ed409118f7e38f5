import MachineModel

/// A language with its places numbered as they are found, and only those kept from which an
/// instruction can be completed.
///
/// A class for its growing tables; it belongs to one `CodeAutomaton`, which guards it.
final class InstructionTable {
  /// What a byte leads to.
  enum Step {
    static let dead: Int32 = -1
    static let unknown: Int32 = -100

    /// The end of an instruction with a label.
    static func end(_ label: Int) -> Int32 { -2 - Int32(label) }
  }

  private let next: (Int32, UInt8) -> Int32
  private let least: (Int32) -> Int
  private let numberingMemory: () -> Int
  /// By place: one if some way leads to an end, zero if none does, -1 where that was not asked.
  private var alive: [Int8] = []
  /// By place and room: whether an instruction can be completed within so many bytes.
  private var answers: [UInt64: Bool] = [:]

  init(_ language: some InstructionLanguage) {
    let numbering = Numbering(language)
    next = { numbering.step($0, $1) }
    least = { numbering.least($0) }
    numberingMemory = { numbering.memory }
  }

  /// Where `byte` leads from a place: another place, an end, or `dead`; exactly what can be completed.
  func step(_ place: Int32, _ byte: UInt8) -> Int32 {
    let found = next(place, byte)
    return found >= 0 && !isAlive(found) ? Step.dead : found
  }

  /// Whether some way leads to an end from a place.
  private func isAlive(_ place: Int32) -> Bool {
    let index = Int(place)
    if index < alive.count, alive[index] >= 0 { return alive[index] == 1 }
    var result = false
    for byte in UInt8(0)...255 {
      let step = next(place, byte)
      if step <= Step.end(0) || step >= 0 && isAlive(step) {
        result = true
        break
      }
    }
    if index >= alive.count {
      alive += [Int8](repeating: -1, count: Swift.max(index + 1, 2 * alive.count) - alive.count)
    }
    alive[index] = result ? 1 : 0
    return result
  }

  /// Whether some way to an end from a place takes at most `room` bytes. Short ways are looked for
  /// first, so that redundant prefixes are not followed where there is one.
  func fits(_ place: Int32, _ room: Int) -> Bool {
    let least = least(place)
    if room >= 15 { return isAlive(place) }
    return least <= room && (least...room).contains { reaches(place, $0) }
  }

  private func reaches(_ place: Int32, _ room: Int) -> Bool {
    if room < least(place) { return false }
    let key = UInt64(place) << 4 | UInt64(room)
    if let known = answers[key] { return known }
    var isPossible = false
    for byte in UInt8(0)...255 {
      let step = next(place, byte)
      if step <= Step.end(0) || step >= 0 && reaches(step, room - 1) {
        isPossible = true
        break
      }
    }
    answers[key] = isPossible
    return isPossible
  }

  /// The bytes that the tables take.
  var memory: Int { answers.capacity * 10 + alive.capacity + numberingMemory() }
}

/// The places of a language as numbers; the start is 0.
private final class Numbering<Language: InstructionLanguage> {
  private let language: Language
  private var places: [Language.Place]
  private var numbers: [Language.Place: Int32]
  private var known: [[Int32]]

  init(_ language: Language) {
    self.language = language
    places = [language.start]
    numbers = [language.start: 0]
    known = [[]]
  }

  func step(_ place: Int32, _ byte: UInt8) -> Int32 {
    let index = Int(place)
    if known[index].isEmpty {
      known[index] = [Int32](repeating: InstructionTable.Step.unknown, count: 256)
    }
    let old = known[index][Int(byte)]
    if old != InstructionTable.Step.unknown { return old }
    let new: Int32 =
      switch language.step(places[index], byte) {
      case .dead: InstructionTable.Step.dead
      case .end(let label): InstructionTable.Step.end(label)
      case .inside(let place): number(place)
      }
    known[index][Int(byte)] = new
    return new
  }

  /// The bytes that the steps take, those of places not counted.
  var memory: Int { known.reduce(known.capacity * 8) { $0 + $1.capacity * 4 } }

  func least(_ place: Int32) -> Int { language.leastRest(places[Int(place)]) }

  private func number(_ place: Language.Place) -> Int32 {
    if let number = numbers[place] { return number }
    let number = Int32(places.count)
    places.append(place)
    numbers[place] = number
    known.append([])
    return number
  }
}
