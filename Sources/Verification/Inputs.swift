import Contracts
import MachineModel
import Terms

/// The inputs of a contract as terms, for one placement of its buffers: what code of any ISA is
/// started with.
struct Inputs {
  /// A buffer's place and extent.
  struct Buffer {
    let parameter: Parameter
    let type: BufferType
    /// The group that it belongs to, and its distance from that group's base in bytes.
    let group: Int
    let offset: Int64
    /// The most elements it can have.
    let limit: Int64
    /// The length in elements and in bytes, 64 bits.
    let count: Term
    let byteCount: Term
    /// The address, 64 bits.
    let address: Term

    var byteLimit: Int64 { limit * Int64(type.elementBytes) }
  }

  let contract: Contract
  let aliasing: Aliasing
  let terms: TermManager
  private(set) var buffers: [Buffer] = []
  /// The base address of each group.
  private(set) var bases: [Term] = []
  /// What the groups hold at entry.
  private(set) var contents: [Contents] = []
  /// The terms that the specification's names stand for at entry.
  private(set) var environment: [String: Term] = [:]
  /// What holds at entry, the precondition included.
  private(set) var assumptions: [Term] = []
  /// Values for addresses that fit the assumptions.
  private(set) var defaults: [Term: BitVector] = [:]
  /// Groups that stand for copies of one memory: their buffers may overlap one another.
  private(set) var copies: Set<Int> = []

  /// - Parameter hasCopies: whether nothing is assumed of how the buffers of different groups lie, but
  ///   for those that are `restrict`; each group is then a copy of memory of its own.
  init(
    _ contract: Contract, _ aliasing: Aliasing, limits: [String: Int64], in terms: TermManager,
    hasCopies: Bool = false
  ) throws(SpecificationError) {
    self.contract = contract
    self.aliasing = aliasing
    self.terms = terms
    for parameter in contract.parameters {
      guard let value = parameter.value else { continue }
      environment[parameter.name] = terms.variable(parameter.name, width: value.width)
    }
    place(aliasing, limits)
    for index in buffers.indices { declare(index) }
    assumptions.append(
      try contract.elaborateRequires(environment: environment, in: terms))
    if hasCopies {
      copies = Set(buffers.filter { !$0.type.isRestrict && $0.limit > 0 }.map(\.group))
    }
    for (first, second) in apart where !areCopies(first, second) {
      assumptions.append(isDisjoint(first, second))
    }
  }

  // MARK: Placement

  private mutating func place(_ aliasing: Aliasing, _ limits: [String: Int64]) {
    let parameters = contract.parameters.filter { $0.buffer != nil }
    var placed: [Int: Buffer] = [:]
    for (group, places) in aliasing.groups.enumerated() {
      let leader = parameters[places[0].buffer].name
      let base = terms.variable(leader + ".addr", width: 64)
      bases.append(base)
      defaults[base] = BitVector(UInt64(group + 1) << 24 + 0x1000, width: 64)
      for place in places {
        let parameter = parameters[place.buffer]
        guard let type = parameter.buffer else { continue }
        let length = type.length.value(environment: environment, in: terms)
        assumptions.append(length.isRepresentable)
        let size = terms.constant(UInt64(type.elementBytes), width: 64)
        let limit = limits[parameter.name] ?? 0
        placed[place.buffer] = Buffer(
          parameter: parameter, type: type, group: group,
          offset: place.offset - places[0].offset, limit: limit, count: length.count,
          byteCount: terms.multiply(length.count, size),
          address: terms.add(
            base, terms.constant(signed: place.offset - places[0].offset, width: 64)))
        assumptions.append(
          terms.unsignedLessOrEqual(length.count, terms.constant(UInt64(limit), width: 64)))
      }
    }
    buffers = placed.sorted { $0.key < $1.key }.map(\.value)
    for group in aliasing.groups.indices { fill(group) }
    for buffer in buffers { assumeMapped(buffer) }
  }

  /// A buffer that is not empty is not at address zero, and the address just after it is one (ISO C, 6.5.6: it is
  /// greater than those before it).
  private mutating func assumeMapped(_ buffer: Buffer) {
    let zero = terms.constant(0, width: 64)
    let isEmpty = terms.equal(buffer.byteCount, zero)
    let fits = terms.unsignedLess(buffer.address, terms.negate(buffer.byteCount))
    let isMapped = terms.and(fits, terms.distinct(buffer.address, zero))
    assumptions.append(terms.or(isEmpty, isMapped))
  }

  /// Pairs of buffers in different groups.
  private var apart: [(Buffer, Buffer)] {
    buffers.indices.flatMap { high in
      buffers[..<high].filter { $0.group != buffers[high].group }.map { ($0, buffers[high]) }
    }
  }

  private func areCopies(_ first: Buffer, _ second: Buffer) -> Bool {
    copies.contains(first.group) && copies.contains(second.group)
  }

  /// Whether no two buffers have a byte in common.
  var isApart: Term { terms.and(apart.map { isDisjoint($0, $1) }) }

  private func isDisjoint(_ first: Buffer, _ second: Buffer) -> Term {
    isDisjoint(
      first.address, first.byteCount, second.address, second.byteCount)
  }

  /// Whether two runs of bytes have none in common; neither wraps around.
  func isDisjoint(_ first: Term, _ length: Term, _ second: Term, _ other: Term) -> Term {
    let zero = terms.constant(0, width: 64)
    // Distances wrap where the order is the other way round, and are then too large to pass.
    let isBefore = terms.and(
      terms.unsignedLess(first, second),
      terms.unsignedLessOrEqual(length, terms.subtract(second, first)))
    let isAfter = terms.and(
      terms.unsignedLess(second, first),
      terms.unsignedLessOrEqual(other, terms.subtract(first, second)))
    return terms.or([terms.equal(length, zero), terms.equal(other, zero), isBefore, isAfter])
  }

  // MARK: Contents

  /// Names the bytes of a group: an element where no earlier buffer has its bytes, else bytes.
  private mutating func fill(_ group: Int) {
    var covered: Set<Int64> = []
    var chunks: [Region.Chunk] = []
    for buffer in buffers where buffer.group == group {
      let size = Int64(buffer.type.elementBytes)
      for index in 0..<buffer.limit {
        let start = buffer.offset + index * size
        let free = (start..<start + size).filter { !covered.contains($0) }
        if free.count == size {
          let name = "\(buffer.parameter.name)[\(index)]"
          chunks.append(
            Region.Chunk(
              offset: start, byteCount: size, value: terms.variable(name, width: Int(size) * 8)))
        } else {
          chunks += free.map { offset in
            let name = "\(buffer.parameter.name).byte[\(offset - buffer.offset)]"
            return Region.Chunk(
              offset: offset, byteCount: 1, value: terms.variable(name, width: 8))
          }
        }
        covered.formUnion(free)
      }
    }
    contents.append(
      Contents(chunks: chunks) { terms, offset in
        terms.variable(
          "around \(group)[\(offset)]", width: 64, origin: .undefined("memory around a buffer"))
      })
  }

  /// Binds the names of a buffer at entry.
  private mutating func declare(_ index: Int) {
    let buffer = buffers[index]
    environment[buffer.parameter.name + ".addr"] = buffer.address
    environment[buffer.parameter.name] = array(buffer) { offset, count in
      contents[buffer.group].value(offset, count: Int(count), terms)
    }
  }

  /// A buffer as an SMT array by element index; beyond its longest extent it is `p.outside`.
  func array(_ buffer: Buffer, value: (Int64, Int64) -> Term) -> Term {
    let size = Int64(buffer.type.elementBytes)
    let outside = terms.variable(
      buffer.parameter.name + ".outside", .array(index: 64, element: buffer.type.element.width))
    return (0..<buffer.limit).reduce(outside) { array, index in
      terms.store(
        array, terms.constant(UInt64(index), width: 64),
        value(buffer.offset + index * size, size))
    }
  }

  /// The regions of the buffers.
  var regions: [Region] {
    bases.indices.map { group in
      let members = buffers.filter { $0.group == group }
      return Region(
        name: members.map(\.parameter.name).joined(separator: ", "), kind: .buffers,
        base: bases[group],
        windows: members.map { buffer in
          Region.Window(
            name: buffer.parameter.name, offset: buffer.offset, length: buffer.byteCount,
            limit: buffer.byteLimit, isWritable: !buffer.type.isConst)
        }, initial: contents[group])
    }
  }
}
