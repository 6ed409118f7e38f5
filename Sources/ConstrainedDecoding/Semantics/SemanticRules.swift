import MachineModel

/// What a constraint asks of the machine's state, over the cells of an architecture.
struct SemanticRules: Sendable {
  /// A buffer's length and whether it may be written; the length is nil where it is not known.
  struct Buffer: Sendable {
    let name: String
    let byteCount: Int64?
    let isWritable: Bool
  }

  let readsDefined: Bool
  let keepsMemory: Bool
  let addresses: DecodingConstraint.Addresses
  let balancesStack: Bool
  let restoresCalleeSaved: Bool
  let branches: DecodingConstraint.Branches
  let endsInReturn: Bool

  let convention: CallingConvention
  let instructionAlignment: Int
  let file: RegisterFile
  let parts: RegisterParts
  let stackPointer: Int
  /// 64-bit registers that have to hold at the return what they held at entry.
  let kept: [Int]
  /// By cell: whether the end of the code depends on what it holds.
  let isFollowed: [Bool]
  /// Parts that are never to change.
  let frozen: PartSet
  let results: [Register]
  let resultParts: PartSet
  let buffers: [Buffer]
  let stackArguments: Range<Int64>
  let maximumFrame: Int64
  let entry: Knowledge

  /// Nil if the constraint asks nothing of the machine's state.
  init?(
    _ constraint: DecodingConstraint, _ architecture: any Architecture
  ) throws(DecoderError) {
    guard constraint.isSemantic else { return nil }
    readsDefined = constraint.onlyDefinedReads
    keepsMemory = constraint.onlyContractMemory
    addresses = constraint.addresses
    // Where the return address is on the stack, a return reads memory: it may read that place only.
    balancesStack =
      constraint.balancesStack
      || constraint.onlyContractMemory && constraint.endsInReturn
        && architecture.convention.returnAddress == .stack
    restoresCalleeSaved = constraint.restoresCalleeSaved
    branches = constraint.branches
    endsInReturn = constraint.endsInReturn
    convention = architecture.convention
    instructionAlignment = architecture.instructionAlignment
    file = architecture.registerFile
    parts = RegisterParts(file)
    stackPointer = convention.stackPointer.cell?.index ?? 0
    try SemanticRules.checkSizes(constraint)
    let kept = try KeptRegisters(constraint, architecture, parts)
    self.kept = kept.cells
    isFollowed = file.entries.indices.map { [stackPointer] in
      $0 == stackPointer || kept.cells.contains($0)
    }
    frozen = kept.frozen
    results = try constraint.results.map { (bits) throws(DecoderError) in
      try bits.register(architecture)
    }
    resultParts = results.reduce(into: PartSet()) { [parts] in $0.formUnion(parts.parts(of: $1)) }
    buffers = constraint.buffers.map {
      Buffer(name: $0.name, byteCount: $0.byteCount.map(Int64.init), isWritable: $0.isWritable)
    }
    let first = convention.firstStackArgument
    stackArguments = first..<first + Int64(constraint.stackArgumentBytes)
    maximumFrame = Int64(constraint.maximumFrame)
    entry = try EntryKnowledge(constraint, architecture, parts, kept.cells).knowledge
  }

  /// Sizes beyond these are refused: the verifier gives code 64 KiB of stack.
  private static func checkSizes(_ constraint: DecodingConstraint) throws(DecoderError) {
    let range = 0...65_536
    guard range.contains(constraint.maximumFrame) else {
      throw DecoderError("a frame of \(constraint.maximumFrame) bytes: at most 65536")
    }
    guard range.contains(constraint.stackArgumentBytes) else {
      throw DecoderError("\(constraint.stackArgumentBytes) bytes of arguments on the stack")
    }
    guard constraint.buffers.count <= 1024 else {
      throw DecoderError("\(constraint.buffers.count) buffers: at most 1024")
    }
  }
}

/// What the code has to leave as it found it.
private struct KeptRegisters {
  /// 64-bit registers, which may be put aside and taken back.
  private(set) var cells: [Int] = []
  /// Flags and vector registers: they are not followed, so that they may not change.
  private(set) var frozen = PartSet()

  init(
    _ constraint: DecodingConstraint, _ architecture: any Architecture, _ parts: RegisterParts
  ) throws(DecoderError) {
    let convention = architecture.convention
    if constraint.restoresCalleeSaved {
      if let names = constraint.mayChange {
        try keepAll(but: names, constraint.flagsMayChange, architecture, parts)
      } else {
        for register in convention.calleeSaved { keep(register, architecture, parts) }
      }
      for flag in convention.fixedFlags.keys { frozen.formUnion(parts.all(of: flag.cell.index)) }
    }
    if constraint.endsInReturn, constraint.balancesStack || constraint.restoresCalleeSaved,
      case .register(let link) = convention.returnAddress, let cell = link.cell?.index,
      !cells.contains(cell)
    {
      cells.append(cell)
    }
  }

  private mutating func keep(
    _ register: Register, _ architecture: any Architecture, _ parts: RegisterParts
  ) {
    guard let cell = register.cell else { return }
    if architecture.registerFile[cell].sort == .bitVector(64) {
      cells.append(cell.index)
    } else {
      frozen.formUnion(parts.parts(of: register))
    }
  }

  private mutating func keepAll(
    but names: [String], _ flagsMayChange: Bool, _ architecture: any Architecture,
    _ parts: RegisterParts
  ) throws(DecoderError) {
    var changeable: Set<Cell> = []
    for name in names {
      guard let cell = architecture.register(named: name)?.cell else {
        throw DecoderError("\(architecture.name) has no register '\(name)'")
      }
      changeable.insert(cell)
    }
    let file = architecture.registerFile
    for cell in file.cells where !changeable.contains(cell) {
      if cell == architecture.convention.stackPointer.cell { continue }
      switch file[cell].sort {
      case .bool: if !flagsMayChange { frozen.formUnion(parts.all(of: cell.index)) }
      case .bitVector(64): cells.append(cell.index)
      default: frozen.formUnion(parts.all(of: cell.index))
      }
    }
  }
}

/// What is known at entry.
private struct EntryKnowledge {
  private(set) var knowledge: Knowledge

  init(
    _ constraint: DecodingConstraint, _ architecture: any Architecture, _ parts: RegisterParts,
    _ kept: [Int]
  ) throws(DecoderError) {
    let convention = architecture.convention
    let count = architecture.registerFile.entries.count
    knowledge = Knowledge(
      defined: PartSet(), values: [KnownValue](repeating: .unknown, count: count),
      frame: FrameContents())
    for cell in kept { knowledge.values[cell] = KnownValue(.entry, cell) }
    define(parts.parts(of: convention.stackPointer))
    if let cell = convention.stackPointer.cell {
      knowledge.values[cell.index] = KnownValue(.stack)
    }
    for flag in convention.fixedFlags.keys { define(parts.all(of: flag.cell.index)) }
    for bits in constraint.definedAtEntry {
      define(parts.covered(by: try bits.register(architecture)))
    }
    for place in constraint.stackArguments {
      knowledge.frame.store(try EntryKnowledge.piece(place.offset, place.byteCount))
    }
    for (index, buffer) in constraint.buffers.enumerated() {
      try place(buffer, KnownValue(.buffer, index), architecture, parts)
    }
  }

  private mutating func define(_ new: PartSet) { knowledge.defined.formUnion(new) }

  private mutating func place(
    _ buffer: DecodingConstraint.Buffer, _ value: KnownValue, _ architecture: any Architecture,
    _ parts: RegisterParts
  ) throws(DecoderError) {
    if let name = buffer.register {
      let register = try DecodingConstraint.RegisterBits(name, 64).register(architecture)
      define(parts.parts(of: register))
      if let cell = register.cell { knowledge.values[cell.index] = value }
    } else if let offset = buffer.stackOffset {
      var piece = try EntryKnowledge.piece(offset, 8)
      piece.value = value
      knowledge.frame.store(piece)
    } else {
      throw DecoderError("buffer \(buffer.name): a register or a place on the stack was expected")
    }
  }

  private static func piece(
    _ offset: Int, _ byteCount: Int
  ) throws(DecoderError) -> FrameContents.Piece {
    guard (0...65_536).contains(offset), (1...64).contains(byteCount) else {
      throw DecoderError("\(byteCount) bytes at \(offset) on the stack at entry")
    }
    return FrameContents.Piece(offset: Int32(offset), byteCount: Int32(byteCount))
  }
}

extension DecodingConstraint.RegisterBits {
  /// The low bits of a register of the architecture.
  func register(_ architecture: any Architecture) throws(DecoderError) -> Register {
    guard let found = architecture.register(named: register), let cell = found.cell else {
      throw DecoderError("\(architecture.name) has no register '\(register)'")
    }
    let limit = architecture.registerFile[cell].sort.width
    guard width > 0, width % 8 == 0, width <= limit - found.low else {
      throw DecoderError("\(width) bits of register '\(register)'")
    }
    return Register(register, cell, low: found.low, width: width, upper: found.upper)
  }
}
