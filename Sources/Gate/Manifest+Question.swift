import Verification

/// Named values as one text, which no other values have: each stands with its length, each name with
/// how many there are, and none at all is another thing than an empty one.
struct FieldText {
  private(set) var text = ""

  mutating func add(_ name: String, _ values: [String]?) {
    text += values.map { "\(name) \($0.count)\n" } ?? "\(name) -\n"
    for value in values ?? [] { text += "\(value.utf8.count) \(value)\n" }
  }

  mutating func add(_ name: String, _ value: String?) { add(name, value.map { [$0] }) }
}

extension Manifest.Kernel {
  /// All that is asked of it, without what only limits the cost of the answer: two kernels of which
  /// the same is asked have the same bytes here, and no others do.
  package var question: String {
    var fields = FieldText()
    fields.add("name", name)
    fields.add("code", code)
    fields.add("symbol", symbol)
    fields.add("isa", isa)
    fields.add("cpus", cpus)
    switch obligation {
    case .specification(let path): fields.add("specification", path)
    case .reference(let code, let specification, let prototype):
      fields.add("reference", code.path)
      fields.add("reference's symbol", code.symbol)
      fields.add("specification", specification)
      fields.add("prototype", prototype)
    }
    fields.add("waived", waived.map(\.rawValue).sorted())
    fields.add("iterations", "\(limits.iterations)")
    fields.add("stages", limits.stages.map(\.rawValue).sorted())
    fields.add(
      "provenance", provenance.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
    return fields.text
  }

  /// The paths of the files that the verdict depends on: the code, what it is held against, and the
  /// specification.
  var files: [String] {
    switch obligation {
    case .specification(let path): [code, path]
    case .reference(let input, let specification, _):
      [code, input.path] + (specification.map { [$0] } ?? [])
    }
  }

  /// Whether `other` is the same entry, wherever it stands in the manifest. Texts are compared by
  /// their bytes: names that look alike are not those of the same file.
  package func asks(theSameAs other: Manifest.Kernel) -> Bool {
    question.utf8.elementsEqual(other.question.utf8) && limits == other.limits
      && tolerance == other.tolerance
  }
}
