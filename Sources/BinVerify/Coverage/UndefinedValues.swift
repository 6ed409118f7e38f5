import MachineModel
import Terms

/// What the forms of a family leave undefined, by the manual: what tests cannot compare and proofs
/// hold for every value of.
struct UndefinedValues {
  let flags: [String]
  /// Other values, in words.
  let values: [String]

  var isEmpty: Bool { flags.isEmpty && values.isEmpty }

  /// Looks at some random instructions of each of `forms`.
  init(_ family: Family, _ forms: [Form], _ architecture: any Architecture) {
    flags = family.flags.undefined.sorted { $0.cell.index < $1.cell.index }.map(\.name)
    var reasons: Set<String> = []
    for form in forms {
      var random: any RandomNumberGenerator = SplitMix64(seed: UInt64(form.index))
      for _ in 0..<4 {
        let instruction = architecture.randomInstruction(
          of: form, at: 0x40_0000, using: &random)
        reasons.formUnion(UndefinedValues.reasons(instruction, architecture))
      }
    }
    let ofFlags = Set(
      forms.flatMap { form in
        architecture.registerFile.entries.filter { $0.sort == .bool }.map {
          "\($0.name) after \(form.mnemonic)"
        }
      })
    values = reasons.subtracting(ofFlags).sorted()
  }

  /// The reasons of the undefined values that an instruction makes.
  private static func reasons(
    _ instruction: Instruction, _ architecture: any Architecture
  ) -> Set<String> {
    let terms = TermManager()
    let before = architecture.registerFile.entries.map { terms.variable($0.name, $0.sort) }
    var state = MachineState(
      terms: terms, cells: before, memory: UnknownMemory(),
      nextInstruction: terms.constant(instruction.end, width: 64))
    instruction.form.family.execute(instruction, &state)
    let stored = (state.memory as? UnknownMemory)?.stored ?? []
    let roots = state.cells + [state.nextInstruction] + stored
    var result: Set<String> = []
    for variable in terms.freeVariables(of: roots) {
      if case .undefined(let reason) = terms.variable(variable)?.origin { result.insert(reason) }
    }
    return result
  }

  /// A memory in which every load is a variable of its own.
  private struct UnknownMemory: Memory {
    var stored: [Term] = []

    mutating func load(
      _ address: Term, byteCount: Int, when condition: Term, in terms: TermManager
    ) -> Term {
      terms.fresh("loaded", .bitVector(byteCount * 8), origin: .input)
    }

    mutating func store(
      _ address: Term, _ value: Term, when condition: Term, in terms: TermManager
    ) {
      stored += [address, value]
    }
  }

}
