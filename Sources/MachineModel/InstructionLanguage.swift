/// Which byte strings are one instruction of an architecture, as its decoder and its rows say, read a
/// byte at a time: what an `InstructionAutomaton` is made of.
///
/// A place stands for the bytes of an instruction read so far; equal places have the same future. How
/// long an instruction may be is not looked at by `step`, so that places may lead to themselves.
public protocol InstructionLanguage: Sendable {
  associatedtype Place: Hashable & Sendable
  /// Before the first byte of an instruction.
  var start: Place { get }
  /// The most bytes of an instruction, at most 15.
  var longest: Int { get }
  /// What one more byte leads to. A place that is reached may still have no way to an end.
  func step(_ place: Place, _ byte: UInt8) -> LanguageStep<Place>
  /// For each byte the first that leads where it does, or one of them; nil if none is known.
  func alike(at place: Place) -> [UInt8]?
}

/// What a byte of an instruction leads to.
public enum LanguageStep<Place: Hashable & Sendable>: Hashable, Sendable {
  /// No instruction begins so.
  case dead
  case inside(Place)
  /// The byte is the last one of an instruction, of whose form the choice says `label`.
  case end(label: Int)
}

/// A choice among the instructions of an architecture, for `Architecture.automaton`.
public struct InstructionChoice: Sendable {
  /// Whether instructions of a form are chosen where an operand is in memory (true) or none is.
  public let accepts: @Sendable (Form, _ hasMemory: Bool) -> Bool
  /// Whether an operand of a form may name a register or compute an address with it, which depends
  /// on the form and the register's cell alone; nil for any.
  public let register: (@Sendable (Form, Register) -> Bool)?
  /// What is to be known of an instruction's form at its end.
  public let label: @Sendable (Form) -> Int

  public init(
    accepts: @escaping @Sendable (Form, _ hasMemory: Bool) -> Bool,
    register: (@Sendable (Form, Register) -> Bool)? = nil,
    label: @escaping @Sendable (Form) -> Int = { _ in 0 }
  ) {
    self.accepts = accepts
    self.register = register
    self.label = label
  }

  /// Whether an instruction is chosen.
  public func contains(_ instruction: Instruction) -> Bool {
    var hasMemory = false
    for operand in instruction.operands {
      if case .memory = operand { hasMemory = true }
    }
    guard accepts(instruction.form, hasMemory) else { return false }
    guard let register else { return true }
    return instruction.operands.allSatisfy { operand in
      operand.registers.allSatisfy { register(instruction.form, $0) }
    }
  }
}

extension Operand {
  /// The registers that the operand names, those of an address included.
  public var registers: [Register] {
    switch self {
    case .register(let register), .modified(let register, _, _): [register]
    case .memory(let memory): [memory.base, memory.index].compactMap { $0 }
    case .immediate, .target, .code: []
    }
  }
}

extension InstructionAutomaton {
  /// The automaton of a language, whose places are all visited.
  public init(_ language: some InstructionLanguage) {
    var graph = PlaceGraph()
    graph.visit(language)
    var unrolling = Unrolling(graph)
    let start = unrolling.node(0, room: language.longest)
    self = unrolling.builder.automaton(from: start)
  }
}

/// The places of a language by number, the start 0, and where their bytes lead.
private struct PlaceGraph {
  /// By place, 256 each: places, or as `InstructionAutomaton.Step` says.
  private(set) var steps: [Int32] = []
  /// By place: the most bytes to an end, or `endless`.
  private(set) var longest: [UInt8] = []

  static let endless: UInt8 = 255

  mutating func visit<Language: InstructionLanguage>(_ language: Language) {
    var numbers = [language.start: Int32(0)]
    var places = [language.start]
    var next = 0
    while next < places.count {
      let place = places[next]
      let alike = language.alike(at: place)
      let first = steps.count
      for byte in 0..<256 {
        if let same = alike?[byte], same < byte {
          steps.append(steps[first + Int(same)])
          continue
        }
        switch language.step(place, UInt8(byte)) {
        case .dead: steps.append(InstructionAutomaton.Step.dead)
        case .end(let label): steps.append(InstructionAutomaton.Step.end(label))
        case .inside(let reached):
          let number = numbers[reached] ?? Int32(places.count)
          if number == places.count {
            numbers[reached] = number
            places.append(reached)
          }
          steps.append(number)
        }
      }
      next += 1
    }
    measure(places.count)
  }

  private mutating func measure(_ count: Int) {
    var state = [UInt8](repeating: 0, count: count)
    longest = [UInt8](repeating: 0, count: count)
    for place in 0..<count { _ = measure(place, &state) }
  }

  /// The most bytes from a place to an end; a way back to a place that is being measured is endless.
  private mutating func measure(_ place: Int, _ state: inout [UInt8]) -> UInt8 {
    if state[place] == 2 { return longest[place] }
    if state[place] == 1 { return PlaceGraph.endless }
    state[place] = 1
    var result: UInt8 = 0
    var last: Int32 = -1
    for byte in 0..<256 {
      let target = steps[place << 8 | byte]
      if target == last { continue }
      last = target
      if target < 0 {
        if target != InstructionAutomaton.Step.dead { result = Swift.max(result, 1) }
        continue
      }
      let rest = measure(Int(target), &state)
      result = Swift.max(result, rest == PlaceGraph.endless ? rest : rest + 1)
    }
    state[place] = 2
    longest[place] = result
    return result
  }
}

/// Nodes for places with room for so many more bytes.
private struct Unrolling {
  private(set) var builder = AutomatonBuilder()
  private let graph: PlaceGraph
  /// By place: its node, whatever the room, if no way from it is endless.
  private var whole: [Int32]
  /// By place, if some way is, and room, sixteen each.
  private var limited: [Int32]

  /// There is none yet.
  private static let unknown = Int32.min

  init(_ graph: PlaceGraph) {
    self.graph = graph
    whole = [Int32](repeating: Unrolling.unknown, count: graph.longest.count)
    limited = [Int32](repeating: Unrolling.unknown, count: graph.longest.count << 4)
  }

  mutating func node(_ place: Int32, room: Int) -> Int32 {
    if graph.longest[Int(place)] != PlaceGraph.endless {
      return builder.shortened(node(place), to: 2 * room)
    }
    if room == 0 { return InstructionAutomaton.Step.dead }
    let index = Int(place) << 4 | room
    if limited[index] == Unrolling.unknown {
      let bytes = targets(place) { $0.node($1, room: room - 1) }
      limited[index] = builder.node(bytes: bytes)
    }
    return limited[index]
  }

  private mutating func node(_ place: Int32) -> Int32 {
    if whole[Int(place)] == Unrolling.unknown {
      let bytes = targets(place) { $0.node($1) }
      whole[Int(place)] = builder.node(bytes: bytes)
    }
    return whole[Int(place)]
  }

  /// Where the bytes lead from a place, with nodes for places.
  private mutating func targets(
    _ place: Int32, _ node: (inout Unrolling, Int32) -> Int32
  ) -> [Int32] {
    var result = [Int32](repeating: InstructionAutomaton.Step.dead, count: 256)
    var last = InstructionAutomaton.Step.dead
    var reached = last
    for byte in 0..<256 {
      let target = graph.steps[Int(place) << 8 | byte]
      if target != last {
        last = target
        reached = target < 0 ? target : node(&self, target)
      }
      result[byte] = reached
    }
    return result
  }
}
