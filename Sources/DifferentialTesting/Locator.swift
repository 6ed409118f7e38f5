import MachineModel
import Terms

/// Where the accesses of an instruction go, and control where a register tells it; and which
/// registers move them.
struct Locator {
  /// A part of a register that a goal may grow with.
  struct Knob: Hashable {
    /// Where the register's word is among the evaluator's columns.
    let column: Int
    let bit: UInt64
    let width: Int
    let alignment: UInt64

    var mask: UInt64 { .max >> UInt64(64 - width) }
  }

  /// An address that has to be brought somewhere.
  struct Goal {
    let column: Int
    /// The bytes of an access; nil for a branch.
    let byteCount: Int?
    let knobs: [Knob]
  }

  private var evaluator: Evaluator
  private let inputs: [Port]
  /// By access: its address and its condition.
  let columns: [(address: Int, condition: Int)]
  private let goals: [Goal]
  /// Whether the places depend on what is loaded.
  let needsMemory: Bool
  /// Whether some misaligned access faults.
  private let isAligned: Bool

  /// - Parameter isIndirect: whether the address of the next instruction is a goal.
  init(_ lifted: LiftedInstruction, _ layout: StateLayout, isIndirect: Bool) {
    let loaded = Set(lifted.accesses.filter { !$0.isStore }.map(\.value))
    let isLoaded = loaded.contains(lifted.nextInstruction)
    let branch = isIndirect && !isLoaded ? [lifted.nextInstruction] : []
    let evaluator = Evaluator(
      lifted.terms,
      roots: lifted.accesses.flatMap { [$0.address, $0.condition] } + branch,
      lanes: Chunk.lanes)
    self.evaluator = evaluator
    inputs = lifted.before.indices.compactMap { cell in
      guard evaluator.contains(lifted.before[cell]), let place = layout.places[cell] else {
        return nil
      }
      return Port(column: evaluator.column(of: lifted.before[cell]), place: place)
    }
    columns = lifted.accesses.map {
      (evaluator.column(of: $0.address), evaluator.column(of: $0.condition))
    }
    goals =
      lifted.accesses.map {
        Goal(
          column: evaluator.column(of: $0.address), byteCount: $0.byteCount,
          knobs: Locator.knobs($0.address, lifted, layout, evaluator))
      }
      + branch.map {
        Goal(
          column: evaluator.column(of: $0), byteCount: nil,
          knobs: Locator.knobs($0, lifted, layout, evaluator))
      }
    needsMemory = evaluator.variables.contains { loaded.contains($0) }
    isAligned = lifted.faults.contains { $0.fault == .misaligned }
  }

  /// The registers that `term` consists of, and the elements of vector registers.
  private static func knobs(
    _ term: Term, _ lifted: LiftedInstruction, _ layout: StateLayout, _ evaluator: Evaluator
  ) -> [Knob] {
    let terms = lifted.terms
    let support = terms.support(of: [term])
    var knobs: [Knob] = []
    for (cell, variable) in lifted.before.enumerated() {
      guard let place = layout.places[cell], place.width >= 64, support.contains(variable) else {
        continue
      }
      let column = evaluator.column(of: variable)
      if place.width == 64 {
        knobs.append(Knob(column: column, bit: 0, width: 64, alignment: place.alignment))
        continue
      }
      for part in support {
        guard let bounds = terms.bounds(part), terms.children(part).first == variable,
          bounds.high / 64 == bounds.low / 64, bounds.high < place.width
        else { continue }
        knobs.append(
          Knob(
            column: column + bounds.low / 64 * Chunk.lanes, bit: UInt64(bounds.low % 64),
            width: bounds.high - bounds.low + 1, alignment: 1))
      }
    }
    return knobs
  }

  // MARK: Where accesses go

  /// Computes the places for some states.
  mutating func locate(_ chunk: Chunk) {
    let inputs = inputs
    evaluator.withMutableWords { words in
      for input in inputs { input.read(chunk, to: words) }
    }
    evaluator.run()
  }

  /// Lets `body` read what was computed, by the columns.
  func withWords<Result>(_ body: (UnsafeBufferPointer<UInt64>) -> Result) -> Result {
    evaluator.withWords(body)
  }

  // MARK: Aiming

  /// Moves registers so that accesses fall into the scratch memory and indirect branches land, in
  /// most of the states.
  mutating func aim(_ chunk: Chunk, _ random: inout RandomBits) {
    locate(chunk)
    var used: Set<Knob> = []
    for goal in goals {
      move(goal, chunk.count, &random, except: used)
      used.formUnion(goal.knobs)
    }
    evaluator.withWords { words in
      for input in inputs { input.write(chunk, from: UnsafeMutableBufferPointer(mutating: words)) }
    }
  }

  /// Where to bring a goal.
  private func target(_ goal: Goal, _ random: inout RandomBits) -> UInt64 {
    guard let size = goal.byteCount.map({ UInt64($0) }) else {
      return Scratch.landings[Int(random.next() % UInt64(Scratch.landings.count))]
    }
    let bits = random.next()
    let offset = (bits >> 8) % (UInt64(Scratch.byteCount) - size + 1)
    // Wide accesses are often aligned, and nearly always where the instruction demands it.
    let wantsAlignment = isAligned ? bits & 7 != 0 : size >= 16 && bits & 3 != 0
    return Scratch.address + (wantsAlignment ? offset / size * size : offset)
  }

  private func values(_ column: Int, _ count: Int) -> [UInt64] {
    evaluator.withWords { Array($0[column..<column + count]) }
  }

  /// Adds to a part of a register in each state, and computes all places anew.
  private mutating func turn(_ knob: Knob, _ count: Int, by amount: (Int) -> UInt64) {
    let mask = knob.mask
    evaluator.withMutableWords { words in
      for lane in 0..<count {
        let old = words[knob.column + lane]
        let part = (old >> knob.bit &+ amount(lane)) & mask
        words[knob.column + lane] = old & ~(mask << knob.bit) | part << knob.bit
      }
    }
    evaluator.run()
  }

  /// Changes one register that the goal grows with, so that it is where it should be.
  private mutating func move(
    _ goal: Goal, _ count: Int, _ random: inout RandomBits, except used: Set<Knob>
  ) {
    for knob in goal.knobs where !used.contains(knob) {
      let old = values(goal.column, count)
      turn(knob, count) { _ in 1 }
      let probed = values(goal.column, count)
      var steps = [UInt64](repeating: 0, count: count)
      var wanted = old
      for lane in 0..<count {
        let factor = Int64(bitPattern: probed[lane] &- old[lane])
        guard factor > 0, factor < 32 else { continue }
        let distance = Int64(bitPattern: target(goal, &random) &- old[lane])
        steps[lane] = UInt64(bitPattern: distance / factor) & ~(knob.alignment - 1)
        wanted[lane] = old[lane] &+ steps[lane] &* UInt64(factor)
      }
      turn(knob, count) { steps[$0] &- 1 }
      // Of a register that only seemed to move the address (`al` in a sum), try the next.
      let new = values(goal.column, count)
      let hits = (0..<count).reduce(0) {
        $0 + (wanted[$1] != old[$1] && new[$1] == wanted[$1] ? 1 : 0)
      }
      if hits * 2 > count { return }
      turn(knob, count) { 0 &- steps[$0] }
    }
  }
}
