import MachineModel
import Terms

/// What the entries of Advanced SIMD integer instructions are made of (Arm ARM, C4.1.96).
extension ARM64 {
  /// The lanes that a class of instructions has.
  enum LaneSizes: Sendable {
    /// Bytes to doublewords; no vector of a single doubleword.
    case all
    case upToWords
    case halfwordsAndWords
    case bytes

    /// The field `size` of a diagram.
    var field: String {
      switch self {
      case .all: "size:2"
      case .upToWords: "size:2!=11"
      case .halfwordsAndWords: "size:2!=00!=11"
      case .bytes: "size=00"
      }
    }

    /// What follows a diagram that has `Q`.
    var constraint: String { self == .all ? " size:Q!=110" : "" }
  }

  /// The scalar form of a vector instruction.
  enum ScalarForm: Sendable {
    case none
    /// Of D registers only.
    case doubleword
    /// Of the registers of all lanes that the vector form has.
    case anyLane
  }

  /// An entry of C7.2; `saturates` says that it may set QC.
  static func simd(
    _ title: String, feature: String = "FEAT_AdvSIMD", saturates: Bool = false, _ rows: [Row],
    execute: @escaping Execution
  ) -> Entry {
    Entry(
      title, tier: "A3", feature: feature,
      flags: saturates ? FlagEffects(reads: [qc], writes: [qc]) : FlagEffects(), rows,
      execute: execute)
  }

  // MARK: What is done to lanes

  /// Each lane of the result from the lane of the second operand.
  static func unary(_ body: @escaping @Sendable (inout MachineState, Term) -> Term) -> Execution {
    { instruction, state in
      let lanes = state.lanes(instruction, 1, count: laneCount(instruction))
      state.setLanes(instruction, lanes.map { body(&state, $0) })
    }
  }

  /// Each lane of the result from the lanes of the second and the third operand.
  static func binary(
    _ body: @escaping @Sendable (inout MachineState, Term, Term) -> Term
  ) -> Execution {
    { instruction, state in
      let count = laneCount(instruction)
      let left = state.lanes(instruction, 1, count: count)
      let right = state.lanes(instruction, 2, count: count)
      state.setLanes(instruction, zip(left, right).map { body(&state, $0, $1) })
    }
  }

  /// Each lane of the result from its old value and the lanes of the second and the third operand.
  static func ternary(
    _ body: @escaping @Sendable (inout MachineState, Term, Term, Term) -> Term
  ) -> Execution {
    { instruction, state in
      let count = laneCount(instruction)
      let old = state.lanes(instruction, 0, count: count)
      let left = state.lanes(instruction, 1, count: count)
      let right = state.lanes(instruction, 2, count: count)
      state.setLanes(
        instruction, (0..<count).map { body(&state, old[$0], left[$0], right[$0]) })
    }
  }

  /// The number of lanes that are worked on: those of the wider of the first two operands.
  static func laneCount(_ instruction: Instruction) -> Int {
    let counts = [0, 1].map { index in
      let register = instruction.register(index)
      return register.width / register.laneWidth
    }
    return min(counts[0], counts[1])
  }
}
