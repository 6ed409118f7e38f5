import MachineModel
import Terms

/// Jumps, calls, returns, the stack, traps and what does nothing (Intel SDM, volume 2).
extension Tables {
  static let control: [Entry] =
    [
      Entry(jump, [Row("jmp rel8", "EB cb"), Row("jmp rel32", "E9 cd")]),
      Entry(indirectJump, [Row("jmp r/m64", "FF /4")]),
      Entry(call, [Row("call rel32", "E8 cd")]),
      Entry(indirectCall, [Row("call r/m64", "FF /2")]),
      Entry(`return`, [Row("ret", "C3"), Row("ret imm16", "C2 iw")]),
      Entry(leave, [Row("leave", "C9"), Row("leavew", "66 C9")]),
      Entry(
        enter, [Row("enter imm16, imm8", "C8 iw ib"), Row("enterw imm16, imm8", "66 C8 iw ib")]),
      Entry(push, pushRows), Entry(pop, popRows), Entry(noOperation, noOperationRows),
      Entry(hint, hintRows + fenceRows),
      Entry(
        trap("UD1, UD2: undefined instruction", .undefinedInstruction),
        [Row("ud2", "0F 0B"), Row("ud1 rv, r/mv", "0F B9 /r")]),
      Entry(trap("INT3: breakpoint", .breakpoint), [Row("int3", "CC")]),
      Entry(trap("HLT: halt, privileged", .privileged), [Row("hlt", "F4")]),
    ] + Condition.all.map(conditionalJump)

  private static let jump = Family(
    title: "JMP: jump", source: "Intel SDM, volume 2, JMP", tier: "T1", flow: .jump
  ) { instruction, state in
    state.nextInstruction = state.read(instruction, 0)
  }

  private static let indirectJump = Family(
    title: "JMP: jump to an address from a register or memory",
    source: "Intel SDM, volume 2, JMP", tier: "T1", flow: .indirectJump
  ) { instruction, state in
    state.nextInstruction = state.read(instruction, 0)
  }

  private static func conditionalJump(_ condition: Condition) -> Entry {
    let family = Family(
      title: "Jcc: jump if \(condition.name)", source: "Intel SDM, volume 2, Jcc", tier: "T1",
      flags: FlagEffects(reads: condition.reads), flow: .conditionalJump
    ) { instruction, state in
      state.branch(to: state.read(instruction, 0), if: state.holds(condition))
    }
    return Entry(
      family,
      [
        Row("j\(condition.name) rel8", "\(hex(0x70 + condition.number)) cb"),
        Row("j\(condition.name) rel32", "0F \(hex(0x80 + condition.number)) cd"),
      ])
  }

  private static let call = Family(
    title: "CALL: call", source: "Intel SDM, volume 2, CALL", tier: "T1", flow: .call
  ) { instruction, state in
    state.push(state.codeAddress(instruction.end))
    state.nextInstruction = state.read(instruction, 0)
  }

  private static let indirectCall = Family(
    title: "CALL: call of an address from a register or memory",
    source: "Intel SDM, volume 2, CALL", tier: "T1", flow: .indirectCall
  ) { instruction, state in
    // The target is read before the push: it may be rsp, or depend on it.
    let target = state.read(instruction, 0)
    state.push(state.codeAddress(instruction.end))
    state.nextInstruction = target
  }

  private static let `return` = Family(
    title: "RET: near return", source: "Intel SDM, volume 2, RET", tier: "T1", flow: .return
  ) { instruction, state in
    state.nextInstruction = state.pop(width: 64)
    guard !instruction.operands.isEmpty else { return }
    let extra = state.terms.zeroExtend(state.read(instruction, 0), to: 64)
    state[.rsp] = state.terms.add(state[.rsp], extra)
  }

  private static let leave = Family(
    title: "LEAVE: release the stack frame", source: "Intel SDM, volume 2, LEAVE", tier: "T1"
  ) { instruction, state in
    state[.rsp] = state[.rbp]
    if instruction.implicitWidth == 16 {
      state[.bp] = state.pop(width: 16)
    } else {
      state[.rbp] = state.pop(width: 64)
    }
  }

  /// The nesting level is the second operand modulo 32; all but one level copy a frame pointer of
  /// an outer procedure.
  private static let enter = Family(
    title: "ENTER: make a stack frame", source: "Intel SDM, volume 2, ENTER", tier: "T1b"
  ) { instruction, state in
    guard case .immediate(let size) = instruction[0], case .immediate(let nesting) = instruction[1]
    else { return }
    let terms = state.terms
    let (pointer, level) = (instruction.implicitWidth == 16 ? Register.bp : .rbp, nesting.low & 31)
    let bytes = UInt64(pointer.width / 8)
    let outer = state[.rbp]
    state.push(state[pointer])
    let frame = state[.rsp]
    for index in 1..<Swift.max(level, 1) {
      let place = terms.subtract(outer, terms.constant(index * bytes, width: 64))
      state.push(state.load(place, byteCount: Int(bytes)))
    }
    let own = terms.extract(frame, pointer.width - 1, 0)
    if level > 0 { state.push(own) }
    state[pointer] = own
    state[.rsp] = terms.subtract(state[.rsp], terms.constant(size.low, width: 64))
    // It faults where the new top of the stack cannot be written: a write that changes nothing.
    state.store(state[.rsp], state.load(state[.rsp], byteCount: 1))
  }

  private static let push = Family(
    title: "PUSH: push", source: "Intel SDM, volume 2, PUSH", tier: "T1"
  ) { instruction, state in
    // Read first: `push rsp` pushes the old value, `push [rsp]` reads at the old address.
    state.push(state.read(instruction, 0))
  }

  // swift-format-ignore
  private static let pushRows: [Row] = [
    Row("push r16",      "50+rw"),
    Row("push r64",      "50+ro"),
    Row("push r/m16",    "FF /6"),
    Row("push r/m64",    "FF /6"),
    Row("push imm8",     "6A ib"),
    Row("pushw imm8",    "66 6A ib"),
    Row("push imm32",    "68 id"),
    Row("pushw imm16",   "66 68 iw"),
  ]

  private static let pop = Family(
    title: "POP: pop", source: "Intel SDM, volume 2, POP", tier: "T1"
  ) { instruction, state in
    // The address of a memory operand is computed after the increment; `pop rsp` keeps the value.
    state[instruction[0]] = state.pop(width: instruction.width)
  }

  // swift-format-ignore
  private static let popRows: [Row] = [
    Row("pop r16",     "58+rw"),
    Row("pop r64",     "58+ro"),
    Row("pop r/m16",   "8F /0"),
    Row("pop r/m64",   "8F /0"),
  ]

  private static let noOperation = Family(
    title: "NOP, ENDBR: no operation", source: "Intel SDM, volume 2, NOP, ENDBR64", tier: "T1"
  ) { _, _ in }

  /// The hint space 0F 18 to 0F 1F, in which what a processor does not know does nothing; 0F 1A
  /// and 0F 1B are left out, which MPX gave a meaning.
  private static let noOperationRows: [Row] =
    [
      Row("nop", "90"), Row("endbr64", "F3 0F 1E FA"), Row("endbr32", "F3 0F 1E FB"),
    ] + (0..<8).map { Row("nop r/mv", "NFx 0F 1F /\($0)") }
    + ["19", "1C", "1D", "1E"].map { Row("nop r/mv, rv", "NFx 0F \($0) /r") }
    + (4..<8).map { Row("nop r/mv", "NFx 0F 18 /\($0)") }
    + (0..<4).map { Row("nop r/mv", "NFx 0F 18 /\($0) 11:rrr:bbb") }

  private static let hint = Family(
    title: "PAUSE, PREFETCH, fences: no effect on one processor's sequence of accesses",
    source: "Intel SDM, volume 2, PAUSE, PREFETCHh, PREFETCHW, LFENCE, SFENCE, MFENCE", tier: "T2"
  ) { _, _ in }

  // swift-format-ignore
  private static let hintRows: [Row] = [
    Row("pause",           "F3 90"),
    Row("prefetchnta m8",  "NFx 0F 18 /0",  "SSE"),
    Row("prefetcht0 m8",   "NFx 0F 18 /1",  "SSE"),
    Row("prefetcht1 m8",   "NFx 0F 18 /2",  "SSE"),
    Row("prefetcht2 m8",   "NFx 0F 18 /3",  "SSE"),
    Row("prefetch m8",     "NFx 0F 0D /0",  "PREFETCHW"),
    Row("prefetchw m8",    "NFx 0F 0D /1",  "PREFETCHW"),
  ]

  /// The processor ignores the rm field of their ModRM byte.
  private static let fenceRows: [Row] = [
    ("lfence", 0xE8, "SSE2"), ("mfence", 0xF0, "SSE2"), ("sfence", 0xF8, "SSE"),
  ].flatMap { (name, first, feature) in
    (first..<first + 8).map { Row(name, "NP 0F AE \(hex($0))", feature) }
  }

  private static func trap(_ title: String, _ fault: Fault) -> Family {
    Family(title: title, source: "Intel SDM, volume 2", tier: "T1", flow: .trap) {
      _, state in state.raise(fault, when: state.terms.true)
    }
  }
}
