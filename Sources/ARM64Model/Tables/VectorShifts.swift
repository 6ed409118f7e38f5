import MachineModel
import Terms

/// Shifts of lanes by a constant.
extension ARM64 {
  static let vectorShifts: [Entry] =
    rightShifts("s", "0", .signed) + rightShifts("u", "1", .unsigned)
    + [
      shift("shl", "0", "01010", "left", execute: each { $0.terms.shiftLeft($1, by: $2) }),
      shift(
        "sli", "1", "01010", "left",
        execute: eachWithOld { terms, old, lane, count in
          count == 0
            ? lane
            : terms.concat(
              terms.extract(lane, terms.width(lane) - 1 - count, 0),
              terms.extract(old, count - 1, 0))
        }),
      shift(
        "sri", "1", "01000", "right",
        execute: eachWithOld { terms, old, lane, count in
          let width = terms.width(lane)
          if count == width { return old }
          return terms.concat(
            terms.extract(old, width - 1, width - count), terms.extract(lane, width - 1, count))
        }),
      saturatingLeft("sqshl", "0", "01110", .signed, .signed),
      saturatingLeft("uqshl", "1", "01110", .unsigned, .unsigned),
      saturatingLeft("sqshlu", "1", "01100", .signed, .unsigned),
      narrow("shrn", "0", "10000", rounds: false, .unsigned, nil),
      narrow("rshrn", "0", "10001", rounds: true, .unsigned, nil),
      narrow("sqshrn", "0", "10010", rounds: false, .signed, .signed),
      narrow("sqrshrn", "0", "10011", rounds: true, .signed, .signed),
      narrow("sqshrun", "1", "10000", rounds: false, .signed, .unsigned),
      narrow("sqrshrun", "1", "10001", rounds: true, .signed, .unsigned),
      narrow("uqshrn", "1", "10010", rounds: false, .unsigned, .unsigned),
      narrow("uqrshrn", "1", "10011", rounds: true, .unsigned, .unsigned),
      long("sshll", "0", .signed), long("ushll", "1", .unsigned),
    ]

  /// Shifts to the right, of signed or of unsigned lanes, perhaps rounded, perhaps accumulated.
  private static func rightShifts(
    _ letter: String, _ u: String, _ signedness: MachineState.Signedness
  ) -> [Entry] {
    [("shr", "00000", false), ("rshr", "00100", true)].map { name, opcode, rounds in
      shift(
        letter + name, u, opcode, "right",
        execute: each { $0.terms.shiftedLane($1, by: $2, rounds: rounds, signedness) })
    }
      + [("sra", "00010", false), ("rsra", "00110", true)].map { name, opcode, rounds in
        shift(
          letter + name, u, opcode, "right",
          execute: eachWithOld { terms, old, lane, count in
            terms.add(old, terms.shiftedLane(lane, by: count, rounds: rounds, signedness))
          })
      }
  }

  // MARK: Rows

  /// An entry whose scalar form has D registers only.
  private static func shift(
    _ name: String, _ u: String, _ opcode: String, _ direction: String,
    execute: @escaping Execution
  ) -> Entry {
    simd(
      "\(name.uppercased())\(name == "shl" ? "" : " (vector)")",
      [
        vectorRow(name, u, opcode, direction),
        Row(
          "\(name) <Dd>, <Dn>, #<\(direction)>",
          "01 \(u) 111110 immh=1xxx immb:3 \(opcode) 1 Rn:5 Rd:5"),
      ], execute: execute)
  }

  private static func vectorRow(
    _ name: String, _ u: String, _ opcode: String, _ direction: String
  ) -> Row {
    Row(
      "\(name) <Vd>.<T>, <Vn>.<T>, #<\(direction)>",
      "0 Q \(u) 011110 immh:4!=0000 immb:3 \(opcode) 1 Rn:5 Rd:5 immh:Q!=1xxx0")
  }

  /// Shifts to the left that saturate; lanes and results may be read differently.
  private static func saturatingLeft(
    _ name: String, _ u: String, _ opcode: String, _ source: MachineState.Signedness,
    _ result: MachineState.Signedness
  ) -> Entry {
    simd(
      "\(name.uppercased()) (immediate)", saturates: true,
      [
        vectorRow(name, u, opcode, "left"),
        Row(
          "\(name) <V><d>, <V><n>, #<left>",
          "01 \(u) 111110 immh:4!=0000 immb:3 \(opcode) 1 Rn:5 Rd:5"),
      ],
      execute: each { state, lane, count in
        let width = state.terms.width(lane)
        let exact = state.terms.extend(lane, source, to: 2 * width + 1)
        return state.saturate(state.terms.shiftLeft(exact, by: count), to: width, result)
      })
  }

  /// Shifts to the right into lanes of half the width; nil for what is cut and not saturated.
  private static func narrow(
    _ name: String, _ u: String, _ opcode: String, rounds: Bool,
    _ source: MachineState.Signedness, _ result: MachineState.Signedness?
  ) -> Entry {
    var rows = upperRows(name) { name, q in
      Row(
        "\(name) <Vd>.<Tb>, <Vn>.<Ta>, #<right>",
        "0 Q=\(q) \(u) 011110 immh:4!=0000!=1xxx immb:3 \(opcode) 1 Rn:5 Rd:5")
    }
    if result != nil {
      rows.append(
        Row(
          "\(name) <Vb><d>, <Va><n>, #<right>",
          "01 \(u) 111110 immh:4!=0000!=1xxx immb:3 \(opcode) 1 Rn:5 Rd:5"))
    }
    return simd(
      "\(name.uppercased()), \(name.uppercased())2", saturates: result != nil, rows,
      execute: each { state, lane, count in
        let (terms, width) = (state.terms, state.terms.width(lane))
        let exact = terms.shiftedExact(lane, by: count, rounds: rounds, source)
        guard let result else { return terms.extract(exact, width / 2 - 1, 0) }
        return state.saturate(exact, to: width / 2, result)
      })
  }

  private static func long(
    _ name: String, _ u: String, _ signedness: MachineState.Signedness
  ) -> Entry {
    simd(
      "\(name.uppercased()), \(name.uppercased())2",
      upperRows(name) { name, q in
        Row(
          "\(name) <Vd>.<Ta>, <Vn>.<Tb>, #<left>",
          "0 Q=\(q) \(u) 011110 immh:4!=0000!=1xxx immb:3 10100 1 Rn:5 Rd:5")
      },
      execute: each { $0.terms.shiftLeft($0.doubled($1, signedness), by: $2) })
  }

  // MARK: What is done

  /// Each lane of the result from the lane of the source and the shift.
  private static func each(
    _ body: @escaping @Sendable (inout MachineState, Term, Int) -> Term
  ) -> Execution {
    { instruction, state in
      let count = instruction.code(2)
      let lanes = state.lanes(instruction, 1, count: laneCount(instruction))
      state.setLanes(instruction, lanes.map { body(&state, $0, count) })
    }
  }

  /// Each lane of the result from its old value, the lane of the source and the shift.
  private static func eachWithOld(
    _ body: @escaping @Sendable (TermManager, _ old: Term, _ lane: Term, _ count: Int) -> Term
  ) -> Execution {
    { instruction, state in
      let (old, lanes) = (
        state.lanes(instruction.register(0)), state.lanes(instruction.register(1))
      )
      let count = instruction.code(2)
      state.setLanes(
        instruction, zip(old, lanes).map { body(state.terms, $0, $1, count) })
    }
  }
}

extension TermManager {
  /// `lane` shifted right by 1 to its width, rounded down or to the nearest, halves up; exact as a
  /// signed number of two bits more.
  func shiftedExact(
    _ lane: Term, by count: Int, rounds: Bool, _ signedness: MachineState.Signedness
  ) -> Term {
    let width = width(lane) + 2
    var value = extend(lane, signedness, to: width)
    if rounds { value = add(value, constant(1 << UInt64(count - 1), width: width)) }
    return arithmeticShiftRight(value, by: count)
  }

  /// The same at the width of the lane.
  fileprivate func shiftedLane(
    _ lane: Term, by count: Int, rounds: Bool, _ signedness: MachineState.Signedness
  ) -> Term {
    extract(shiftedExact(lane, by: count, rounds: rounds, signedness), width(lane) - 1, 0)
  }
}
