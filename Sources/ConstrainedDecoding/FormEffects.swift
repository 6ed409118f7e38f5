import MachineModel
import Terms

/// What the instructions of a form do besides what their operands name, found by running the form's own
/// closure on unknown values.
struct FormEffects: Sendable {
  private(set) var stores = false
  private(set) var loads = false
  /// Cells read or written that no operand names, flags not included.
  private(set) var implied: Set<Cell> = []
  /// Those of them that are written.
  private(set) var impliedWrites: Set<Cell> = []
  /// Whether nothing that they do depends on a register, a flag or memory.
  private(set) var isConstant = true

  /// - Parameter samples: instructions of the form, alike in whether an operand is in memory.
  init(_ samples: [Instruction], _ file: RegisterFile) {
    for sample in samples { add(sample, file) }
  }

  /// Says whether anything depends on something, as more samples showed.
  mutating func confirm(isConstant: Bool) { self.isConstant = isConstant }

  private mutating func add(_ instruction: Instruction, _ file: RegisterFile) {
    let terms = TermManager()
    let before = file.entries.map { terms.variable($0.name, $0.sort) }
    var after = MachineState(
      terms: terms, cells: before, memory: AccessRecord(),
      nextInstruction: terms.constant(instruction.end, width: 64))
    instruction.form.family.execute(instruction, &after)
    let record = after.memory as? AccessRecord
    stores = stores || record?.stores ?? true
    loads = loads || record?.loads ?? true
    var named: Set<Cell> = []
    for operand in instruction.operands {
      for register in operand.registers { register.cell.map { _ = named.insert($0) } }
    }
    let changed = file.cells.filter { before[$0.index] != after.cells[$0.index] }
    var roots = changed.map { after.cells[$0.index] } + [after.nextInstruction]
    roots += after.faults.map(\.condition) + (record?.terms ?? [])
    let read = Set(terms.freeVariables(of: roots))
    isConstant = isConstant && read.isEmpty && record?.loads == false
    let isRegister: (Cell) -> Bool = { file[$0].sort != .bool && !named.contains($0) }
    let written = changed.filter(isRegister)
    impliedWrites.formUnion(written)
    implied.formUnion(written)
    implied.formUnion(file.cells.filter { isRegister($0) && read.contains(before[$0.index]) })
  }
}

/// Memory that only notes whether and with what it is accessed.
private struct AccessRecord: Memory {
  var loads = false
  var stores = false
  var terms: [Term] = []

  mutating func load(
    _ address: Term, byteCount: Int, when condition: Term, in terms: TermManager
  ) -> Term {
    loads = true
    self.terms += [address, condition]
    return terms.fresh("load", .bitVector(byteCount * 8), origin: .input)
  }

  mutating func store(
    _ address: Term, _ value: Term, when condition: Term, in terms: TermManager
  ) {
    stores = true
    self.terms += [address, value, condition]
  }
}

/// The effects of all forms of an architecture, with an operand in memory and without.
struct EffectTable: Sendable {
  private var effects: [[FormEffects?]]

  init(_ architecture: any Architecture) {
    let file = architecture.registerFile
    effects = architecture.forms.map { form in
      var random: any RandomNumberGenerator = SplitMix64(seed: UInt64(form.index))
      var samples: [[Instruction]] = [[], []]
      for _ in 0..<12 {
        let instruction = architecture.randomInstruction(of: form, at: 0, using: &random)
        let hasMemory = instruction.operands.contains {
          if case .memory = $0 { true } else { false }
        }
        if samples[hasMemory ? 1 : 0].count < 2 { samples[hasMemory ? 1 : 0].append(instruction) }
      }
      return samples.map { some in
        guard !some.isEmpty else { return nil }
        var effects = FormEffects(some, file)
        // Two samples may be the few of an immediate that makes nothing of a register.
        effects.confirm(
          isConstant: effects.isConstant && form.family.flags.reads.isEmpty
            && (0..<EffectTable.constantSamples).allSatisfy { _ in
              let sample = architecture.randomInstruction(of: form, at: 0, using: &random)
              return FormEffects([sample], file).isConstant
            })
        return effects
      }
    }
  }

  /// As many instructions of a form have to depend on nothing before it is said that none does.
  private static let constantSamples = 64

  /// The effects of a form; nil where no such instruction was found.
  func of(_ form: Form, hasMemory: Bool) -> FormEffects? {
    effects[form.index][hasMemory ? 1 : 0]
  }
}
