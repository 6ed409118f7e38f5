import MachineModel

/// The registers of an instruction replaced by others, the same for the same, so that one run of a closure
/// stands for all that differ in registers only.
struct RegisterNaming {
  /// Cells that may stand for each other.
  struct Pool {
    let members: Range<Int>
    /// The stack pointer may be among the members, but no other may stand for it.
    let exception: Int?
    let replacements: [Int]

    func contains(_ cell: Int) -> Bool { members.contains(cell) && cell != exception }
  }

  /// The cells that were replaced, in the order in which they were met, and those in their place.
  private(set) var cells: [Int] = []
  private(set) var replacements: [Int] = []
  private let pools: [Pool]
  private var used: [Int]
  /// Whether there were not too many.
  private(set) var isComplete = true

  init(_ pools: [Pool]) {
    self.pools = pools
    used = [Int](repeating: 0, count: pools.count)
  }

  mutating func replace(_ register: Register) -> Register {
    guard let cell = register.cell?.index,
      let pool = pools.firstIndex(where: { $0.contains(cell) })
    else { return register }
    var replacement = cells.firstIndex(of: cell).map { replacements[$0] }
    if replacement == nil {
      guard used[pool] < pools[pool].replacements.count else {
        isComplete = false
        return register
      }
      replacement = pools[pool].replacements[used[pool]]
      used[pool] += 1
      cells.append(cell)
      replacements.append(replacement ?? cell)
    }
    // Of the name only the arrangement of lanes counts.
    let name = register.name
    return Register(
      name.firstIndex(of: ".").map { String(name[$0...]) } ?? "", Cell(replacement ?? cell),
      low: register.low, width: register.width, upper: register.upper)
  }

  mutating func replace(_ operand: Operand) -> Operand {
    switch operand {
    case .register(let register): return .register(replace(register))
    case .modified(let register, let modifier, let amount):
      return .modified(replace(register), modifier, amount: amount)
    case .memory(var memory):
      if let base = memory.base { memory.base = replace(base) }
      if let index = memory.index { memory.index = replace(index) }
      return .memory(memory)
    case .immediate, .target, .code: return operand
    }
  }

  mutating func replace(_ instruction: Instruction) -> Instruction {
    let operands = instruction.operands.map { replace($0) }
    return Instruction(
      form: instruction.form, operands: operands, address: instruction.address,
      length: instruction.length)
  }
}

extension InstructionEffect {
  /// The effect with cells in the place of others, which are as wide.
  func renamed(_ old: [Int], _ new: [Int], _ parts: RegisterParts) -> InstructionEffect {
    func cell(_ cell: Int) -> Int { old.firstIndex(of: cell).map { new[$0] } ?? cell }
    func source(_ source: Source) -> Source {
      switch source {
      case .sum(let from, let constant): .sum(cell: cell(from), constant)
      case .open(let from, let constant): .open(cell: cell(from), constant)
      case .openImmediate(let from, let constant): .openImmediate(cell: cell(from), constant)
      case .unknown, .load: source
      }
    }
    func set(_ set: PartSet) -> PartSet {
      var result = set
      for cell in old { result.subtract(parts.all(of: cell)) }
      for (from, to) in zip(old, new) {
        for (part, other) in zip(parts.ranges[from], parts.ranges[to]) where set.contains(part) {
          result.insert(other)
        }
      }
      return result
    }
    var result = self
    result.reads = set(reads)
    result.defines = set(defines)
    result.undefines = set(undefines)
    result.sources = sources.map { CellSource(cell: cell($0.cell), source: source($0.source)) }
      .sorted { $0.cell < $1.cell }
    for index in accesses.indices {
      result.accesses[index].base = accesses[index].base.map(cell)
      result.accesses[index].copied = accesses[index].copied.map(cell)
    }
    return result
  }

  /// The cells that it is about.
  func cells(_ parts: RegisterParts) -> Set<Int> {
    var result: Set<Int> = []
    for cell in parts.ranges.indices {
      let all = parts.all(of: cell)
      if reads.intersects(all) || changes.intersects(all) { result.insert(cell) }
    }
    for change in sources {
      result.insert(change.cell)
      switch change.source {
      case .sum(let cell, _), .open(let cell, _), .openImmediate(let cell, _): result.insert(cell)
      case .unknown, .load: break
      }
    }
    for access in accesses { result.formUnion([access.base, access.copied].compactMap { $0 }) }
    return result
  }
}
