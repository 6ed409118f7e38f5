/// An effect: the template, and what is left open in it.
struct NumberedEffect: Hashable {
  /// The registers that stand in the template.
  let cells: CellList
  let length: UInt8
  let template: Int32
  let displacement: Int64
  let immediate: Int64
  private let distance: Int64

  /// What stands where there is no target.
  private static let none = Int64.min

  init(
    template: Int32, cells: CellList, length: UInt8, displacement: Int64, immediate: Int64,
    target: Int?
  ) {
    self.template = template
    self.cells = cells
    self.length = length
    self.displacement = displacement
    self.immediate = immediate
    distance = target.map { Int64($0) } ?? NumberedEffect.none
  }

  /// As in `InstructionEffect`.
  var target: Int? { distance == NumberedEffect.none ? nil : Int(distance) }

  fileprivate var place: Int {
    var word = UInt64(UInt32(bitPattern: template)) << 8 | UInt64(length)
    for next in [
      cells.digest, UInt64(bitPattern: displacement), UInt64(bitPattern: immediate),
      UInt64(bitPattern: distance),
    ] {
      word = (word ^ next) &* 0x9E37_79B9_7F4A_7C15
      word ^= word >> 32
    }
    return Int(truncatingIfNeeded: word)
  }
}

/// Effects by numbers from zero on, and their numbers.
struct NumberedEffects {
  private var effects: ContiguousArray<NumberedEffect> = []
  /// Hashed: one plus numbers; zero where there is none.
  private var places = ContiguousArray<Int32>(repeating: 0, count: NumberedEffects.smallest)
  private static let smallest = 1 << 10

  subscript(number: Int32) -> NumberedEffect { effects[Int(number)] }

  /// The number of an effect, a new one where it has none.
  mutating func number(of effect: NumberedEffect) -> Int32 {
    var place = place(of: effect)
    if places[place] != 0 { return places[place] - 1 }
    if effects.count * 2 >= places.count {
      grow()
      place = self.place(of: effect)
    }
    effects.append(effect)
    places[place] = Int32(effects.count)
    return Int32(effects.count - 1)
  }

  /// Where an effect is, or would be.
  private func place(of effect: NumberedEffect) -> Int {
    let mask = places.count - 1
    var place = effect.place & mask
    while places[place] != 0, effects[Int(places[place] - 1)] != effect {
      place = (place + 1) & mask
    }
    return place
  }

  private mutating func grow() {
    places = ContiguousArray(repeating: 0, count: places.count * 2)
    for number in effects.indices { places[place(of: effects[number])] = Int32(number + 1) }
  }

  mutating func removeAll() { self = NumberedEffects() }

  /// The bytes that they take.
  var memory: Int { effects.count * MemoryLayout<NumberedEffect>.stride + places.count * 4 }
}
