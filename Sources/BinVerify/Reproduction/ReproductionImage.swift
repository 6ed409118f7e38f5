import Contracts
import MachineModel
import NativeExecution
import Verification

/// Why a counterexample cannot be run or written in some form.
public struct ReproductionError: Error, Sendable, Hashable {
  public let reason: String
}

/// Everything that a real machine needs to run a counterexample: memory and registers.
struct ReproductionImage {
  /// Bytes of stack below the stack pointer.
  private static let stackBytes: UInt64 = 1 << 16
  /// Code that lies lower is moved here: nothing can be mapped at address zero.
  private static let lowestCode: UInt64 = 0x40_0000
  static let pageBytes: UInt64 = 4096

  let code: LoadedCode
  let contract: Contract
  let architecture: any Architecture
  let layout: Layout
  let isa: NativeISA
  /// The memory, without overlaps, in order of the addresses.
  private(set) var regions: [NativeRegion]
  /// The general registers and the flags as `NativeISA` orders them.
  private(set) var general: [UInt64]
  /// The vector registers as `NativeISA` orders them.
  let vectors: [UInt64]
  /// The buffers' addresses, in their order.
  private(set) var bufferAddresses: [UInt64]
  let input: ConcreteInput
  /// How far the code was moved from the addresses that the trace shows.
  let codeShift: UInt64

  var isFragment: Bool { layout.clobbers != nil }
  var entry: UInt64 { code.code.entry &+ codeShift }
  /// Where a fragment ends.
  var end: UInt64 { code.code.extent.upperBound &+ codeShift }

  init(_ code: LoadedCode, _ contract: Contract, _ input: ConcreteInput) throws {
    guard let isa = NativeISA(rawValue: code.isa) else {
      throw ReproductionError(reason: "nothing here runs \(code.isa) code")
    }
    let architecture = try BinVerify.architecture(named: code.isa)
    self.code = code
    self.contract = contract
    self.architecture = architecture
    self.isa = isa
    self.input = input
    layout = try contract.layout(for: architecture)
    let lowest = code.code.segments.map(\.address).min() ?? 0
    let isMappable = lowest &+ input.codeSlide >= ReproductionImage.pageBytes
    codeShift = isMappable ? input.codeSlide : ReproductionImage.lowestCode
    general = ReproductionImage.registers(input, architecture, isa)
    vectors = ReproductionImage.vectors(input, architecture, isa)
    bufferAddresses = input.buffers.map(\.address)
    regions = []
    regions = makeRegions()
  }

  // MARK: Registers

  private static func registers(
    _ input: ConcreteInput, _ architecture: any Architecture, _ isa: NativeISA
  ) -> [UInt64] {
    func cell(_ name: String) -> UInt64 {
      architecture.registerFile.entries.firstIndex { $0.name == name }
        .map { input.cells[$0].low } ?? 0
    }
    let flags = isa.flagBits.reduce(0 as UInt64) { $0 | cell($1.name) << UInt64($1.bit) }
    return isa.registerNames.map(cell) + [flags]
  }

  private static func vectors(
    _ input: ConcreteInput, _ architecture: any Architecture, _ isa: NativeISA
  ) -> [UInt64] {
    let entries = architecture.registerFile.entries
    let places = Dictionary(
      uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
    return isa.vectorSlots.flatMap { name, count -> [UInt64] in
      guard let index = places[name] else { return Array(repeating: 0, count: count) }
      let words = input.cells[index].words
      return (0..<count).map { $0 < words.count ? words[$0] : 0 }
    }
  }

  /// The widest value in a vector register that is passed or returned, in bits; 0 if there is none.
  var vectorWidth: Int {
    (layout.arguments + layout.outputs).reduce(0) { widest, location in
      guard case .register(let register) = location, slot(of: register) != nil else {
        return widest
      }
      return max(widest, register.low + register.width)
    }
  }

  /// The byte offset of a vector register among `vectors`.
  private func slot(of register: Register) -> Int? {
    guard let cell = register.cell else { return nil }
    var offset = 0
    for (name, count) in isa.vectorSlots {
      if name == architecture.registerFile[cell].name { return offset * 8 }
      offset += count
    }
    return nil
  }

  /// The position of a register among `general`.
  func index(of register: Register) -> Int? {
    guard let cell = register.cell else { return nil }
    return isa.registerNames.firstIndex(of: architecture.registerFile[cell].name)
  }

  // MARK: Memory

  private func makeRegions() -> [NativeRegion] {
    var regions = code.code.segments(at: codeShift).map { segment in
      var bytes = segment.bytes
      setTraps(in: &bytes, of: segment)
      if isFragment, segment.contains(code.code.extent.lowerBound) {
        bytes = Array(bytes.prefix(Int(code.code.extent.upperBound - segment.address)))
      }
      return NativeRegion(
        address: segment.address &+ codeShift, bytes: bytes, isExecutable: segment.isExecutable)
    }
    regions += ReproductionImage.merged(
      zip(input.buffers, bufferAddresses).map {
        NativeRegion(address: $1, bytes: $0.bytes, isWritable: !$0.type.isConst)
      })
    if !isFragment { regions.append(stack) }
    return regions.filter { !$0.bytes.isEmpty }.sorted { $0.address < $1.address }
  }

  /// Puts a trap wherever the code calls what ends the program, which is not in its file.
  private func setTraps(in bytes: inout [UInt8], of segment: Segment) {
    for reference in code.code.unresolved
    where reference.cause == .ending && segment.contains(reference.address) {
      var start = Int(reference.address - segment.address)
      if isa == .x86, start > 0, bytes[start - 1] & 0xfe == 0xe8 { start -= 1 }
      let trap: [UInt8] = isa == .x86 ? [0x0f, 0x0b] : [0, 0, 0x20, 0xd4]
      bytes.replaceSubrange(start..<start + trap.count, with: trap)
    }
  }

  private var stack: NativeRegion {
    let top = max(input.stack.keys.max() ?? 0, input.stackPointer &+ 63) &+ 1
    let low = input.stackPointer &- ReproductionImage.stackBytes
    var bytes = [UInt8](repeating: 0, count: Int(top &- low))
    for (address, byte) in input.stack where address >= low && address < top {
      bytes[Int(address - low)] = byte
    }
    return NativeRegion(address: low, bytes: bytes, isWritable: true)
  }

  /// Buffers that have bytes in common as one region.
  private static func merged(_ buffers: [NativeRegion]) -> [NativeRegion] {
    var result: [NativeRegion] = []
    for buffer in buffers.filter({ !$0.bytes.isEmpty }).sorted(by: { $0.address < $1.address }) {
      guard let last = result.last, buffer.address - last.address < UInt64(last.bytes.count)
      else {
        result.append(buffer)
        continue
      }
      let shared = last.bytes.count - Int(buffer.address - last.address)
      result[result.count - 1].bytes += buffer.bytes.dropFirst(shared)
      result[result.count - 1].isWritable = last.isWritable || buffer.isWritable
    }
    return result
  }

  // MARK: Guard pages

  /// The same input with each buffer moved so that it ends where its page does; nil where addresses
  /// are part of the input.
  var withGuards: ReproductionImage? {
    let isAddressed = input.buffers.contains { contract.declares($0.name + ".addr") }
    let isOverlapping =
      ReproductionImage.merged(
        input.buffers.map { NativeRegion(address: $0.address, bytes: $0.bytes) }
      ).count < input.buffers.filter { !$0.bytes.isEmpty }.count
    if isAddressed || isOverlapping { return nil }
    var moved = self
    for (index, buffer) in input.buffers.enumerated() {
      let page = ReproductionImage.pageBytes
      let size = UInt64(buffer.bytes.count)
      let room = max((size + page - 1) / page * page, page)
      moved.bufferAddresses[index] = buffer.address / page * page &+ room &- size
      guard moved.pass(moved.bufferAddresses[index], as: buffer.name) else { return nil }
    }
    moved.regions = moved.makeRegions()
    return moved
  }

  /// Sets the register that a parameter is passed in.
  private mutating func pass(_ address: UInt64, as name: String) -> Bool {
    for (parameter, location) in zip(contract.parameters, layout.arguments)
    where parameter.name == name {
      guard case .register(let register) = location, let index = index(of: register) else {
        return false
      }
      general[index] = address
    }
    return true
  }

  // MARK: Results

  /// Some bytes of the general registers or of the vector registers.
  struct Place {
    let isVector: Bool
    /// In bytes from the first register.
    let offset: Int
    let count: Int
  }

  /// Where an output's bytes are among the registers, low half first.
  func places(of location: ValueLocation, width: Int) -> [Place] {
    func place(_ register: Register, _ count: Int) -> [Place] {
      let low = register.low / 8
      if let index = index(of: register) {
        return [Place(isVector: false, offset: index * 8 + low, count: count)]
      }
      return slot(of: register).map {
        [Place(isVector: true, offset: $0 + low, count: count)]
      } ?? []
    }
    switch location {
    case .register(let register): return place(register, width / 8)
    case .registerPair(let low, let high): return place(low, 8) + place(high, 8)
    case .stack: return []
    }
  }

  /// Puts the address that the code returns to where the ABI has it.
  mutating func setReturnAddress(_ address: UInt64) {
    guard !isFragment else { return }
    switch architecture.convention.returnAddress {
    case .register(let register):
      if let index = index(of: register) { general[index] = address }
    case .stack:
      for position in regions.indices {
        let region = regions[position]
        guard input.stackPointer >= region.address,
          input.stackPointer - region.address + 8 <= UInt64(region.bytes.count)
        else { continue }
        for byte in 0..<8 {
          regions[position].bytes[Int(input.stackPointer - region.address) + byte] =
            UInt8(truncatingIfNeeded: address >> UInt64(byte * 8))
        }
      }
    }
  }
}

extension NativeISA {
  /// The registers in the order of a state's words, without the flags.
  var registerNames: [String] {
    switch self {
    case .x86:
      ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi"] + (8..<16).map { "r\($0)" }
    case .arm64: (0..<31).map { "x\($0)" } + ["sp"]
    }
  }

  /// The vector registers in the order of a state's words, and how many words each takes.
  var vectorSlots: [(name: String, wordCount: Int)] {
    switch self {
    case .x86: (0..<32).map { ("zmm\($0)", 8) } + (0..<8).map { ("k\($0)", 1) }
    case .arm64: (0..<32).map { ("v\($0)", 2) }
    }
  }

  /// Where each flag is in the last word of a state.
  var flagBits: [(name: String, bit: Int)] {
    switch self {
    case .x86:
      [("cf", 0), ("pf", 2), ("af", 4), ("zf", 6), ("sf", 7), ("df", 10), ("of", 11)]
    case .arm64: [("n", 31), ("z", 30), ("c", 29), ("v", 28)]
    }
  }
}
