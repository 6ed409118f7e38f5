import Contracts
import MachineModel
import Terms

/// Collects the registers and the stack of a machine at entry.
struct EntryBuilder {
  let inputs: Inputs
  let terms: TermManager
  let convention: CallingConvention
  let layout: Layout
  let prefix: String
  var cells: [Term] = []
  private var arguments: [Region.Chunk] = []

  init(
    _ inputs: Inputs, _ architecture: any Architecture, _ layout: Layout, prefix: String
  ) {
    self.inputs = inputs
    terms = inputs.terms
    convention = architecture.convention
    self.layout = layout
    self.prefix = prefix
    for entry in architecture.registerFile.entries {
      let isStackPointer = entry.name == architecture.convention.stackPointer.name
      cells.append(
        terms.variable(
          prefix + entry.name, entry.sort,
          origin: isStackPointer ? .input : .undefined("\(entry.name) at entry")))
    }
    for (flag, value) in convention.fixedFlags { cells[flag.cell.index] = terms.bool(value) }
    for (parameter, location) in zip(inputs.contract.parameters, layout.arguments) {
      put(parameter, location)
    }
  }

  func value(of register: Register) -> Term {
    register.cell.map { cells[$0.index] } ?? terms.constant(0, width: register.width)
  }

  /// Sets a register's bits and leaves the rest of its cell as it is.
  mutating func set(_ register: Register, to value: Term) {
    guard let cell = register.cell else { return }
    let old = cells[cell.index]
    let (low, top, width) = (register.low, register.low + register.width, terms.width(old))
    var parts = [value]
    if top < width { parts.insert(terms.extract(old, width - 1, top), at: 0) }
    if low > 0 { parts.append(terms.extract(old, low - 1, 0)) }
    cells[cell.index] = terms.concat(parts)
  }

  private mutating func put(_ parameter: Parameter, _ location: ValueLocation) {
    let name = parameter.buffer == nil ? parameter.name : parameter.name + ".addr"
    guard let value = inputs.environment[name] else {
      preconditionFailure("parameter \(name) has no term")
    }
    switch location {
    case .register(let register): set(register, to: value)
    case .registerPair(let low, let high):
      set(low, to: terms.extract(value, 63, 0))
      set(high, to: terms.extract(value, 127, 64))
    case .stack(let offset, let byteCount):
      arguments.append(
        Region.Chunk(offset: offset, byteCount: Int64(byteCount), value: value))
    }
  }

  /// The stack: the code's own frame, the return address, the arguments.
  func stack(_ stackPointer: Term, _ returnAddress: Term?) -> Region {
    var windows: [Region.Window] = []
    var chunks = arguments
    func window(_ offset: Int64, _ count: Int64, _ isWritable: Bool) {
      guard count > 0 else { return }
      windows.append(
        Region.Window(
          name: "stack", offset: offset, length: terms.constant(UInt64(count), width: 64),
          limit: count, isWritable: isWritable))
    }
    if let returnAddress {
      window(-EntryState.stackLimit, EntryState.stackLimit, true)
      if convention.returnAddress == .stack {
        window(0, 8, false)
        chunks.append(Region.Chunk(offset: 0, byteCount: 8, value: returnAddress))
      }
      window(convention.firstStackArgument, layout.stackArgumentBytes, true)
    }
    let prefix = prefix
    return Region(
      name: "stack", kind: .stack, base: stackPointer, windows: windows,
      initial: Contents(chunks: chunks) { terms, offset in
        terms.variable(
          "\(prefix)stack[\(offset)]", width: 64, origin: .undefined("uninitialised stack"))
      })
  }

  /// The stack is aligned, does not wrap around, and holds no buffer.
  func stackAssumptions(_ stackPointer: Term) -> [Term] {
    let limit = EntryState.stackLimit
    let isFunction = layout.clobbers == nil
    let above = isFunction ? convention.firstStackArgument + layout.stackArgumentBytes : 0
    let lowest = terms.subtract(stackPointer, terms.constant(UInt64(limit), width: 64))
    let size = terms.constant(UInt64(limit + above), width: 64)
    var result = [terms.unsignedLess(terms.constant(UInt64(limit), width: 64), stackPointer)]
    if isFunction {
      let remainder = terms.constant(convention.stackRemainder, width: 4)
      result.append(terms.equal(terms.extract(stackPointer, 3, 0), remainder))
    }
    if above > 0 {
      let end = terms.constant(signed: -above, width: 64)
      result.append(terms.unsignedLess(stackPointer, end))
    }
    for buffer in inputs.buffers {
      result.append(inputs.isDisjoint(buffer.address, buffer.byteCount, lowest, size))
    }
    return result
  }
}
