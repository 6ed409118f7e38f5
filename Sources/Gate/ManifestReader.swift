import ObjectFiles
import Verification

/// From the text of `binverify.yml` to a manifest.
struct ManifestReader {
  private static let settings = [
    "isa", "cpu", "timeout", "memory", "unroll", "engine", "inconclusive", "except",
    "obligations",
  ]

  /// What an entry takes from the defaults unless it says otherwise.
  private struct Settings {
    var isa: String?
    var cpus: [String] = []
    var limits = Manifest.Limits()
    var tolerance = Manifest.Tolerance.fail
    /// Patterns of files that are no kernels though `code` matches them.
    var exceptions: [String] = []
    var waived: Set<ObligationKind> = []
  }

  private let file: String
  let folder: String
  /// Whether there is a file, by its path from the manifest's folder.
  private let exists: (String) -> Bool
  private var kernels: [Manifest.Kernel] = []
  private var names: [String: Int] = [:]

  /// - Parameter exists: nil for the files that are there now.
  init(file: String, exists: ((String) -> Bool)? = nil) {
    self.file = file
    let folder = file.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(file[...$0]) } ?? ""
    self.folder = folder
    self.exists = exists ?? { InputFile.exists(folder + $0) }
  }

  mutating func read(_ text: String) throws(ManifestError) -> Manifest {
    let root = try parse(text)
    let members = try root.members(["version", "defaults", "kernels"])
    guard let version = members["version"] else {
      throw root.error("the key 'version' was expected")
    }
    _ = try version.value("version 1") { $0 == "1" ? 1 : nil }
    var defaults = Settings()
    if let node = members["defaults"] {
      try update(&defaults, try node.members(ManifestReader.settings))
    }
    guard let entries = members["kernels"] else {
      throw root.error("the key 'kernels' was expected")
    }
    for entry in try entries.items() { try add(entry, defaults) }
    // A gate that asks for nothing would let everything pass.
    if kernels.isEmpty { throw entries.error("at least one kernel was expected") }
    return Manifest(file: file, folder: folder, kernels: kernels)
  }

  private func parse(_ text: String) throws(ManifestError) -> ManifestNode {
    do {
      if let root = try YAMLDocument.read(text)?.root {
        return ManifestNode(node: root, file: file)
      }
    } catch {
      throw ManifestError(
        file: file, line: error.line, column: error.column, message: "no YAML: \(error.reason)")
    }
    throw ManifestError(file: file, line: 1, column: 1, message: "the manifest is empty")
  }

  // MARK: Settings

  private func update(
    _ settings: inout Settings, _ members: [String: ManifestNode]
  ) throws(ManifestError) {
    if let node = members["isa"] {
      settings.isa = try node.value("x86-64 or arm64") {
        ["x86-64", "arm64"].contains($0) ? $0 : nil
      }
    }
    if let node = members["cpu"] { settings.cpus = try node.texts() }
    if let node = members["timeout"] {
      settings.limits.seconds = try node.value("a number of seconds above 0") {
        Double($0).flatMap { $0 > 0 && $0 <= 1e6 ? $0 : nil }
      }
    }
    if let node = members["memory"] {
      settings.limits.memory = try node.value("an amount of memory such as 512M or 4G", memory)
    }
    if let node = members["unroll"] {
      settings.limits.iterations = try node.value("a number of at least 0") {
        Int($0).flatMap { $0 >= 0 ? $0 : nil }
      }
    }
    if let node = members["engine"] {
      var stages: Set<Stage> = []
      for item in node.node.items == nil ? [node] : try node.items() {
        let known = Stage.allCases.map(\.rawValue).joined(separator: ", ")
        stages.insert(try item.value("one of the stages \(known)", Stage.init(rawValue:)))
      }
      settings.limits.stages = stages
    }
    if let node = members["except"] { settings.exceptions = try node.texts() }
    if let node = members["obligations"] { settings.waived = try waived(node) }
    if let node = members["inconclusive"] {
      settings.tolerance = try node.value("fail or warn", Manifest.Tolerance.init(rawValue:))
    }
  }

  /// The obligations that a list of those that are required leaves out.
  private func waived(_ node: ManifestNode) throws(ManifestError) -> Set<ObligationKind> {
    let known = ObligationKind.allCases.map(\.rawValue).joined(separator: ", ")
    var waived = Set(ObligationKind.allCases)
    for item in node.node.items == nil ? [node] : try node.items() {
      waived.remove(
        try item.value("one of the obligations \(known)", ObligationKind.init(rawValue:)))
    }
    let missing = waived.subtracting(ObligationKind.waivable).map(\.rawValue).sorted()
    guard missing.isEmpty else {
      throw node.error(
        "\(missing.joined(separator: ", ")) cannot be left out: the rest is about them")
    }
    return waived
  }

  /// Digits, perhaps with K, M, G or T.
  private func memory(_ text: String) -> UInt64? {
    var digits = text[...]
    var shift: UInt64 = 0
    if let last = digits.last, let index = Array("KMGT").firstIndex(of: last) {
      shift = UInt64(index + 1) * 10
      digits = digits.dropLast()
    }
    guard let count = UInt64(digits), count > 0, count <= .max >> shift else { return nil }
    return count << shift
  }

  // MARK: Kernels

  private mutating func add(_ entry: ManifestNode, _ defaults: Settings) throws(ManifestError) {
    let own = ["name", "code", "symbol", "specification", "reference", "prototype", "provenance"]
    let members = try entry.members(own + ManifestReader.settings)
    var settings = defaults
    try update(&settings, members)
    guard let code = members["code"] else { throw entry.error("the key 'code' was expected") }
    let symbol = try members["symbol"].map { node throws(ManifestError) in try node.text() }
    let provenance =
      try members["provenance"].map { node throws(ManifestError) in try node.words() } ?? [:]
    let files = try files(code, settings.exceptions)
    let given = try members["name"].map { node throws(ManifestError) in try node.text() }
    if given != nil, files.count > 1 {
      throw entry.error("one name for \(files.count) files")
    }
    let obligation = try obligation(entry, members)
    if case .reference = obligation, !settings.waived.isEmpty {
      throw entry.error("'obligations' does not go with 'reference'")
    }
    for file in files {
      let name = try unused(given ?? ManifestReader.name(of: file, symbol), entry)
      kernels.append(
        Manifest.Kernel(
          name: name, line: entry.node.line, column: entry.node.column,
          code: file, symbol: symbol, isa: settings.isa, cpus: settings.cpus,
          obligation: obligation, waived: settings.waived, limits: settings.limits,
          tolerance: settings.tolerance,
          provenance: provenance))
    }
  }

  private func obligation(
    _ entry: ManifestNode, _ members: [String: ManifestNode]
  ) throws(ManifestError) -> Manifest.Obligation {
    let specification = try members["specification"].map { node throws(ManifestError) in
      try node.path()
    }
    let prototype = try members["prototype"].map { node throws(ManifestError) in try node.text() }
    if let reference = members["reference"] {
      guard (specification == nil) != (prototype == nil) else {
        throw entry.error("'reference' goes with either 'specification' or 'prototype'")
      }
      return .reference(
        try argument(reference), specification: specification, prototype: prototype)
    }
    if let node = members["prototype"] { throw node.error("'prototype' goes with 'reference'") }
    guard let specification else {
      throw entry.error("the key 'specification' or 'reference' was expected")
    }
    return .specification(specification)
  }

  /// The file and the symbol that FILE or FILE:SYMBOL means, by the files that there are.
  private func argument(_ node: ManifestNode) throws(ManifestError) -> InputArgument {
    let text = try node.path()
    let argument: InputArgument
    do {
      argument = try InputArgument(text, exists: exists)
    } catch {
      throw node.error(error.message)
    }
    if argument.path == "-" { throw node.standardInput }
    return argument
  }

  private mutating func unused(
    _ name: String, _ entry: ManifestNode
  ) throws(ManifestError) -> String {
    let isPlain = name.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
        || "._-+".utf8.contains($0)
    }
    guard isPlain, name.first != ".", name.utf8.count <= 200 else {
      throw entry.error("'\(name)' is no name for a record: letters, digits, '.', '_', '-', '+'")
    }
    if let line = names[name] {
      throw entry.error("the kernel of line \(line) is called '\(name)' as well; give it a 'name'")
    }
    names[name] = entry.node.line
    return name
  }
}

extension Manifest {
  /// The manifest that `text` is.
  /// - Parameter file: its path, whose folder the paths in it are relative to.
  public init(text: String, file: String) throws(ManifestError) {
    self = try Manifest(text: text, file: file, exists: nil)
  }

  /// - Parameter exists: whether there is a file, by its path from the manifest's folder; nil for those that are there
  ///   now.
  init(text: String, file: String, exists: ((String) -> Bool)?) throws(ManifestError) {
    var reader = ManifestReader(file: file, exists: exists)
    self = try reader.read(text)
  }
}
