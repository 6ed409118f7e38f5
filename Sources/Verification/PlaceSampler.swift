import Terms

/// Chooses where buffers and the stack lie: near their usual places, with low bits of all kinds, and now
/// and then where an address changes its sign or needs a 33rd bit.
struct PlaceSampler {
  private var random = SplitMix64(seed: 0xADD4)
  private let places: [(variable: Term, usual: BitVector)]
  private let stackPointer: Term

  init(_ inputs: Inputs, _ entry: EntryState) {
    stackPointer = entry.stackPointer
    places = (inputs.defaults.map(\.key) + [entry.stackPointer])
      .sorted { $0.position < $1.position }
      .compactMap { variable in entry.defaults[variable].map { (variable, $0) } }
  }

  /// Sets the addresses in one lane. They may overlap and so be no input.
  mutating func fill(_ evaluator: inout Evaluator, _ lane: Int) {
    for (variable, usual) in places {
      let unit: UInt64 =
        variable == stackPointer ? 16 : [1, 4, 8, 16][Int(random.next() % 4)]
      let distance = random.next() % 128 * unit
      let base =
        switch random.next() % 8 {
        case 0: 1 << 63 - 512 + usual.low % 16
        case 1: 1 << 32 - 512 + usual.low % 16
        default: usual.low
        }
      evaluator.set(variable, lane: lane, to: BitVector(base &+ distance, width: 64))
    }
  }
}
