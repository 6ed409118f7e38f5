import Contracts
import MachineModel
import Terms

/// A machine about to execute code under a contract: every register, flag and byte of memory that
/// the contract does not fix is a variable of its own.
struct EntryState {
  /// The bytes of stack that the code may use.
  static let stackLimit: Int64 = 1 << 16

  let state: MachineState
  let stackPointer: Term
  /// How that is aligned; nil for a fragment, where it may be anything.
  let stackAlignment: StackAlignment?
  /// What a return goes to; nil for a fragment.
  let returnAddress: Term?
  /// What holds of the machine besides the assumptions on its inputs.
  let assumptions: [Term]
  let defaults: [Term: BitVector]
  let layout: Layout

  /// - Parameter prefix: goes before the names of the machine's own variables.
  init(
    _ inputs: Inputs, _ code: Code, _ architecture: any Architecture, _ layout: Layout,
    prefix: String = "%"
  ) {
    let terms = inputs.terms
    let convention = architecture.convention
    let isFunction = layout.clobbers == nil
    var builder = EntryBuilder(inputs, architecture, layout, prefix: prefix)
    let returnAddress = terms.variable(prefix + "return address", width: 64)
    if case .register(let register) = convention.returnAddress, isFunction {
      builder.set(register, to: returnAddress)
    }
    let stackPointer = builder.value(of: convention.stackPointer)
    let stack = builder.stack(stackPointer, isFunction ? returnAddress : nil)
    let slide = code.slideStep.map { _ in terms.variable(prefix + "code", width: 64) }
    let entries = EntryState.entries(code, terms, prefix)
    var defaults = inputs.defaults
    // Where the file puts the code, or where it can be mapped if that is the lowest page.
    if let slide {
      let lowest = code.segments.map(\.address).min() ?? 0
      defaults[slide] = BitVector(lowest < Code.page ? 0x40_0000 : 0, width: 64)
    }
    for entry in entries { defaults[entry.base] = BitVector(entry.segment.address, width: 64) }
    defaults[stackPointer] = BitVector(0x7FFF_FF00_0000 + convention.stackRemainder, width: 64)
    defaults[returnAddress] = BitVector(0x5000_0000, width: 64)
    self.defaults = defaults
    assumptions =
      builder.stackAssumptions(stackPointer) + EntryState.slideAssumptions(slide, code, terms)
      + entries.flatMap { EntryState.assumptions($0, terms) }
    var state = MachineState(
      terms: terms, cells: builder.cells,
      memory: SymbolicMemory(regions: []), nextInstruction: terms.constant(code.entry, width: 64))
    state.codeSlide = slide
    state.namePrefix = prefix
    state.places = entries.map { MachineState.Place(of: $0.segment, at: $0.base) }
    state.memory = SymbolicMemory(
      regions: inputs.regions + [stack] + EntryState.readOnly(code, state, entries),
      codeSlide: slide, copies: inputs.copies,
      probe: AddressProbe(
        assumptions: inputs.assumptions + assumptions, usual: defaults,
        stackPointer: stackPointer, codeBases: [slide].compactMap { $0 } + entries.map(\.base)))
    self.state = state
    self.stackPointer = stackPointer
    stackAlignment =
      isFunction
      ? StackAlignment(terms: terms, entry: stackPointer, remainder: convention.stackRemainder)
      : nil
    self.returnAddress = isFunction ? returnAddress : nil
    self.layout = layout
  }

  /// A segment with a step of its own, and where it is.
  private typealias Entry = (segment: Segment, base: Term)

  private static func entries(
    _ code: Code, _ terms: TermManager, _ prefix: String
  ) -> [Entry] {
    code.segments.filter { $0.ownStep != nil }.map { segment in
      (segment, terms.variable("\(prefix)entry at \(hex(segment.address))", width: 64))
    }
  }

  /// An entry stands some number of its steps from the address in the file, and does not wrap around
  /// the end of memory. Two may be at one place.
  private static func assumptions(_ entry: Entry, _ terms: TermManager) -> [Term] {
    let size = Swift.max(UInt64(entry.segment.bytes.count), 1)
    return [
      agrees(entry.base, with: entry.segment.address, upTo: entry.segment.ownStep ?? 1, terms),
      terms.unsignedLess(entry.base, terms.negate(terms.constant(size, width: 64))),
    ]
  }

  /// Whether `value`, of 64 bits, is a multiple of `step`, a power of two, from `address`.
  private static func agrees(
    _ value: Term, with address: UInt64, upTo step: UInt64, _ terms: TermManager
  ) -> Term {
    let bits = step.trailingZeroBitCount
    guard bits > 0 else { return terms.true }
    return terms.equal(
      terms.extract(value, bits - 1, 0), terms.constant(address & (step - 1), width: bits))
  }

  /// The code slides by multiples of its step, and does not wrap around the end of memory.
  private static func slideAssumptions(
    _ slide: Term?, _ code: Code, _ terms: TermManager
  ) -> [Term] {
    guard let slide, let step = code.slideStep else { return [] }
    let segments = code.segments.filter { $0.ownStep == nil }
    let lowest = segments.map(\.address).min() ?? 0
    let size = Swift.max((segments.map(\.end).max() ?? 0) &- lowest, 1)
    return [
      agrees(slide, with: 0, upTo: step, terms),
      terms.unsignedLess(
        terms.add(slide, terms.constant(lowest, width: 64)),
        terms.negate(terms.constant(size, width: 64))),
    ]
  }

  /// The segments of the code's own file, which it may read.
  private static func readOnly(
    _ code: Code, _ state: MachineState, _ entries: [Entry]
  ) -> [Region] {
    let bases = Dictionary(uniqueKeysWithValues: entries.map { ($0.segment.address, $0.base) })
    return code.segments.map { segment in
      let limit = Int64(segment.bytes.count)
      return Region(
        name: segment.name, kind: .readOnly, base: bases[segment.address],
        address: segment.address,
        windows: readable(segment, code, state.terms, limit),
        initial: contents(segment, code, state))
    }
  }

  /// What a segment holds: bytes, addresses that move, or nothing known.
  private static func contents(
    _ segment: Segment, _ code: Code, _ state: MachineState
  ) -> Contents {
    guard segment.isKnown else {
      let prefix = state.namePrefix
      return Contents(chunks: []) { terms, offset in
        terms.variable(
          "\(prefix)\(segment.name)[\(offset)]", width: 64, origin: .undefined(segment.name))
      }
    }
    return Contents(
      data: segment.bytes,
      chunks: code.addressWords(in: segment).map {
        Region.Chunk(
          offset: Int64($0.place - segment.address), byteCount: 8,
          value: state.codeAddress($0.address))
      })
  }

  /// The parts of a segment that hold no unresolved reference and no field that linkers fill.
  private static func readable(
    _ segment: Segment, _ code: Code, _ terms: TermManager, _ limit: Int64
  ) -> [Region.Window] {
    var windows: [Region.Window] = []
    var start: Int64 = 0
    func close(at end: Int64) {
      guard end > start else { return }
      windows.append(
        Region.Window(
          name: segment.name, offset: start, length: terms.constant(UInt64(end - start), width: 64),
          limit: end - start, isWritable: false))
    }
    let unknown =
      code.unresolved.map { ($0.address, $0.byteCount) }
      + code.fields(in: segment.address..<segment.end).map { ($0.address, $0.byteCount) }
    for (address, byteCount) in unknown.sorted(by: { $0.0 < $1.0 }) where segment.contains(address)
    {
      let offset = Int64(address - segment.address)
      close(at: offset)
      start = Swift.max(start, offset + Int64(byteCount))
    }
    close(at: limit)
    return windows
  }
}
