import BinVerify

/// Executed instructions with what they changed, as lines.
struct TraceText {
  /// The most lines of a trace unless everything is shown.
  static let lineLimit = 40

  let code: Code
  let architecture: any Architecture
  let style: Style
  let isVerbose: Bool

  /// The trace; `steps` is how many instructions the run took.
  func lines(_ trace: [TraceStep], steps: Int) -> [String] {
    guard !isVerbose, trace.count > TraceText.lineLimit else {
      return aligned(trace) + (steps > trace.count ? [rest(steps - trace.count)] : [])
    }
    let head = TraceText.lineLimit / 2
    let tail = TraceText.lineLimit - head - 1
    let hidden = trace.count - head - tail
    let lines = aligned(Array(trace.prefix(head) + trace.suffix(tail)))
    let middle = rest(hidden + Swift.max(0, steps - trace.count))
    return lines[..<head] + [middle] + lines[head...]
  }

  private func rest(_ count: Int) -> String { style.dim("… \(count) more instructions") }

  private func aligned(_ steps: [TraceStep]) -> [String] {
    let columns = steps.map { step in
      (
        hexadecimal(step.instruction.address), digits(source.bytes(of: step.instruction)),
        architecture.text(of: step.instruction), changes(step)
      )
    }
    let widths = columns.reduce((0, 0, 0, 0)) {
      (
        Swift.max($0.0, $1.0.count), Swift.max($0.1, $1.1.count), Swift.max($0.2, $1.2.count),
        Swift.max($0.3, Swift.min($1.3.count, 36))
      )
    }
    var line: SourceLine?
    return zip(steps, columns).map { step, column in
      let source = code.lines[step.instruction.address]
      defer { line = source ?? line }
      let place =
        source.flatMap { $0 == line ? nil : "  \($0.file.lastComponent):\($0.line)" } ?? ""
      let text =
        column.0.padded(to: widths.0) + "  " + style.dim(column.1.padded(to: widths.1)) + "  "
        + column.2.padded(to: widths.2) + "  " + column.3
      return place.isEmpty
        ? trimmed(text) : text.padded(by: widths.3 - column.3.count) + style.dim(place)
    }
  }

  private func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  /// `rax = 0x1, zf = 0, [0x1000] = 0x02`.
  private func changes(_ step: TraceStep) -> String {
    let registers = step.changes.map { change in
      "\(change.name) = " + ValueText.cell(change.after)
    }
    let writes = step.writes.map { "[\(hexadecimal($0.address))] = 0x\($0.value.hexDigits)" }
    return (registers + writes).joined(separator: ", ")
  }

  /// What the instructions were read from.
  var source: TraceSource { TraceSource(code: code, architecture: architecture) }

  /// `0x4: idiv esi (file.c:12)`.
  func place(_ address: UInt64, in trace: [TraceStep]) -> String {
    let step = trace.last { $0.instruction.address == address }
    let text = step.map { ": " + architecture.text(of: $0.instruction) } ?? ""
    let source = code.lines[address].map { " (\($0.file.lastComponent):\($0.line))" } ?? ""
    return hexadecimal(address) + text + source
  }
}
