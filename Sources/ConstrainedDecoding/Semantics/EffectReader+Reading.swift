import MachineModel
import Terms

extension EffectReader {
  /// One instruction's terms.
  struct Reading {
    let reader: EffectReader
    let log: AccessLog
    var effect: InstructionEffect
    private var isFlag = false
    private var sawUndefined = false
    private var terms: TermManager { reader.terms }

    init(_ reader: EffectReader, _ effect: InstructionEffect, _ log: AccessLog) {
      self.reader = reader
      self.effect = effect
      self.log = log
      reader.seen.removeAll()
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
        case .derived(let cells): access.derived = cells
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
      var cells = CellList()
      var isWhole = true
      var constant: Int64 = 0
      var (isOpen, isOpenImmediate, isSubtracted) = (false, false, false)
      var parts = [term]
      while let part = parts.popLast() {
        if let found = reader.cellOfVariable[part], cells.count < CellList.capacity {
          cells.append(found)
        } else if part == reader.displacement, !isOpen {
          isOpen = true
        } else if part == reader.immediate, !isOpenImmediate {
          isOpenImmediate = true
        } else if part == reader.negatedImmediate, !isOpenImmediate {
          (isOpenImmediate, isSubtracted) = (true, true)
        } else if let small = terms.small(part) {
          constant &+= Int64(bitPattern: small)
        } else if terms.operation(part) == .add {
          parts += terms.children(part)
        } else {
          isWhole = false
        }
      }
      if cells.isEmpty { return .unknown }
      guard isWhole, cells.count == 1, !(isOpen && isOpenImmediate) else {
        return .derived(cells.sorted)
      }
      if isOpenImmediate {
        return .openImmediate(cell: cells[0], constant, isSubtracted: isSubtracted)
      }
      return isOpen ? .open(cell: cells[0], constant) : .sum(cell: cells[0], constant)
    }

    // MARK: What terms depend on

    /// Adds the parts that a term depends on to what is read.
    private mutating func collect(_ root: Term) {
      var stack = [root]
      while let term = stack.popLast() {
        guard isFlag ? reader.seenOfFlag.insert(term) : reader.seen.insert(term) else { continue }
        switch terms.operation(term) {
        case .constant: break
        case .variable: stack += note(term)
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

    /// Notes what a variable says; what it depends on if it stands for a function's value.
    private mutating func note(_ variable: Term) -> [Term] {
      if let cell = reader.cellOfVariable[variable] {
        effect.reads.formUnion(reader.parts.all(of: cell))
      } else if let load = log.loads[variable] {
        effect.accesses[load].isUsed = true
      } else if terms.variable(variable)?.isUndefined == true {
        sawUndefined = true
      } else if let inputs = terms.inputs(ofSummary: variable) {
        return inputs
      }
      return []
    }

    /// A flag's new value: it is as defined as the flags that it depends on; registers are read.
    private mutating func collect(flag: Int, _ new: Term) {
      let saved = effect.reads
      reader.seenOfFlag.removeAll()
      isFlag = true
      effect.reads = PartSet()
      collect(new)
      let flags = effect.reads.intersection(reader.parts.flags)
      effect.reads.subtract(flags)
      effect.reads.formUnion(saved)
      isFlag = false
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
        if let inputs = terms.inputs(ofSummary: $0) {
          return inputs.contains { isUndefined($0, isAddress: isAddress) }
        }
        return !(isAddress && $0 == reader.place) && terms.variable($0)?.isUndefined == true
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
