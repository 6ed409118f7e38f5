import BinVerify

/// What a kernel's code looks like: its instructions with their sources, and the ways between them.
public struct KernelListing: Codable, Sendable {
  /// An instruction, or bytes that are none.
  public struct Line: Codable, Sendable {
    public var address: UInt64
    public var bytes: [UInt8]
    /// The instruction in the manual's syntax; `.byte` and the bytes where there is none.
    public var text: String
    /// Why the bytes are no instruction; nil where they are one.
    public var reason: String?
    public var source: GateReport.Source?
    /// The text of that line of source where the file is there; nil where the line before has the
    /// same source.
    public var sourceText: String?
  }

  /// Instructions that are only entered at the first and left at the last.
  public struct Block: Codable, Sendable {
    public var addresses: [UInt64]
    /// To blocks of the listing.
    public var successors: [Edge]
  }

  /// A way from the end of one block to the start of another.
  public struct Edge: Codable, Sendable, Hashable {
    public enum Kind: String, Codable, Sendable {
      /// To the instruction that follows.
      case next
      case taken, call
    }

    public var target: UInt64
    public var kind: Kind
  }

  /// The most instructions that a listing has.
  public static let limit = 20_000

  public var entry: UInt64
  /// By address.
  public var lines: [Line]
  /// In reverse postorder from the entry.
  public var blocks: [Block]
  /// Whether there are more instructions than the limit.
  public var isCut: Bool
}

extension KernelListing {
  /// The listing of the code that `inputs` hold.
  init(_ inputs: KernelInputs, _ map: SourceMap) throws {
    let code = inputs.code.code
    let architecture = inputs.architectures[0]
    let graph = FlowGraph(InstructionStream(code, architecture), limit: Self.limit)
    let swept = try disassemble(inputs.code, cpu: architecture.cpu)
    var seen: [UInt64: Line] = [:]
    for line in swept.prefix(Self.limit) {
      seen[line.address] = Line(
        address: line.address, bytes: line.bytes, text: line.text, reason: line.reason)
    }
    let source = TraceSource(code: code, architecture: architecture)
    for instruction in graph.instructions {
      seen[instruction.address] = Line(
        address: instruction.address, bytes: source.bytes(of: instruction),
        text: architecture.text(of: instruction))
    }
    entry = code.entry
    lines = seen.values.sorted { $0.address < $1.address }
    blocks = graph.blocks
    isCut = graph.isCut || swept.count > Self.limit
    addSources(map)
  }

  private mutating func addSources(_ map: SourceMap) {
    var last: GateReport.Source?
    var texts: [String: [String]] = [:]
    for index in lines.indices {
      guard let source = map[lines[index].address] else { continue }
      lines[index].source = source
      defer { last = source }
      guard source != last, let path = source.path else { continue }
      let text = texts[path] ?? SourceFiles.lines(path)
      texts[path] = text
      if text.indices.contains(source.line - 1) { lines[index].sourceText = text[source.line - 1] }
    }
  }
}
