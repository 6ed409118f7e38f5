import MachineModel

/// The registers of an instruction replaced by others, the same for the same, so that one run of a closure
/// stands for all that differ in registers only.
struct RegisterNaming {
  /// Cells that may stand for each other.
  struct Pool {
    let members: Range<Int>
    /// The stack pointer may be among the members, but no other may stand for it.
    let exception: Int?
    let replacements: CellList

    func contains(_ cell: Int) -> Bool { members.contains(cell) && cell != exception }
  }

  /// The cells that were replaced, in the order in which they were met, and those in their place.
  private(set) var cells = CellList()
  private(set) var replacements = CellList()
  private let pools: [Pool]
  /// Whether there were not too many.
  private(set) var isComplete = true

  /// - Parameter pools: with at most `CellList.capacity` replacements in all.
  init(_ pools: [Pool]) { self.pools = pools }

  private mutating func replace(_ register: Register) -> Register {
    guard let cell = register.cell?.index else { return register }
    if let known = cells.firstIndex(of: cell) { return register.inPlace(replacements[known]) }
    guard let pool = pools.first(where: { $0.contains(cell) }) else { return register }
    var next = 0
    while next < pool.replacements.count, replacements.contains(pool.replacements[next]) {
      next += 1
    }
    guard next < pool.replacements.count else {
      isComplete = false
      return register
    }
    cells.append(cell)
    replacements.append(pool.replacements[next])
    return register.inPlace(pool.replacements[next])
  }

  mutating func replace(_ operands: Operands) -> Operands {
    operands.replacingRegisters { replace($0) }
  }
}

extension InstructionEffect {
  /// The effect with cells in the place of others, which are as wide.
  func renamed(_ old: CellList, _ new: CellList, _ parts: RegisterParts) -> InstructionEffect {
    func cell(_ cell: Int) -> Int { old.firstIndex(of: cell).map { new[$0] } ?? cell }
    func source(_ source: Source) -> Source {
      switch source {
      case .sum(let from, let constant): .sum(cell: cell(from), constant)
      case .open(let from, let constant): .open(cell: cell(from), constant)
      case .openImmediate(let from, let constant, let isSubtracted):
        .openImmediate(cell: cell(from), constant, isSubtracted: isSubtracted)
      case .derived(let cells): .derived(cells.renamed(cell))
      case .unknown, .load: source
      }
    }
    func set(_ set: PartSet) -> PartSet { RenamedParts(set, old, parts).named(new, parts) }
    var result = self
    result.reads = set(reads)
    result.defines = set(defines)
    result.undefines = set(undefines)
    result.sources = sources.map { CellSource(cell: cell($0.cell), source: source($0.source)) }
      .sorted { $0.cell < $1.cell }
    for index in accesses.indices {
      result.accesses[index].base = accesses[index].base.map(cell)
      result.accesses[index].derived = accesses[index].derived.renamed(cell)
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
      case .sum(let cell, _), .open(let cell, _), .openImmediate(let cell, _, _):
        result.insert(cell)
      case .derived(let cells): result.formUnion((0..<cells.count).map { cells[$0] })
      case .unknown, .load: break
      }
    }
    for access in accesses {
      result.formUnion([access.base, access.copied].compactMap { $0 })
      result.formUnion((0..<access.derived.count).map { access.derived[$0] })
    }
    return result
  }
}
