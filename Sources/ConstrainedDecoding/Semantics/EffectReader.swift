import MachineModel
import Terms

/// Runs instructions' closures on unknown values and reads off what they do.
///
/// A class for its arena of terms; it is used under the lock of `CompiledDecoder`.
final class EffectReader {
  let parts: RegisterParts
  private let file: RegisterFile
  /// Where a return finds the caller's address in a register; `unknown` where it is on the stack.
  private let link: InstructionEffect.Source
  private var terms = TermManager()
  private var before: [Term] = []
  private var cellOfVariable: [Term: Int] = [:]
  /// The displacement and the immediate where they are left open.
  private var displacement: Term
  private var anyImmediate: Term
  /// The immediate of the instruction at hand.
  private var immediate: Term
  /// Where the code stands: nothing that it may depend on.
  private var place: Term

  init(_ architecture: any Architecture) {
    file = architecture.registerFile
    (displacement, anyImmediate, place) = EffectReader.variables(terms)
    immediate = anyImmediate
    link =
      if case .register(let register) = architecture.convention.returnAddress,
        let cell = register.cell
      { .sum(cell: cell.index, 0) } else { .unknown }
    parts = RegisterParts(file)
    begin()
  }

  private func begin() {
    terms = TermManager()
    (displacement, anyImmediate, place) = EffectReader.variables(terms)
    immediate = anyImmediate
    before = file.entries.map { terms.variable($0.name, $0.sort) }
    cellOfVariable = Dictionary(
      uniqueKeysWithValues: before.enumerated().map { ($0.element, $0.offset) })
  }

  private static func variables(_ terms: TermManager) -> (Term, Term, Term) {
    (
      terms.variable("displacement", width: 64), terms.variable("immediate", width: 64),
      terms.variable("place", width: 64, origin: .undefined("where the code stands"))
    )
  }

  /// What an instruction does, wherever it stands.
  ///
  /// - Parameter isOpen: whether to leave the displacement of its memory operand open.
  func effect(of instruction: Instruction, isOpen: Bool = false) -> InstructionEffect {
    run(instruction, isOpen: isOpen).effect
  }

  /// The same with the immediate left open as well; nil if that is not asked for or it is not read as an operand.
  func effect(
    of instruction: Instruction, isOpen: Bool, _ pattern: ImmediatePattern?
  ) -> InstructionEffect? {
    guard let pattern else { return nil }
    let (effect, reads) = run(instruction, isOpen: isOpen, pattern)
    return reads > 0 ? effect : nil
  }

  /// An immediate of which only what a pattern says is known.
  private func immediate(_ pattern: ImmediatePattern) -> Term {
    ImmediatePattern.parts.map { part in
      pattern.value(of: part).map { terms.constant($0, width: part.width) }
        ?? terms.extract(anyImmediate, part.low + part.width - 1, part.low)
    }.reduce(nil) { low, high in low.map { terms.concat(high, $0) } ?? high } ?? anyImmediate
  }

  private func run(
    _ instruction: Instruction, isOpen: Bool, _ pattern: ImmediatePattern? = nil
  ) -> (effect: InstructionEffect, openImmediates: Int) {
    if terms.count > 1 << 18 { begin() }
    var state = MachineState(
      terms: terms, cells: before, memory: AccessLog(),
      nextInstruction: terms.constant(instruction.end, width: 64))
    state.codeSlide = place
    if isOpen { state.displacement = displacement }
    if let pattern {
      immediate = immediate(pattern)
      state.immediate = immediate
    }
    let end = state.nextInstruction
    instruction.form.family.execute(instruction, &state)
    let log = state.memory as? AccessLog ?? AccessLog()
    var reading = Reading(
      self, InstructionEffect(length: instruction.length, flow: instruction.form.family.flow), log)
    reading.registers(before, state.cells)
    reading.memory()
    reading.control(state, end, instruction)
    return (reading.effect, state.openImmediates)
  }

  /// One instruction's terms.
  private struct Reading {
    let reader: EffectReader
    let log: AccessLog
    var effect: InstructionEffect
    private var seen: Set<Term> = []
    private var sawUndefined = false
    private var terms: TermManager { reader.terms }

    init(_ reader: EffectReader, _ effect: InstructionEffect, _ log: AccessLog) {
      self.reader = reader
      self.effect = effect
      self.log = log
      noteAccesses()
    }

    private mutating func noteAccesses() {
      effect.accesses = log.entries.map { entry in
        var access = InstructionEffect.Access(isStore: entry.isStore, byteCount: entry.byteCount)
        access.isConditional = entry.condition != terms.true
        switch source(entry.address) {
        case .sum(let cell, let offset): (access.base, access.offset) = (cell, offset)
        case .open(let cell, let offset):
          (access.base, access.offset, access.isOpen) = (cell, offset, true)
        case .unknown, .load, .openImmediate: break
        }
        if entry.isStore, !access.isConditional {
          access.copied = reader.cellOfVariable[entry.value]
        }
        return access
      }
    }

    // MARK: Registers

    mutating func registers(_ before: [Term], _ after: [Term]) {
      for cell in before.indices where before[cell] != after[cell] {
        change(cell, before[cell], after[cell])
      }
    }

    private mutating func change(_ cell: Int, _ before: Term, _ after: Term) {
      let ranges = reader.parts.ranges[cell]
      let isRegister = !reader.parts.parts[ranges.lowerBound].isFlag
      if isRegister, terms.width(after) == 64 {
        let found = source(after)
        effect.sources.append(InstructionEffect.CellSource(cell: cell, source: found))
        if case .load = found {
          for index in ranges { effect.defines.insert(index) }
          return
        }
      }
      for index in ranges {
        let part = reader.parts.parts[index]
        let new = isRegister ? terms.extract(after, part.high(in: after, terms), part.low) : after
        let old =
          isRegister ? terms.extract(before, part.high(in: before, terms), part.low) : before
        if new == old { continue }
        if isRegister { collect(new) } else { collect(flag: index, new) }
        if sawUndefined, isUndefined(new) {
          effect.undefines.insert(index)
        } else {
          effect.defines.insert(index)
        }
      }
    }

    /// Where a term of 64 bits comes from.
    private func source(_ term: Term) -> InstructionEffect.Source {
      if let load = log.loads[term] { return .load(load) }
      var cell: Int?
      var constant: Int64 = 0
      var (isOpen, isOpenImmediate) = (false, false)
      var parts = [term]
      while let part = parts.popLast() {
        if let found = reader.cellOfVariable[part], cell == nil {
          cell = found
        } else if part == reader.displacement, !isOpen {
          isOpen = true
        } else if part == reader.immediate, !isOpenImmediate {
          isOpenImmediate = true
        } else if let small = terms.small(part) {
          constant &+= Int64(bitPattern: small)
        } else if terms.operation(part) == .add {
          parts += terms.children(part)
        } else {
          return .unknown
        }
      }
      guard let cell, !(isOpen && isOpenImmediate) else { return .unknown }
      if isOpenImmediate { return .openImmediate(cell: cell, constant) }
      return isOpen ? .open(cell: cell, constant) : .sum(cell: cell, constant)
    }

    // MARK: What terms depend on

    /// Adds the parts that a term depends on to what is read.
    private mutating func collect(_ root: Term) {
      var stack = [root]
      while let term = stack.popLast() {
        guard seen.insert(term).inserted else { continue }
        switch terms.operation(term) {
        case .constant: break
        case .variable: note(term)
        case .extract:
          let child = terms.children(term)[0]
          if let cell = reader.cellOfVariable[child], let bounds = terms.bounds(term) {
            effect.reads.formUnion(reader.parts.parts(of: cell, bounds.high, bounds.low))
          } else {
            stack.append(child)
          }
        default: stack += terms.children(term)
        }
      }
    }

    private mutating func note(_ variable: Term) {
      if let cell = reader.cellOfVariable[variable] {
        effect.reads.formUnion(reader.parts.all(of: cell))
      } else if let load = log.loads[variable] {
        effect.accesses[load].isUsed = true
      } else if terms.variable(variable)?.isUndefined == true {
        sawUndefined = true
      }
    }

    /// A flag's new value: it is as defined as the flags that it depends on; registers are read.
    private mutating func collect(flag: Int, _ new: Term) {
      let saved = effect.reads
      let known = seen
      seen = []
      effect.reads = PartSet()
      collect(new)
      let flags = effect.reads.intersection(reader.parts.flags)
      effect.reads.subtract(flags)
      effect.reads.formUnion(saved)
      seen = known
      if !flags.isEmpty {
        effect.propagations.append(InstructionEffect.Propagation(flag: flag, from: flags))
      }
    }

    // MARK: Memory and control

    mutating func memory() {
      for entry in log.entries {
        root(entry.address, isAddress: true)
        root(entry.condition)
      }
      for (index, access) in effect.accesses.enumerated()
      where access.isStore && access.copied == nil {
        root(log.entries[index].value)
      }
    }

    mutating func control(_ state: MachineState, _ end: Term, _ instruction: Instruction) {
      for fault in state.faults { root(fault.condition) }
      let next = state.nextInstruction
      if effect.flow == .return {
        effect.returnSource = source(next)
        // The caller's address is nothing that the code has to have defined.
        if effect.returnSource != reader.link { root(next, isAddress: true) }
      } else {
        root(next, isAddress: true)
        effect.isRepeated = effect.flow == .sequential && next != end
      }
      effect.target = instruction.target.map { Int(Int64(bitPattern: $0 &- instruction.end)) }
    }

    /// Adds what decides where the code goes or what it stores. Where the code stands may be part of an
    /// address, but not of what is stored.
    private mutating func root(_ term: Term, isAddress: Bool = false) {
      collect(term)
      if sawUndefined, isUndefined(term, isAddress: isAddress) { effect.usesUndefined = true }
    }

    private func isUndefined(_ term: Term, isAddress: Bool = false) -> Bool {
      terms.freeVariables(of: [term]).contains {
        !(isAddress && $0 == reader.place) && terms.variable($0)?.isUndefined == true
      }
    }
  }
}

extension RegisterParts.Part {
  /// The highest bit that the part has in a term's cell.
  fileprivate func high(in term: Term, _ terms: TermManager) -> Int {
    Swift.min(high, terms.width(term) - 1)
  }
}
