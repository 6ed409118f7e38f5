import MachineModel
import Terms

/// One instruction's semantics, ready to be evaluated on many states.
struct LiftedInstruction {
  let instruction: Instruction
  let terms: TermManager
  private let before: [Term]
  let after: [Term]
  let nextInstruction: Term
  let faults: [MachineState.FaultCondition]
  let accesses: [AccessLog.Access]
  private var evaluator: Evaluator
  /// Of where accesses and control go, and of faults.
  private var aiming: Evaluator
  /// Whether these depend on what is loaded.
  private let isAimedByMemory: Bool
  private let undefined: [Term]
  /// The cells whose value at the start matters.
  let reads: [Int]
  /// The cells that may change.
  let writes: [Int]

  var hasUndefined: Bool { !undefined.isEmpty }

  init(_ instruction: Instruction, _ file: RegisterFile) {
    let terms = TermManager()
    self.instruction = instruction
    self.terms = terms
    before = file.entries.map { terms.variable($0.name, $0.sort) }
    var state = MachineState(
      terms: terms, cells: before, memory: AccessLog(),
      nextInstruction: terms.constant(instruction.end, width: 64))
    instruction.form.family.execute(instruction, &state)
    after = state.cells
    nextInstruction = state.nextInstruction
    faults = state.faults
    accesses = (state.memory as? AccessLog)?.accesses ?? []
    let (before, after) = (before, after)
    writes = before.indices.filter { before[$0] != after[$0] }
    var roots = writes.map { after[$0] } + [nextInstruction] + faults.map(\.condition)
    for access in accesses { roots += [access.address, access.value, access.condition] }
    let free = Set(terms.freeVariables(of: roots))
    reads = before.indices.filter { free.contains(before[$0]) }
    evaluator = Evaluator(terms, roots: roots, lanes: Lanes.count)
    let targets = accesses.flatMap { [$0.address, $0.condition] } + [nextInstruction]
    aiming = Evaluator(
      terms, roots: targets + faults.map(\.condition), lanes: Lanes.count)
    isAimedByMemory = accesses.contains { [aiming] in !$0.isStore && aiming.contains($0.value) }
    undefined = evaluator.variables.filter { terms.variable($0)?.isUndefined ?? false }
  }

  /// The low 64 bits of a term in a lane, after `run`.
  func word(_ term: Term, _ lane: Int) -> UInt64 { evaluator.word(term, lane: lane) }

  /// The words of a cell that may change in a lane, after `run`.
  func cell(_ index: Int, _ lane: Int) -> [UInt64] {
    (0..<wordCount(index)).map { word($0, ofCell: index, lane) }
  }

  /// The number of words of a cell.
  func wordCount(_ index: Int) -> Int { BitVector.wordCount(terms.width(after[index])) }

  /// One word of a cell that may change in a lane, after `run`.
  func word(_ word: Int, ofCell index: Int, _ lane: Int) -> UInt64 {
    evaluator.word(word, of: after[index], lane: lane)
  }

  private mutating func set(_ lanes: Lanes) {
    for index in reads {
      evaluator.set(before[index]) { lane, word in lanes.word(index, lane, word) }
    }
  }

  /// Gives every undefined value the same bits in all lanes.
  private mutating func setUndefined(ones: Bool) {
    for term in undefined {
      let width = terms.width(term)
      let value: BitVector = ones ? .ones(width) : .zero(width)
      for lane in 0..<Lanes.count { evaluator.set(term, lane: lane, to: value) }
    }
  }

  /// Executes the instruction in every lane and returns the lanes with their memory changed.
  mutating func run(_ start: Lanes, undefinedOnes: Bool = false) -> Lanes {
    var lanes = start
    set(lanes)
    setUndefined(ones: undefinedOnes)
    evaluator.run()
    for access in accesses {
      for lane in 0..<Lanes.count where evaluator.word(access.condition, lane: lane) == 1 {
        let address = evaluator.word(access.address, lane: lane)
        if access.isStore {
          guard Scratch.offset(address, access.byteCount) != nil else {
            lanes.isValid[lane] = false
            continue
          }
          let words = evaluator.value(access.value, lane: lane).words
          lanes.store(address, words, byteCount: access.byteCount, lane: lane)
        } else {
          guard let words = lanes.load(address, byteCount: access.byteCount, lane: lane) else {
            lanes.isValid[lane] = false
            continue
          }
          evaluator.set(
            access.value, lane: lane,
            to: BitVector(words: words, width: access.byteCount * 8))
        }
      }
      if !access.isStore { evaluator.run() }
    }
    return lanes
  }

  /// The lanes before the last iteration of an instruction that repeats itself; the lanes given for
  /// any other.
  mutating func beforeLastIteration(_ start: Lanes, undefinedOnes: Bool = false) -> Lanes {
    var lanes = start
    if terms.isConstant(nextInstruction) { return lanes }
    for _ in 0..<Lanes.iterationLimit {
      let end = run(lanes, undefinedOnes: undefinedOnes)
      lanes.isValid = end.isValid
      let open = (0..<Lanes.count).filter {
        end.isValid[$0] && word(nextInstruction, $0) == instruction.address
      }
      if open.isEmpty { break }
      for lane in open {
        lanes.copyMemory(of: lane, from: end)
        for index in writes { lanes.set(index, lane, to: cell(index, lane)) }
      }
    }
    return lanes
  }

  // MARK: Aiming

  /// Computes where accesses and control go in every lane, and the faults.
  private mutating func locate(_ lanes: Lanes) {
    if isAimedByMemory {
      _ = run(lanes)
      return
    }
    for index in reads {
      aiming.set(before[index]) { lane, word in lanes.word(index, lane, word) }
    }
    aiming.run()
  }

  /// The low 64 bits of an address, a condition or the next instruction in a lane, after `locate`.
  private func located(_ term: Term, _ lane: Int) -> UInt64 {
    isAimedByMemory ? word(term, lane) : aiming.word(term, lane: lane)
  }

  /// The lanes whose accesses are all in the scratch memory and which have no fault that is refused.
  mutating func validLanes(_ start: Lanes, refuses: (Fault) -> Bool) -> [Int] {
    let last = beforeLastIteration(start)
    let refusals = faults.filter { refuses($0.fault) }.map(\.condition)
    if isAimedByMemory || !terms.isConstant(nextInstruction) {
      let isValid = run(last).isValid
      return (0..<Lanes.count).filter { lane in
        isValid[lane] && refusals.allSatisfy { word($0, lane) == 0 }
      }
    }
    locate(last)
    return (0..<Lanes.count).filter { lane in
      refusals.allSatisfy { located($0, lane) == 0 }
        && accesses.allSatisfy {
          located($0.condition, lane) == 0
            || Scratch.offset(located($0.address, lane), $0.byteCount) != nil
        }
    }
  }

  /// Moves registers so that accesses fall into the scratch memory and indirect branches land.
  mutating func aim(_ lanes: inout Lanes, _ random: inout RandomBits) {
    var used: Set<Int> = []
    for access in accesses {
      let room = UInt64(Scratch.byteCount - access.byteCount)
      let size = UInt64(access.byteCount)
      move(access.address, &lanes, &used) {
        // Wide accesses are often aligned, which some instructions demand.
        let offset = random.next() % (room + 1)
        let isAligned = size >= 16 && random.next() & 3 != 0
        return Scratch.address &+ (isAligned ? offset / size * size : offset)
      }
    }
    switch instruction.form.family.flow {
    case .indirectJump, .indirectCall, .return:
      let isLoaded = accesses.contains { $0.value == nextInstruction && !$0.isStore }
      let landing = Scratch.landings
      if isLoaded {
        patch(&lanes) { landing[Int(random.next() % UInt64(landing.count))] }
      } else {
        move(nextInstruction, &lanes, &used) {
          landing[Int(random.next() % UInt64(landing.count))]
        }
      }
    default: break
    }
  }

  /// The indices of the cells that `term` depends on.
  private func support(_ term: Term) -> [Int] {
    let free = Set(terms.freeVariables(of: [term]))
    return before.indices.filter {
      free.contains(before[$0]) && !terms.isBool(before[$0]) && terms.width(before[$0]) <= 64
    }
  }

  /// Changes one register that `address` grows with, so that it becomes `target()`.
  private mutating func move(
    _ address: Term, _ lanes: inout Lanes, _ used: inout Set<Int>, to target: () -> UInt64
  ) {
    let cells = support(address)
    defer { used.formUnion(cells) }
    for cell in cells where !used.contains(cell) {
      locate(lanes)
      let old = (0..<Lanes.count).map { located(address, $0) }
      var probe = lanes
      for lane in 0..<Lanes.count { probe.add(1, to: cell, lane) }
      locate(probe)
      let start = lanes
      var wanted = old
      for lane in 0..<Lanes.count {
        let factor = Int64(bitPattern: located(address, lane) &- old[lane])
        guard factor > 0, factor < 16 else { continue }
        let steps = Int64(bitPattern: target() &- old[lane]) / factor
        wanted[lane] = old[lane] &+ UInt64(bitPattern: steps * factor)
        lanes.add(UInt64(bitPattern: steps), to: cell, lane)
      }
      // Of a register that only seemed to move the address (`al` in a sum), try the next.
      locate(lanes)
      let hits = (0..<Lanes.count).filter {
        wanted[$0] != old[$0] && located(address, $0) == wanted[$0]
      }
      if hits.count * 2 > Lanes.count { return }
      lanes = start
    }
  }

  /// Puts the address of a landing where an indirect branch loads it.
  private mutating func patch(_ lanes: inout Lanes, _ target: () -> UInt64) {
    _ = run(lanes)
    for access in accesses where access.value == nextInstruction {
      for lane in 0..<Lanes.count {
        lanes.store(word(access.address, lane), [target()], byteCount: 8, lane: lane)
      }
    }
  }
}
