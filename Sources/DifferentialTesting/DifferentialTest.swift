import MachineModel
import NativeExecution
import Terms

/// A state in which the model and the machine end differently.
package struct Disagreement: Sendable, CustomStringConvertible {
  package let description: String
}

/// Compares the semantics of instructions with a machine that runs them.
///
/// All registers, the scratch memory, the landing address and all flags are compared; a bit that
/// differs between all undefined values zero and all of them ones is undefined in that state, and
/// ignored.
package struct DifferentialTest: Sendable {
  /// Changes a state before it is aimed, so that rare cases happen: the instruction and the words of
  /// its cells, one after the other.
  package typealias Preparation =
    @Sendable (Instruction, inout [UInt64], inout RandomBits) -> Void

  /// How many states an instruction is run from.
  package static let statesPerInstruction = Lanes.count

  private let architecture: any Architecture
  private let runner: any NativeRunner
  private let layout: StateLayout
  private let prepare: Preparation

  package init(
    _ architecture: any Architecture, on runner: any NativeRunner, layout: StateLayout,
    prepare: @escaping Preparation = { _, _, _ in }
  ) {
    self.architecture = architecture
    self.runner = runner
    self.layout = layout
    self.prepare = prepare
  }

  private struct Trial {
    var lifted: LiftedInstruction
    let start: Lanes
    let lanes: [Int]
    let batch: NativeBatch
  }

  /// Runs each instruction (which stands at `Scratch.code`) from `Lanes.count` random states.
  ///
  /// - Returns: how many states were run, and where machine and model disagree (a few at most).
  /// - Throws: `NativeError` when the machine cannot be run; `AssemblyError` for an instruction
  ///   without an encoding.
  package func compare(
    _ instructions: [Instruction], random: inout RandomBits
  ) throws -> (states: Int, disagreements: [Disagreement]) {
    var trials: [Trial] = []
    for instruction in instructions {
      trials.append(try trial(instruction, &random))
    }
    let outcomes = try runner.run(trials.map(\.batch), timeout: 600)
    var states = 0
    var disagreements: [Disagreement] = []
    for index in trials.indices where disagreements.count < 8 {
      disagreements += check(&trials[index], outcomes[index])
      states += trials[index].lanes.count
    }
    return (states, disagreements)
  }

  private func trial(_ instruction: Instruction, _ random: inout RandomBits) throws -> Trial {
    var lifted = LiftedInstruction(instruction, architecture.registerFile)
    let entries = architecture.registerFile.entries
    var interesting = [Bool](repeating: false, count: entries.count)
    for cell in lifted.reads + lifted.writes { interesting[cell] = true }
    var lanes = Lanes(
      cellWidths: entries.map(\.sort.width), interesting: interesting, random: &random)
    for lane in 0..<Lanes.count {
      var cells = Array(lanes.cells(lane))
      prepare(instruction, &cells, &random)
      lanes.replace(lane, with: cells)
    }
    lifted.aim(&lanes, &random)
    // What the model refuses to follow is not run.
    let valid = lifted.validLanes(lanes) { isStricter($0, than: instruction.form) }
    let bytes = try architecture.encode(instruction)
    var landings = Scratch.landings
    for address in [instruction.end] + (instruction.target.map { [$0] } ?? [])
    where !landings.contains(address) {
      landings.append(address)
    }
    let vectors = (lifted.reads + lifted.writes).contains { layout.isVector($0) }
    let batch = NativeBatch(
      code: bytes, codeAddress: instruction.address, landings: landings,
      scratchAddress: Scratch.address, scratchByteCount: Scratch.byteCount, vectors: vectors,
      states: valid.flatMap { lane in
        layout.words(lanes.cells(lane), vectors: vectors) + lanes.words(lane)
      })
    return Trial(lifted: lifted, start: lanes, lanes: valid, batch: batch)
  }

  // MARK: Comparison

  private func check(_ trial: inout Trial, _ outcomes: NativeOutcomes) -> [Disagreement] {
    let zeros = expected(&trial, ones: false)
    let ones = trial.lifted.hasUndefined ? expected(&trial, ones: true) : zeros
    var result: [Disagreement] = []
    for (index, lane) in trial.lanes.enumerated() where result.count < 4 {
      let difference = difference(
        zeros[lane], ones[lane], outcomes, index, trial, lane)
      guard let difference else { continue }
      let cells = trial.lifted.reads.map {
        architecture.registerFile.entries[$0].name + "=" + hex(trial.start.cell($0, lane))
      }
      let text = architecture.text(of: trial.lifted.instruction)
      result.append(
        Disagreement(
          description: "\(text) [\(trial.lifted.instruction.form.encoding)] from "
            + cells.joined(separator: " ") + ": " + difference))
    }
    return result
  }

  private struct Expectation {
    /// Of the cells that may change.
    var cells: [[UInt64]]
    var memory: [UInt64]
    var next: UInt64
    var fault: Fault?
  }

  private func expected(_ trial: inout Trial, ones: Bool) -> [Expectation] {
    let last = trial.lifted.beforeLastIteration(trial.start, undefinedOnes: ones)
    let end = trial.lifted.run(last, undefinedOnes: ones)
    let lifted = trial.lifted
    return (0..<Lanes.count).map { lane in
      Expectation(
        cells: lifted.writes.map { lifted.cell($0, lane) },
        memory: end.words(lane),
        next: lifted.word(lifted.nextInstruction, lane),
        fault: lifted.faults.first { lifted.word($0.condition, lane) == 1 }?.fault)
    }
  }

  private func difference(
    _ zeros: Expectation, _ ones: Expectation, _ outcomes: NativeOutcomes, _ index: Int,
    _ trial: Trial, _ lane: Int
  ) -> String? {
    let ending = outcomes.ending(of: index)
    if let fault = zeros.fault {
      if case .signal(let number, _, _) = ending, number == fault.signal(on: runner.isa) {
        return nil
      }
      return "the model says \(fault.rawValue), the machine \(ending)"
    }
    guard ending == .landed(at: zeros.next) else {
      return "the model goes to \(String(zeros.next, radix: 16)), the machine \(ending)"
    }
    let registers = outcomes.registers(of: index)
    if let difference = difference(zeros, ones, registers, trial, lane) { return difference }
    for (offset, machine) in outcomes.scratch(of: index).enumerated() {
      let defined = ~(zeros.memory[offset] ^ ones.memory[offset])
      if (machine ^ zeros.memory[offset]) & defined != 0 {
        return "memory word \(offset) is \(String(zeros.memory[offset], radix: 16)) in the "
          + "model and \(String(machine, radix: 16)) in the machine"
      }
    }
    return nil
  }
}

extension DifferentialTest {
  /// The first cell in which the registers at the end differ.
  private func difference(
    _ zeros: Expectation, _ ones: Expectation, _ registers: ArraySlice<UInt64>, _ trial: Trial,
    _ lane: Int
  ) -> String? {
    let written = trial.lifted.writes
    for cell in architecture.registerFile.entries.indices {
      let place = written.firstIndex(of: cell)
      let expected = place.map { zeros.cells[$0][...] } ?? trial.start.cell(cell, lane)
      let other = place.map { ones.cells[$0][...] } ?? expected
      for index in 0..<expected.count {
        guard let found = layout.word(index, of: cell, in: registers) else { break }
        let value = expected[expected.startIndex + index]
        let defined = ~(value ^ other[other.startIndex + index])
        guard (found ^ value) & defined != 0 else { continue }
        let name = architecture.registerFile.entries[cell].name
        return "\(name) has \(String(value, radix: 16)) in word \(index) in the model and "
          + "\(String(found, radix: 16)) in the machine"
      }
    }
    return nil
  }
}

/// The words of a value, the most significant first.
private func hex(_ words: ArraySlice<UInt64>) -> String {
  words.reversed().map { String($0, radix: 16) }.joined(separator: "_")
}

extension DifferentialTest {
  /// Whether processors may go on where the model faults: it does not follow changes of system flags,
  /// and the SHA instructions of some do not check the alignment that the manual demands (Intel SDM,
  /// volume 2, 2.4, exceptions type 4).
  private func isStricter(_ fault: Fault, than form: Form) -> Bool {
    fault == .systemFlag || fault == .misaligned && form.feature == "SHA"
  }
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
