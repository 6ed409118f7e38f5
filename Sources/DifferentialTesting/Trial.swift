import MachineModel
import NativeExecution

/// One instruction, the states to run it from, and the states that the model says it leaves.
struct Trial {
  private let instruction: Instruction
  /// The cells whose value at the start matters.
  private let reads: [Int]
  let start: StateTable
  /// The states after it if all that is undefined is zero.
  private let zeros: StateTable
  /// The states after it if all that is undefined is one; nil if nothing is.
  private let ones: StateTable?
  private let ends: [InstructionModel.End]
  /// What the machine has to run.
  let batch: NativeBatch

  /// Runs the model; states that it does not follow are left out.
  init(
    _ model: inout InstructionModel, _ start: StateTable, vectors: Bool, code: [UInt8]
  ) {
    var (start, zeros) = (start, start)
    let ends = model.run(&zeros, undefinedOnes: false)
    var ones: StateTable?
    if model.hasUndefined {
      var states = start
      _ = model.run(&states, undefinedOnes: true)
      ones = states
    }
    let followed = ends.indices.filter { ends[$0].isFollowed }
    start.keep(followed)
    zeros.keep(followed)
    ones?.keep(followed)
    instruction = model.instruction
    reads = model.reads
    self.start = start
    self.zeros = zeros
    self.ones = ones
    self.ends = followed.map { ends[$0] }
    var landings = Scratch.landings
    for address in [instruction.end] + (instruction.target.map { [$0] } ?? [])
    where !landings.contains(address) {
      landings.append(address)
    }
    batch = NativeBatch(
      code: code, codeAddress: Scratch.code, landings: landings,
      scratchAddress: Scratch.address, scratchByteCount: Scratch.byteCount, vectors: vectors,
      states: start.words)
  }

  // MARK: Comparison

  /// Where machine and model differ, a few at most.
  func disagreements(
    _ outcomes: NativeOutcomes, _ layout: StateLayout, _ architecture: any Architecture,
    _ isa: NativeISA
  ) -> [Disagreement] {
    var result: [Disagreement] = []
    for index in ends.indices where result.count < 4 {
      guard let difference = difference(index, outcomes, layout, architecture, isa) else {
        continue
      }
      let cells = reads.compactMap { cell -> String? in
        guard let place = layout.places[cell] else { return nil }
        return architecture.registerFile.entries[cell].name + "=" + hex(start[index], place)
      }
      result.append(
        Disagreement(
          description: "\(architecture.text(of: instruction)) [\(instruction.form.encoding)] from "
            + cells.joined(separator: " ") + ": " + difference))
    }
    return result
  }

  private func difference(
    _ index: Int, _ outcomes: NativeOutcomes, _ layout: StateLayout,
    _ architecture: any Architecture, _ isa: NativeISA
  ) -> String? {
    let ending = outcomes.ending(of: index)
    if let fault = ends[index].fault {
      // On x86-64 a breakpoint is reported after it.
      let place = instruction.address + (fault == .breakpoint && isa == .x86 ? 1 : 0)
      if case .signal(fault.signal(on: isa), place, _) = ending { return nil }
      return "the model says \(fault.rawValue), the machine \(ending)"
    }
    let next = ends[index].next
    guard ending == .landed(at: next) else {
      return "the model goes to \(String(next, radix: 16)), the machine \(ending)"
    }
    guard let word = differentWord(index, outcomes.state(of: index)) else { return nil }
    let found = outcomes.state(of: index)
    let (model, machine) = (zeros[index], found)
    let values = (model[model.startIndex + word], machine[machine.startIndex + word])
    if word >= start.registerWordCount {
      return "memory word \(word - start.registerWordCount) is \(String(values.0, radix: 16)) in "
        + "the model and \(String(values.1, radix: 16)) in the machine"
    }
    let defined = ~(values.0 ^ (ones.map { $0[index][$0[index].startIndex + word] } ?? values.0))
    let bit = ((values.0 ^ values.1) & defined).trailingZeroBitCount
    guard let place = layout.cell(word: word, bit: bit) else {
      return "bit \(bit) of word \(word) differs"
    }
    let part = layout.places[place.cell].map { ($0.bit, $0.mask) } ?? (0, .max)
    return "\(architecture.registerFile.entries[place.cell].name) has "
      + "\(String(values.0 >> part.0 & part.1, radix: 16)) in word \(place.word) in the model and "
      + "\(String(values.1 >> part.0 & part.1, radix: 16)) in the machine"
  }

  /// The first word of a final state in which a defined bit is another in the machine.
  private func differentWord(_ index: Int, _ found: ArraySlice<UInt64>) -> Int? {
    let stride = zeros.stride
    return found.withUnsafeBufferPointer { found in
      zeros.words.withUnsafeBufferPointer { zeros in
        guard let ones else {
          return (0..<stride).first { found[$0] != zeros[index * stride + $0] }
        }
        return ones.words.withUnsafeBufferPointer { ones in
          (0..<stride).first {
            let place = index * stride + $0
            return (found[$0] ^ zeros[place]) & ~(zeros[place] ^ ones[place]) != 0
          }
        }
      }
    }
  }
}

/// The value of a register in a state, the most significant word first.
private func hex(_ state: ArraySlice<UInt64>, _ place: StateLayout.Place) -> String {
  (0..<place.wordCount).reversed().map {
    String(state[state.startIndex + place.word + $0] >> place.bit & place.mask, radix: 16)
  }.joined(separator: "_")
}

extension Fault {
  /// The POSIX signal that a process gets for it on Linux.
  func signal(on isa: NativeISA) -> Int32 {
    switch self {
    case .divideError: 8
    case .undefinedInstruction: 4
    case .breakpoint: 5
    case .privileged: 11
    // x86-64 raises #GP, for which Linux sends SIGSEGV.
    case .misaligned: isa == .x86 ? 11 : 7
    case .exception: 5
    case .systemFlag: 5
    }
  }
}
