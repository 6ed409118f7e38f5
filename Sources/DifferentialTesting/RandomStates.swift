import MachineModel

/// Random states for an instruction: rare values in the registers that it reads or changes, and any
/// values in the others, which have to stay as they are.
struct RandomStates {
  private let registerWordCount: Int
  /// The bits of the general words that the machine's state has.
  private let generalMasks: [UInt64]
  private let vectors: [StateLayout.Place]
  /// What the instruction reads or changes: words, and vector registers.
  private let words: [StateLayout.Place]
  private let wide: [StateLayout.Place]
  /// What it reads.
  private let sourceWords: [Int]
  private let sourceVectors: [StateLayout.Place]
  /// Whether the instruction may repeat itself, so that more memory matters than it reaches at first.
  private let isRepeated: Bool

  init(_ model: InstructionModel, _ layout: StateLayout, vectors hasVectors: Bool) {
    registerWordCount = layout.generalWordCount + (hasVectors ? layout.vectorWordCount : 0)
    var masks = [UInt64](repeating: 0, count: layout.generalWordCount)
    for place in layout.places.compactMap({ $0 }) where place.word < masks.count {
      masks[place.word] |= (place.mask << place.bit) & ~(place.alignment - 1)
    }
    generalMasks = masks
    vectors =
      hasVectors
      ? layout.places.compactMap { $0 }.filter { $0.word >= layout.generalWordCount } : []
    let touched = Set(model.reads + model.writes).sorted().compactMap { layout.places[$0] }
    words = touched.filter { $0.width == 64 }
    wide = touched.filter { $0.width > 64 }
    let sources = model.reads.compactMap { layout.places[$0] }
    sourceWords = sources.filter { $0.width == 64 }.map(\.word)
    sourceVectors = sources.filter { $0.width > 64 }
    isRepeated =
      model.instruction.form.family.flow == .sequential
      && !model.lifted.terms.isConstant(model.lifted.nextInstruction)
  }

  /// So many states.
  func table(_ count: Int, _ random: inout RandomBits) -> StateTable {
    var table = StateTable(registerWordCount: registerWordCount, count: count)
    table.forEachChunk { _, chunk in
      for lane in 0..<chunk.count { fill(chunk, lane, &random) }
    }
    return table
  }

  private func fill(_ chunk: Chunk, _ lane: Int, _ random: inout RandomBits) {
    let row = chunk.row(lane)
    for index in generalMasks.indices { row[index] = random.next() & generalMasks[index] }
    for place in vectors {
      let word = random.next()
      for index in 0..<place.wordCount { row[place.word + index] = word }
    }
    for place in words { row[place.word] = random.word() & ~(place.alignment - 1) }
    for place in wide { random.fill(row + place.word, byteCount: place.wordCount * 8) }
    if random.next() & 7 == 0 { equalise(row) }
    if isRepeated {
      random.fill(chunk.memory(lane), byteCount: Scratch.byteCount)
    } else {
      for index in chunk.scratch..<chunk.stride { row[index] = random.next() }
    }
  }

  /// Makes the sources of the instruction equal.
  private func equalise(_ row: UnsafeMutablePointer<UInt64>) {
    for word in sourceWords.dropFirst() { row[word] = row[sourceWords[0]] }
    for place in sourceVectors.dropFirst() {
      for index in 0..<min(place.wordCount, sourceVectors[0].wordCount) {
        row[place.word + index] = row[sourceVectors[0].word + index]
      }
    }
  }
}
