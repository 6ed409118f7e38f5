import MachineModel
import Terms

/// The semantics of one instruction as a function from native states to native states.
struct InstructionModel {
  /// How the run from a state ended.
  struct End {
    var next: UInt64 = 0
    var fault: Fault?
    /// False where the model cannot say what the machine does: an access outside of the scratch
    /// memory, a fault that not every machine raises, too many iterations.
    var isFollowed = true
  }

  /// An access in the columns of the evaluator.
  private struct Step {
    let isStore: Bool
    let byteCount: Int
    let address: Int
    let condition: Int
    let value: Int
  }

  /// The most often that an instruction repeats itself.
  private static let iterationLimit = 64

  let instruction: Instruction
  let lifted: LiftedInstruction
  /// The cells whose value at the start matters.
  let reads: [Int]
  /// The cells that may change.
  let writes: [Int]
  private var evaluator: Evaluator
  private var locator: Locator
  private let inputs: [Port]
  private let outputs: [Port]
  private let steps: [Step]
  private let faults: [(condition: Int, fault: Fault, isRefused: Bool)]
  private let next: Int
  private let undefined: [Term]
  private let isAtomic: Bool

  var hasUndefined: Bool { !undefined.isEmpty }

  /// - Parameters:
  ///   - isAtomic: whether states are not followed in which an access crosses a cache line.
  ///   - refuses: whether the model does not say what follows a fault.
  init(
    _ instruction: Instruction, _ lifted: LiftedInstruction, _ layout: StateLayout,
    isAtomic: Bool, refuses: (Fault) -> Bool
  ) {
    let before = lifted.before
    self.instruction = instruction
    self.lifted = lifted
    writes = before.indices.filter { before[$0] != lifted.after[$0] }
    let evaluator = Evaluator(
      lifted.terms, roots: writes.map { lifted.after[$0] } + lifted.outcomes, lanes: Chunk.lanes)
    self.evaluator = evaluator
    reads = before.indices.filter { evaluator.contains(before[$0]) }
    func port(_ cell: Int, _ term: Term) -> Port? {
      layout.places[cell].map { Port(column: evaluator.column(of: term), place: $0) }
    }
    inputs = reads.compactMap { port($0, before[$0]) }
    outputs = writes.compactMap { port($0, lifted.after[$0]) }
    steps = lifted.accesses.map {
      Step(
        isStore: $0.isStore, byteCount: $0.byteCount, address: evaluator.column(of: $0.address),
        condition: evaluator.column(of: $0.condition), value: evaluator.column(of: $0.value))
    }
    faults = lifted.faults.map {
      (evaluator.column(of: $0.condition), $0.fault, refuses($0.fault))
    }
    next = evaluator.column(of: lifted.nextInstruction)
    undefined = evaluator.variables.filter { lifted.terms.variable($0)?.isUndefined ?? false }
    let isIndirect = [.indirectJump, .indirectCall, .return].contains(
      instruction.form.family.flow)
    locator = Locator(lifted, layout, isIndirect: isIndirect)
    self.isAtomic = isAtomic
  }

  // MARK: Running

  /// Replaces the states by those after the instruction; those of an instruction that faults, or is
  /// not followed, mean nothing then.
  ///
  /// - Parameter undefinedOnes: whether all bits that the manual leaves undefined are one, or zero.
  mutating func run(_ states: inout StateTable, undefinedOnes: Bool) -> [End] {
    setUndefined(ones: undefinedOnes)
    var ends = [End](repeating: End(), count: states.count)
    ends.withUnsafeMutableBufferPointer { ends in
      states.forEachChunk { first, chunk in
        guard let ends = ends.baseAddress.map({ $0 + first }) else { return }
        var open: UInt64 = .max >> UInt64(Chunk.lanes - chunk.count)
        for _ in 0..<InstructionModel.iterationLimit where open != 0 {
          open = iterate(chunk, open, ends)
        }
        for lane in 0..<chunk.count where open >> UInt64(lane) & 1 == 1 {
          ends[lane].isFollowed = false
        }
      }
    }
    return ends
  }

  /// Gives every undefined value the same bits in all lanes.
  private mutating func setUndefined(ones: Bool) {
    for term in undefined {
      let width = lifted.terms.width(term)
      let value: BitVector = ones ? .ones(width) : .zero(width)
      for lane in 0..<Chunk.lanes { evaluator.set(term, lane: lane, to: value) }
    }
  }

  /// Executes the instruction once in the lanes `open`; returns those in which it goes on.
  private mutating func iterate(
    _ chunk: Chunk, _ open: UInt64, _ ends: UnsafeMutablePointer<End>
  ) -> UInt64 {
    let (inputs, outputs) = (inputs, outputs)
    evaluator.withMutableWords { words in
      for input in inputs { input.read(chunk, to: words) }
    }
    if !steps.isEmpty, !locator.needsMemory { locator.locate(chunk) }
    var isStale = true
    for index in steps.indices {
      if isStale, steps[index].isStore || locator.needsMemory {
        evaluator.run()
        isStale = false
      }
      let offsets = offsets(index, chunk.count, open, ends)
      perform(steps[index], chunk, offsets)
      if !steps[index].isStore { isStale = true }
    }
    if isStale { evaluator.run() }
    evaluator.withMutableWords { words in
      for output in outputs { output.write(chunk, from: words, lanes: open) }
    }
    return finish(chunk.count, open, ends)
  }

  /// Where in the scratch memory an access goes in each lane; -1 where it is not made.
  private func offsets(
    _ index: Int, _ count: Int, _ open: UInt64, _ ends: UnsafeMutablePointer<End>
  ) -> [Int] {
    let step = steps[index]
    func find(_ words: UnsafeBufferPointer<UInt64>, _ address: Int, _ condition: Int) -> [Int] {
      (0..<count).map { lane in
        guard open >> UInt64(lane) & 1 == 1, words[condition + lane] == 1 else { return -1 }
        if let offset = Scratch.offset(words[address + lane], step.byteCount),
          !isAtomic || offset / 64 == (offset + step.byteCount - 1) / 64
        {
          return offset
        }
        ends[lane].isFollowed = false
        return -1
      }
    }
    if locator.needsMemory {
      return evaluator.withWords { find($0, step.address, step.condition) }
    }
    let columns = locator.columns[index]
    return locator.withWords { find($0, columns.address, columns.condition) }
  }

  /// Copies between the scratch memory and the evaluator.
  private mutating func perform(_ step: Step, _ chunk: Chunk, _ offsets: [Int]) {
    evaluator.withMutableWords { words in
      for (lane, offset) in offsets.enumerated() where offset >= 0 {
        let memory = chunk.memory(lane) + offset
        for start in stride(from: 0, to: step.byteCount, by: 8) {
          let place = step.value + start / 8 * Chunk.lanes + lane
          let count = min(8, step.byteCount - start)
          if step.isStore {
            withUnsafeBytes(of: words[place].littleEndian) {
              UnsafeMutableRawBufferPointer(start: memory + start, count: count)
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count]))
            }
          } else {
            var word: UInt64 = 0
            withUnsafeMutableBytes(of: &word) {
              $0.copyMemory(from: UnsafeRawBufferPointer(start: memory + start, count: count))
            }
            words[place] = UInt64(littleEndian: word)
          }
        }
      }
    }
  }

  /// Notes how the lanes `open` end; returns those in which the instruction is next again.
  private func finish(
    _ count: Int, _ open: UInt64, _ ends: UnsafeMutablePointer<End>
  ) -> UInt64 {
    evaluator.withWords { words in
      var repeated: UInt64 = 0
      for lane in 0..<count where open >> UInt64(lane) & 1 == 1 {
        for (condition, fault, isRefused) in faults where words[condition + lane] == 1 {
          if isRefused { ends[lane].isFollowed = false }
          if ends[lane].fault == nil { ends[lane].fault = fault }
        }
        ends[lane].next = words[next + lane]
        if ends[lane].next == instruction.address, ends[lane].isFollowed, ends[lane].fault == nil {
          repeated |= 1 << UInt64(lane)
        }
      }
      return repeated
    }
  }

  // MARK: States to start from

  /// Makes accesses fall into the scratch memory, with values in which rare things happen, and
  /// indirect branches land.
  mutating func aim(_ states: inout StateTable, _ random: inout RandomBits) {
    states.forEachChunk { _, chunk in
      locator.aim(chunk, &random)
      for (access, columns) in zip(lifted.accesses, locator.columns) where !access.isStore {
        let isTarget = access.value == lifted.nextInstruction
        locator.withWords { words in
          for lane in 0..<chunk.count {
            guard let offset = Scratch.offset(words[columns.address + lane], access.byteCount)
            else {
              continue
            }
            let memory = chunk.memory(lane) + offset
            if isTarget {
              let landing = Scratch.landings[Int(random.next() % UInt64(Scratch.landings.count))]
              memory.storeBytes(of: landing.littleEndian, as: UInt64.self)
            } else {
              random.fill(memory, byteCount: access.byteCount)
            }
          }
        }
      }
    }
  }
}
