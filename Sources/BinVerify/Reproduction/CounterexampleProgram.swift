import Contracts
import MachineModel
import NativeExecution
import Terms
import Verification

/// A counterexample as a C program of its own: it maps the code and the input, runs the code and
/// says what came of it.
///
/// The program's status is 1 when the code does wrong again and 0 when it does not. It compiles with
/// `gcc -O1`, for ARM64 with the command in its first comment, for `qemu-aarch64`.
public struct CounterexampleProgram {
  let image: ReproductionImage
  let found: Counterexample

  public init(_ code: LoadedCode, _ contract: Contract, _ found: Counterexample) throws {
    let image = try ReproductionImage(code, contract, found.input)
    self.image =
      found.isBeyondBuffer ? image.withGuards ?? image : image
    self.found = found
  }

  /// The C text.
  public var text: String {
    [
      heading, CProgramParts.prelude, data, trampoline, CProgramParts.memory, CProgramParts.faults,
      main,
    ].joined(separator: "\n")
  }

  private var heading: String {
    let command =
      image.isa == .x86
      ? "gcc -O1 FILE -o reproduce && ./reproduce"
      : "aarch64-linux-gnu-gcc -O1 -static -Wl,-Ttext-segment=0x70000000 FILE -o reproduce"
    let moved =
      image.codeShift == 0
      ? ""
      : "\n   The code stands 0x\(String(image.codeShift, radix: 16)) higher than in the trace."
    return """
      /* \(comment(image.code.code.name)) against \(comment(image.contract.file))
         \(found.obligation.rawValue): \(comment(found.message))\(moved)

         \(command) */
      #define _GNU_SOURCE

      """
  }

  /// Text that does not end a comment.
  private func comment(_ text: String) -> String {
    String(
      text.unicodeScalars.map { scalar -> Character in
        scalar == "*" || scalar.value < 0x20 ? "_" : Character(scalar)
      })
  }

  // MARK: Data

  private var data: String {
    var lines: [String] = []
    for (index, region) in image.regions.enumerated() {
      let used = region.bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 1
      lines.append("/* \(purpose(region)) */")
      lines.append(array("region\(index)", Array(region.bytes.prefix(max(used, 1)))))
    }
    lines.append("static const struct region regions[] = {")
    for (index, region) in image.regions.enumerated() {
      let access =
        "PROT_READ" + (region.isWritable ? " | PROT_WRITE" : "")
        + (region.isExecutable ? " | PROT_EXEC" : "")
      lines.append(
        "  {\(literal(region.address)), \(region.bytes.count), region\(index), "
          + "sizeof region\(index), \(access)},")
    }
    lines.append("};\n")
    lines.append("/* \((image.isa.registerNames + ["flags"]).joined(separator: " ")) */")
    lines.append("__attribute__((used)) uint64_t registers[] = {")
    lines += image.general.map { "  \(literal($0))," }
    lines.append("};")
    if vectorWidth > 0 {
      lines.append("/* vector registers */")
      lines.append("__attribute__((used, aligned(64))) uint64_t vectors[] = {")
      lines += image.vectors.map { "  \(literal($0))," }
      lines.append("};")
    }
    lines.append("__attribute__((used)) uint64_t entry = \(literal(image.entry));")
    lines.append("__attribute__((used)) uint64_t host_stack;")
    lines.append("extern void run_kernel(void);")
    lines.append("extern char after_kernel[];\n")
    return lines.joined(separator: "\n")
  }

  private func purpose(_ region: NativeRegion) -> String {
    if region.isExecutable { return "code" }
    let names = zip(image.input.buffers, image.bufferAddresses).filter {
      $1 >= region.address && $1 - region.address < UInt64(region.bytes.count)
    }.map { comment($0.0.name) }
    if !names.isEmpty { return names.joined(separator: ", ") }
    return region.isWritable ? "stack" : "data"
  }

  private func literal(_ value: UInt64) -> String { "0x\(String(value, radix: 16))u" }

  private func array(_ name: String, _ bytes: [UInt8]) -> String {
    let rows = stride(from: 0, to: bytes.count, by: 16).map { start in
      "  " + bytes[start..<min(start + 16, bytes.count)].map { "\($0)," }.joined(separator: " ")
    }
    return "static const unsigned char \(name)[] = {\n" + rows.joined(separator: "\n") + "\n};"
  }

  private var trampoline: String {
    switch image.isa {
    case .x86: CProgramParts.trampolineX86(vectorWidth: vectorWidth)
    case .arm64: CProgramParts.trampolineARM64(hasVectors: vectorWidth > 0)
    }
  }

  // MARK: The program

  private var main: String {
    var lines = [
      "int main(void) {", "  int wrong = 0;", "  map_regions();", "  catch_faults();",
      returnLines, "  uint64_t before[sizeof registers / sizeof *registers];",
      "  memcpy(before, registers, sizeof registers);",
    ]
    if preservesVectors {
      lines += [
        "  uint64_t old_vectors[sizeof vectors / sizeof *vectors];",
        "  memcpy(old_vectors, vectors, sizeof vectors);",
      ]
    }
    lines.append("  run_kernel();")
    lines += outputs + buffers + preserved
    lines.append("  puts(wrong ? \"wrong, as reported\" : \"\(otherwise)\");")
    lines.append("  return wrong;")
    return lines.joined(separator: "\n") + "\n}\n"
  }

  /// Makes the end of the code lead back to the program.
  private var returnLines: String {
    if image.isFragment { return "  return_from(\(literal(image.end)));" }
    switch image.architecture.convention.returnAddress {
    case .register(let register):
      return "  registers[\(image.index(of: register) ?? 0)] = (uint64_t)after_kernel;"
    case .stack:
      return "  *(uint64_t *)\(literal(image.input.stackPointer)) = (uint64_t)after_kernel;"
    }
  }

  private var outputs: [String] {
    zip(image.contract.outputs, image.layout.outputs).flatMap { output, location -> [String] in
      let size = output.type.width / 8
      var lines = ["  {", "    unsigned char value[\(size)];"]
      var position = 0
      for place in image.places(of: location, width: output.type.width) {
        let source = place.isVector ? "vectors" : "registers"
        lines.append(
          "    memcpy(value + \(position), (char *)\(source) + \(place.offset), \(place.count));")
        position += place.count
      }
      lines += comparison(
        output.name, size, 1, output.type, "value",
        found.outcome?.outputs[output.name].map { [$0] },
        found.allowed?.outputs[output.name].map { [$0] })
      return lines + ["  }"]
    }
  }

  private var buffers: [String] {
    image.input.buffers.indices.flatMap { index -> [String] in
      let buffer = image.input.buffers[index]
      guard !buffer.type.isConst, !buffer.elements.isEmpty else { return [] }
      return ["  {"]
        + comparison(
          buffer.name + ".out", buffer.type.elementBytes, buffer.elements.count,
          buffer.type.element, "(const unsigned char *)\(literal(image.bufferAddresses[index]))",
          found.outcome?.buffers[index], found.allowed?.buffers[index]) + ["  }"]
    }
  }

  /// Shows a value, and compares it with the wrong one that was found.
  private func comparison(
    _ name: String, _ size: Int, _ count: Int, _ type: ValueType, _ place: String,
    _ outcome: [BitVector]?, _ allowed: [BitVector]?
  ) -> [String] {
    let tail = "\(size), \(count), \(type.isSigned ? 1 : 0));"
    var lines = ["    show(\"the code did\", \"\(name)\", \(place), \(tail)"]
    if let allowed {
      lines.insert(constant("allowed", allowed), at: 0)
      lines.append("    show(\"the specification allows\", \"\(name)\", allowed, \(tail)")
      if let outcome, outcome != allowed {
        lines.append(constant("found", outcome))
        lines.append("    wrong |= !memcmp(\(place), found, sizeof found);")
      }
    } else if found.obligation == .ensures, let outcome {
      lines.append(constant("found", outcome))
      lines.append("    wrong |= !memcmp(\(place), found, sizeof found);")
    }
    return lines
  }

  private func constant(_ name: String, _ values: [BitVector]) -> String {
    let bytes = values.flatMap(\.bytes).map(String.init).joined(separator: ", ")
    return "    static const unsigned char \(name)[] = {\(bytes)};"
  }

}

extension Counterexample {
  /// Whether it is an access beyond the end of a buffer.
  var isBeyondBuffer: Bool {
    guard obligation == .memory, let address = strayAddress else { return false }
    return input.buffers.contains {
      address >= $0.address &+ UInt64($0.bytes.count)
        && address - $0.address < UInt64($0.bytes.count) + 4096
    }
  }

  /// The address in the message of a stray access.
  private var strayAddress: UInt64? {
    guard let part = message.split(separator: " ").first(where: { $0.hasPrefix("0x") }) else {
      return nil
    }
    return UInt64(part.dropFirst(2).prefix { $0.isHexDigit }, radix: 16)
  }
}
