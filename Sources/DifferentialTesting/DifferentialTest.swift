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
  /// Changes a state before it is aimed, so that rare cases happen: the instruction and its cells.
  package typealias Preparation =
    @Sendable (Instruction, inout [UInt64], inout RandomBits) -> Void

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
    var lanes = Lanes(
      cellWidths: architecture.registerFile.entries.map(\.sort.width), random: &random)
    for lane in 0..<Lanes.count {
      var cells = Array(lanes.cells(lane))
      prepare(instruction, &cells, &random)
      lanes.cells.replaceSubrange(
        lane * lanes.cellCount..<(lane + 1) * lanes.cellCount, with: cells)
    }
    lifted.aim(&lanes, &random)
    let isValid = lifted.run(lanes).isValid
    let valid = (0..<Lanes.count).filter { isValid[$0] }
    let bytes = try architecture.encode(instruction)
    var landings = Scratch.landings
    for address in [instruction.end] + (instruction.target.map { [$0] } ?? [])
    where !landings.contains(address) {
      landings.append(address)
    }
    let batch = NativeBatch(
      code: bytes, codeAddress: instruction.address, landings: landings,
      scratchAddress: Scratch.address, scratchByteCount: Scratch.byteCount,
      states: valid.flatMap { layout.words(lanes.cells($0)) + lanes.words($0) })
    return Trial(lifted: lifted, start: lanes, lanes: valid, batch: batch)
  }

  // MARK: Comparison

  private func check(_ trial: inout Trial, _ outcomes: NativeOutcomes) -> [Disagreement] {
    let zeros = expected(&trial, ones: false)
    let ones = trial.lifted.hasUndefined ? expected(&trial, ones: true) : zeros
    var result: [Disagreement] = []
    for (index, lane) in trial.lanes.enumerated() where result.count < 4 {
      let difference = difference(zeros[lane], ones[lane], outcomes, index, trial.lifted)
      guard let difference else { continue }
      let cells = trial.start.cells(lane).enumerated().map {
        architecture.registerFile.entries[$0].name + "=" + String($1, radix: 16)
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
    var cells: [UInt64]
    var memory: [UInt64]
    var next: UInt64
    var fault: Fault?
  }

  private func expected(_ trial: inout Trial, ones: Bool) -> [Expectation] {
    let end = trial.lifted.run(trial.start, undefinedOnes: ones)
    let lifted = trial.lifted
    return (0..<Lanes.count).map { lane in
      Expectation(
        cells: lifted.after.map { lifted.word($0, lane) }, memory: end.words(lane),
        next: lifted.word(lifted.nextInstruction, lane),
        fault: lifted.faults.first { lifted.word($0.condition, lane) == 1 }?.fault)
    }
  }

  private func difference(
    _ zeros: Expectation, _ ones: Expectation, _ outcomes: NativeOutcomes, _ index: Int,
    _ lifted: LiftedInstruction
  ) -> String? {
    let ending = outcomes.ending(of: index)
    if let fault = zeros.fault {
      if case .signal(let number, _, _) = ending, number == fault.signal { return nil }
      return "the model says \(fault.rawValue), the machine \(ending)"
    }
    guard ending == .landed(at: zeros.next) else {
      return "the model goes to \(String(zeros.next, radix: 16)), the machine \(ending)"
    }
    let general = outcomes.general(of: index)
    for cell in zeros.cells.indices {
      let machine = layout.cell(cell, in: general)
      let defined = ~(zeros.cells[cell] ^ ones.cells[cell])
      if (machine ^ zeros.cells[cell]) & defined != 0 {
        let name = architecture.registerFile.entries[cell].name
        return "\(name) is \(String(zeros.cells[cell], radix: 16)) in the model and "
          + "\(String(machine, radix: 16)) in the machine"
      }
    }
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

extension Fault {
  /// The POSIX signal that a process gets for it on Linux.
  var signal: Int32 {
    switch self {
    case .divideError: 8
    case .undefinedInstruction: 4
    case .breakpoint: 5
    case .privileged: 11
    case .misaligned: 7
    case .exception: 5
    }
  }
}
