import MachineModel
import Terms

/// LD1 to LD4 and ST1 to ST4, of whole registers, of one element of each, and of one for all lanes.
extension ARM64 {
  static let vectorStructures: [Entry] =
    (1...4).flatMap { count in
      [
        simd(
          "LD\(count) (multiple structures)", multipleRows("ld\(count)", count, "1"),
          execute: loadStructures(interleaves: count > 1)),
        simd(
          "ST\(count) (multiple structures)", multipleRows("st\(count)", count, "0"),
          execute: storeStructures(interleaves: count > 1)),
        simd(
          "LD\(count) (single structure)", singleRows("ld\(count)", count, "1"),
          execute: loadElements),
        simd(
          "ST\(count) (single structure)", singleRows("st\(count)", count, "0"),
          execute: storeElements),
        simd("LD\(count)R", replicatingRows("ld\(count)r", count), execute: loadReplicated),
      ]
    }

  // MARK: Rows

  /// The three ways to address: the bits between L's group and the opcode, and what is written.
  private static func addressing(
    _ syntax: String, _ head: String, _ l: String, _ r: String, _ tail: String
  ) -> [Row] {
    [
      Row("\(syntax), [<Xn|SP>]", "\(head) 0 \(l) \(r) 00000 \(tail)"),
      Row("\(syntax), [<Xn|SP>], #<size>", "\(head) 1 \(l) \(r) 11111 \(tail)"),
      Row("\(syntax), [<Xn|SP>], <Xm>", "\(head) 1 \(l) \(r) Rm:5!=11111 \(tail)"),
    ]
  }

  /// `{ <Vt>.4s, <Vt2>.4s }` for any arrangement.
  private static func list(_ arrangement: String, _ count: Int) -> String {
    let names = ["t", "t2", "t3", "t4"][..<count].map { "<V\($0)>.\(arrangement)" }
    return "{ " + names.joined(separator: ", ") + " }"
  }

  /// LD1 and ST1 have lists of one to four registers.
  private static func multipleRows(_ name: String, _ count: Int, _ l: String) -> [Row] {
    let opcodes =
      count == 1
      ? [(1, "0111"), (2, "1010"), (3, "0110"), (4, "0010")]
      : [(count, ["1000", "0100", "0000"][count - 2])]
    let constraint = count == 1 ? "" : " size:Q!=110"
    return opcodes.flatMap { registers, opcode in
      addressing(
        "\(name) \(list("<T>", registers))", "0 Q 001100", l, "0",
        "\(opcode) size:2 Rn:5 Rt:5\(constraint)")
    }
  }

  private static func singleRows(_ name: String, _ count: Int, _ l: String) -> [Row] {
    let (r, low) = (count % 2 == 0 ? "1" : "0", count > 2 ? "1" : "0")
    return [
      ("b", "Q:S:size", "00\(low) S size:2"), ("h", "Q:S:sz", "01\(low) S sz 0"),
      ("s", "Q:S", "10\(low) S 00"), ("d", "Q", "10\(low) 0 01"),
    ].flatMap { letter, index, bits in
      addressing(
        "\(name) \(list(letter, count))[<\(index)>]", "0 Q 001101", l, r,
        "\(bits) Rn:5 Rt:5")
    }
  }

  private static func replicatingRows(_ name: String, _ count: Int) -> [Row] {
    let (r, low) = (count % 2 == 0 ? "1" : "0", count > 2 ? "1" : "0")
    return addressing(
      "\(name) \(list("<T>", count))", "0 Q 001101", "1", r, "11\(low) 0 size:2 Rn:5 Rt:5")
  }

  // MARK: What is done

  /// The registers before the address.
  private static func registers(_ instruction: Instruction) -> [Register] {
    instruction.operands.indices.dropLast().map { instruction.register($0) }
  }

  /// Does `body` at the address, then writes the new address back.
  private static func access(
    _ instruction: Instruction, _ state: inout MachineState,
    _ body: (inout MachineState, Term) -> Void
  ) {
    let memory = instruction.memory(instruction.operands.count - 1)
    let base = state.writeBack(memory)
    body(&state, state.access(memory))
    if let (base, updated) = base { state[base] = updated }
  }

  /// Lane by lane, the lanes of all registers at one place lie together if they are interleaved;
  /// otherwise register after register.
  private static func loadStructures(interleaves: Bool) -> Execution {
    { instruction, state in
      let registers = registers(instruction)
      access(instruction, &state) { state, address in
        let parts = registers.indices.map { index in
          state.loadPart(address, index, registers[0].width)
        }
        guard interleaves else {
          for (register, part) in zip(registers, parts) { state[register] = part }
          return
        }
        let lanes = parts.flatMap { state.terms.lanes($0, of: registers[0].laneWidth) }
        for (index, register) in registers.enumerated() {
          state[register] = state.terms.joined(every(registers.count, of: lanes, from: index))
        }
      }
    }
  }

  private static func storeStructures(interleaves: Bool) -> Execution {
    { instruction, state in
      let registers = registers(instruction)
      let width = registers[0].width
      access(instruction, &state) { state, address in
        var all = state.terms.joined(registers.flatMap { state.lanes($0) })
        if interleaves {
          let lanes = registers.map { state.lanes($0) }
          all = state.terms.joined(
            lanes[0].indices.flatMap { index in lanes.map { $0[index] } })
        }
        for index in registers.indices {
          let part = state.terms.extract(all, (index + 1) * width - 1, index * width)
          state.storePart(address, index, part)
        }
      }
    }
  }

  private static let loadElements: Execution = { instruction, state in
    access(instruction, &state) { state, address in
      for (index, register) in registers(instruction).enumerated() {
        state[register] = state.loadPart(address, index, register.width)
      }
    }
  }

  private static let storeElements: Execution = { instruction, state in
    access(instruction, &state) { state, address in
      for (index, register) in registers(instruction).enumerated() {
        state.storePart(address, index, state[register])
      }
    }
  }

  private static let loadReplicated: Execution = { instruction, state in
    access(instruction, &state) { state, address in
      for (index, register) in registers(instruction).enumerated() {
        let lane = state.loadPart(address, index, register.laneWidth)
        state[register] = state.terms.joined(
          Array(repeating: lane, count: register.width / register.laneWidth))
      }
    }
  }
}

extension MachineState {
  /// The part number `index` of parts of `width` bits one after the other.
  fileprivate mutating func loadPart(_ address: Term, _ index: Int, _ width: Int) -> Term {
    let offset = terms.constant(UInt64(index * width / 8), width: 64)
    return load(terms.add(address, offset), byteCount: width / 8)
  }

  fileprivate mutating func storePart(_ address: Term, _ index: Int, _ part: Term) {
    let offset = terms.constant(UInt64(index * terms.width(part) / 8), width: 64)
    store(terms.add(address, offset), part)
  }
}
