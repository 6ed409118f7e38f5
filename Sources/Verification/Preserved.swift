import Contracts
import MachineModel
import Terms

/// What the code has to leave as it found it: the rule that proofs and replays share.
package struct Preserved {
  /// A run of bits of a cell and the value that it has to have at the end.
  package struct Part {
    package enum Expectation {
      /// The value at entry.
      case unchanged
      /// The stack pointer at entry plus a distance.
      case stackPointer(Int64)
      case flag(Bool)
    }

    package let name: String
    package let cell: Cell
    package let high: Int
    package let low: Int
    package let expectation: Expectation
  }

  package let parts: [Part]

  package init(_ architecture: any Architecture, _ layout: Layout) {
    parts =
      layout.clobbers == nil
      ? Preserved.ofFunction(architecture)
      : Preserved.ofFragment(architecture, layout)
  }

  /// How far above its value at entry the stack pointer may be meanwhile, in bytes; nil if it may be
  /// anything. What is below it may be overwritten at any time, and above are the callers' frames.
  func stackRise(_ convention: CallingConvention) -> Int64? {
    let part = parts.first { $0.cell == convention.stackPointer.cell }
    switch part?.expectation {
    case .stackPointer(let distance)?: return distance
    case .unchanged?: return 0
    case .flag?, nil: return nil
    }
  }

  private static func ofFunction(_ architecture: any Architecture) -> [Part] {
    let convention = architecture.convention
    var parts = convention.calleeSaved.compactMap { part($0, .unchanged) }
    if let stack = part(
      convention.stackPointer, .stackPointer(convention.poppedAtReturn))
    {
      parts.append(stack)
    }
    for (flag, value) in convention.fixedFlags.sorted(by: { $0.key.name < $1.key.name }) {
      parts.append(
        Part(name: flag.name, cell: flag.cell, high: 0, low: 0, expectation: .flag(value)))
    }
    return parts
  }

  private static func part(_ register: Register, _ expectation: Part.Expectation) -> Part? {
    register.cell.map {
      Part(
        name: register.name, cell: $0, high: register.low + register.width - 1,
        low: register.low, expectation: expectation)
    }
  }

  private static func ofFragment(_ architecture: any Architecture, _ layout: Layout) -> [Part] {
    var free = Set((layout.clobbers ?? []).compactMap(\.cell))
    for output in layout.outputs {
      switch output {
      case .register(let register): free.formUnion([register.cell].compactMap { $0 })
      case .registerPair(let low, let high):
        free.formUnion([low.cell, high.cell].compactMap { $0 })
      case .stack: break
      }
    }
    let file = architecture.registerFile
    let fixed = Dictionary(
      uniqueKeysWithValues: architecture.convention.fixedFlags.map { ($0.key.cell, $0.value) })
    return file.cells.compactMap { cell in
      let entry = file[cell]
      if let value = fixed[cell] {
        return Part(name: entry.name, cell: cell, high: 0, low: 0, expectation: .flag(value))
      }
      if free.contains(cell) || !entry.isRelied || entry.sort == .bool && layout.clobbersFlags {
        return nil
      }
      return Part(
        name: entry.name, cell: cell, high: entry.sort.width - 1, low: 0,
        expectation: .unchanged)
    }
  }

  /// Each part with its value for the cells at entry.
  func values(_ cells: [BitVector], _ stackPointer: UInt64) -> [(Part, BitVector)] {
    parts.map { part in
      switch part.expectation {
      case .unchanged: (part, cells[part.cell.index].extracting(part.high, part.low))
      case .stackPointer(let distance):
        (part, BitVector(stackPointer &+ UInt64(bitPattern: distance), width: 64))
      case .flag(let value): (part, BitVector(value ? 1 : 0, width: 1))
      }
    }
  }

  /// The claim of each part for two states.
  func claims(_ before: MachineState, _ after: MachineState) -> [(Part, Term)] {
    let terms = before.terms
    func bits(_ state: MachineState, _ part: Part) -> Term {
      terms.isBool(state[part.cell])
        ? state[part.cell] : terms.extract(state[part.cell], part.high, part.low)
    }
    return parts.map { part in
      let expected: Term =
        switch part.expectation {
        case .unchanged: bits(before, part)
        case .stackPointer(let distance):
          terms.add(bits(before, part), terms.constant(signed: distance, width: 64))
        case .flag(let value): terms.bool(value)
        }
      return (part, terms.equal(bits(after, part), expected))
    }
  }
}
