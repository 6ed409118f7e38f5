import MachineModel
import NativeExecution
import Verification

/// What the program looks at that the code has to leave as it was, and what it does not see.
extension CounterexampleProgram {
  /// What the counterexample says was not kept; all where it says something else.
  private var parts: [Preserved.Part] {
    guard found.obligation == .abi else { return [] }
    let all = Preserved(image.architecture, image.layout).parts
    let named = all.filter { found.message.hasPrefix($0.name + " is ") }
    return named.isEmpty ? all.filter { place($0) != nil } : named
  }

  /// Of vector registers no more is loaded than all CPUs have; nil for what is wider, and for mask registers.
  private func place(_ part: Preserved.Part) -> ReproductionImage.Place? {
    guard let place = image.place(of: part) else { return nil }
    return place.isVector && place.count != 16 && !isLowHalf(part) ? nil : place
  }

  /// Whether it is the lower half of a vector register of 128 bits, and no mask register.
  private func isLowHalf(_ part: Preserved.Part) -> Bool {
    part.high == 63 && image.architecture.registerFile[part.cell].sort.width == 128
  }

  /// Whether a vector register has to be what it was.
  var preservesVectors: Bool { parts.contains { place($0)?.isVector ?? false } }

  /// The bits of vector registers that the program loads and stores.
  var vectorWidth: Int { max(image.vectorWidth, preservesVectors ? 128 : 0) }

  /// What to say where nothing wrong was seen.
  var otherwise: String {
    if found.obligation == .termination, image.contract.instructionLimit != nil {
      return "it got to its end; how many instructions it took is not seen"
    }
    let unseen = parts.filter { place($0) == nil && image.flagBit(of: $0) == nil }
    if let part = unseen.first { return "it got to its end; \(part.name) is not seen whole" }
    return "not reproduced"
  }

  /// Compares what has to be as it was.
  var preserved: [String] { parts.flatMap(comparison) }

  private func comparison(_ part: Preserved.Part) -> [String] {
    if case .flag(let value) = part.expectation, let bit = image.flagBit(of: part) {
      let flags = "registers[\(image.general.count - 1)] >> \(bit) & 1"
      return [
        "  if ((\(flags)) != \(value ? 1 : 0)) {",
        "    puts(\"\(part.name) is not \(value ? 1 : 0)\");",
        "    wrong = 1;", "  }",
      ]
    }
    if let bit = image.flagBit(of: part) {
      let last = image.general.count - 1
      return [
        "  if ((registers[\(last)] ^ before[\(last)]) >> \(bit) & 1) {",
        "    puts(\"\(part.name) is not what it was\");", "    wrong = 1;", "  }",
      ]
    }
    guard let place = place(part) else { return [] }
    guard place.isVector || place.count != 8 else { return word(part, place.offset / 8) }
    let (after, old) = place.isVector ? ("vectors", "old_vectors") : ("registers", "before")
    return [
      "  if (memcmp((char *)\(after) + \(place.offset), (char *)\(old) + \(place.offset), "
        + "\(place.count))) {",
      "    puts(\"\(part.name) is not what it was\");", "    wrong = 1;", "  }",
    ]
  }

  private func word(_ part: Preserved.Part, _ index: Int) -> [String] {
    var moved = ""
    if case .stackPointer(let distance) = part.expectation { moved = " + \(distance)" }
    return [
      "  if (registers[\(index)] != before[\(index)]\(moved)) {",
      "    printf(\"\(part.name) is 0x%llx, was 0x%llx\\n\",",
      "           (unsigned long long)registers[\(index)], (unsigned long long)before[\(index)]);",
      "    wrong = 1;", "  }",
    ]
  }
}

extension ReproductionImage {
  /// Where the bits of a cell are among the registers; nil where the program does not see them.
  fileprivate func place(of part: Preserved.Part) -> Place? {
    let name = architecture.registerFile[part.cell].name
    let (first, count) = (part.low / 8, (part.high - part.low + 8) / 8)
    if let index = isa.registerNames.firstIndex(of: name) {
      return Place(isVector: false, offset: index * 8 + first, count: count)
    }
    var offset = 0
    for (slot, words) in isa.vectorSlots {
      if slot == name { return Place(isVector: true, offset: offset * 8 + first, count: count) }
      offset += words
    }
    return nil
  }

  /// The bit of a flag in the last word of the general registers; nil for what is no flag.
  fileprivate func flagBit(of part: Preserved.Part) -> Int? {
    let name = architecture.registerFile[part.cell].name
    return isa.flagBits.first { $0.name == name }?.bit
  }
}
