/// An entry of `samples/manifest.json`.
struct Sample: CustomStringConvertible {
  let kernel: String
  let symbol: String
  let specification: String
  let isa: String
  let expected: String
  let obligation: String?

  var description: String { kernel }

  /// The sample's folder and ISA: what one snapshot file is about.
  var group: String { "\(kernel.prefix { $0 != "/" }).\(isa)" }

  /// The arguments of `prove`, below `samples/`.
  var arguments: [String] {
    if kernel.hasSuffix(".o") { return ["prove", "\(kernel):\(symbol)", specification] }
    return ["prove", kernel, specification, "--isa", isa]
  }

  /// All entries, in order.
  static let all: [Sample] = {
    let manifest = JSONValue(Scratch.read("\(Command.root)/samples/manifest.json"))
    return (manifest?["kernels"]?.array ?? []).compactMap { entry in
      guard let kernel = entry["kernel"]?.string, let symbol = entry["symbol"]?.string,
        let specification = entry["spec"]?.string, let isa = entry["isa"]?.string,
        let expected = entry["expected"]?.string
      else { return nil }
      return Sample(
        kernel: kernel, symbol: symbol, specification: specification, isa: isa,
        expected: expected, obligation: entry["obligation"]?.string)
    }
  }()

  /// The groups, in order.
  static let groups: [String] = {
    var seen: Set<String> = []
    return all.map(\.group).filter { seen.insert($0).inserted }
  }()
}
