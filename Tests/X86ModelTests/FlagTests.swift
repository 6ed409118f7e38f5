import MachineModel
import Terms
import Testing
import X86Model

/// Memory of which every load is unknown, with the conditions and values of all accesses.
struct UnknownMemory: Memory {
  private(set) var uses: [Term] = []

  mutating func load(
    _ address: Term, byteCount: Int, when condition: Term, in terms: TermManager
  ) -> Term {
    uses.append(condition)
    return terms.fresh("load", .bitVector(byteCount * 8), origin: .input)
  }

  mutating func store(
    _ address: Term, _ value: Term, when condition: Term, in terms: TermManager
  ) {
    uses += [condition, value]
  }
}

/// A state of variables named after the cells.
func freshState(_ terms: TermManager, after instruction: Instruction) -> MachineState {
  MachineState(
    terms: terms,
    cells: X86().registerFile.entries.map { terms.variable($0.name, $0.sort) },
    memory: UnknownMemory(), nextInstruction: terms.constant(instruction.end, width: 64))
}

/// The flags a family declares are the flags that its closure touches.
@Suite struct FlagTests {
  static let families: [String: [Form]] = Dictionary(grouping: X86().forms) {
    $0.family.title
  }

  @Test(arguments: families.keys.sorted())
  func declaredFlagsAreTouchedFlags(title: String) throws {
    let forms = try #require(Self.families[title])
    var (reads, writes, undefined) = (Set<String>(), Set<String>(), Set<String>())
    for form in forms {
      var random: any RandomNumberGenerator = SplitMix64(seed: UInt64(form.index))
      for _ in 0..<40 {
        let instruction = X86().randomInstruction(of: form, at: 0, using: &random)
        touch(instruction, &reads, &writes, &undefined)
      }
    }
    let flags = forms[0].family.flags
    #expect(reads == Set(flags.reads.map(\.name)), "reads")
    #expect(writes == Set(flags.writes.map(\.name)), "writes")
    #expect(undefined == Set(flags.undefined.map(\.name)), "undefined")
  }

  private func touch(
    _ instruction: Instruction, _ reads: inout Set<String>, _ writes: inout Set<String>,
    _ undefined: inout Set<String>
  ) {
    let terms = TermManager()
    let before = freshState(terms, after: instruction)
    var after = before
    instruction.form.family.execute(instruction, &after)
    let entries = X86().registerFile.entries
    var roots = [after.nextInstruction] + after.faults.map(\.condition)
    roots += (after.memory as? UnknownMemory)?.uses ?? []
    for (index, entry) in entries.enumerated() where before.cells[index] != after.cells[index] {
      let support = terms.freeVariables(of: [after.cells[index]])
      guard entry.sort == .bool else {
        roots.append(after.cells[index])
        continue
      }
      let unknown = support.filter { terms.variable($0)?.isUndefined ?? false }
      if !unknown.isEmpty { undefined.insert(entry.name) }
      let kept = Set(unknown + [before.cells[index]])
      if !leaves(after.cells[index], terms).isSubset(of: kept) { writes.insert(entry.name) }
      // A flag kept under some condition is not read; one that goes elsewhere is.
      for variable in support where variable != before.cells[index] {
        note(variable, terms, &reads)
      }
    }
    for variable in terms.freeVariables(of: roots) { note(variable, terms, &reads) }
    note(before, after, instruction, terms, &reads)
  }

  /// What a term chooses between.
  private func leaves(_ term: Term, _ terms: TermManager) -> Set<Term> {
    guard terms.operation(term) == .ifThenElse else { return [term] }
    return terms.children(term).dropFirst().reduce(into: []) {
      $0.formUnion(leaves($1, terms))
    }
  }

  /// A flag that its own new value depends on other than by being kept.
  private func note(
    _ before: MachineState, _ after: MachineState, _ instruction: Instruction,
    _ terms: TermManager, _ reads: inout Set<String>
  ) {
    for flag in instruction.form.family.flags.reads
    where terms.freeVariables(of: [after[flag]]).contains(before[flag])
      && before[flag] != after[flag]
    {
      reads.insert(flag.name)
    }
  }

  private func note(_ variable: Term, _ terms: TermManager, _ reads: inout Set<String>) {
    guard let name = terms.variable(variable)?.name, X86().flag(named: name) != nil else {
      return
    }
    reads.insert(name)
  }
}

/// Conditions after comparisons and tests fold to the comparison itself.
@Suite struct FoldingTests {
  private func branch(_ lines: [String]) throws -> (Term, TermManager, MachineState) {
    let terms = TermManager()
    var state: MachineState?
    var address: UInt64 = 0
    var initial: MachineState?
    for line in lines {
      let instruction = try X86().parse(line, at: address, labels: ["t": 0x40])
      var next = state ?? freshState(terms, after: instruction)
      if initial == nil { initial = next }
      next.nextInstruction = terms.constant(instruction.end, width: 64)
      instruction.form.family.execute(instruction, &next)
      state = next
      address = instruction.end
    }
    let before = try #require(initial)
    return (try #require(state).nextInstruction, terms, before)
  }

  @Test(arguments: ["jl", "jb", "je", "jle", "jbe", "jge", "ja"])
  func comparisonsFold(jump: String) throws {
    let (target, terms, before) = try branch(["cmp edi, esi", "\(jump) t"])
    let a = terms.extract(before.cells[7], 31, 0)
    let b = terms.extract(before.cells[6], 31, 0)
    let condition: Term =
      switch jump {
      case "jl": terms.signedLess(a, b)
      case "jb": terms.unsignedLess(a, b)
      case "je": terms.equal(a, b)
      case "jle": terms.or(terms.equal(a, b), terms.signedLess(a, b))
      case "jbe": terms.or(terms.unsignedLess(a, b), terms.equal(a, b))
      case "jge": terms.not(terms.signedLess(a, b))
      default: terms.not(terms.or(terms.unsignedLess(a, b), terms.equal(a, b)))
      }
    let taken = terms.ifThenElse(
      condition, terms.constant(0x40, width: 64), terms.constant(4, width: 64))
    #expect(target == taken, "\(jump)")
  }

  @Test func testAndSignFold() throws {
    let (target, terms, before) = try branch(["test rdi, rdi", "js t"])
    let taken = terms.ifThenElse(
      terms.isNegative(before.cells[7]), terms.constant(0x40, width: 64),
      terms.constant(5, width: 64))
    #expect(target == taken)
  }

  @Test func wideAdditionIsOneCarry() throws {
    let (target, terms, before) = try branch(["add rax, rdi", "adc rdx, 0", "jc t"])
    let carry = terms.unsignedLess(
      terms.add(before.cells[0], before.cells[7]), before.cells[0])
    let sum = terms.add(before.cells[2], terms.bits(carry, width: 64))
    let expected = terms.or(
      terms.unsignedLess(sum, before.cells[2]),
      terms.and(carry, terms.equal(sum, before.cells[2])))
    let taken = terms.ifThenElse(
      expected, terms.constant(0x40, width: 64), terms.constant(9, width: 64))
    #expect(target == taken)
  }
}
