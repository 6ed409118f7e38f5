import BinVerify

extension Digest {
  /// The digest of everything about code that a verification sees: its bytes with their addresses,
  /// its entry and extent, what is unresolved in it and what linkers decide. Its name and its source lines are not part.
  public init(of code: Code) {
    var text = "entry \(code.entry) extent \(code.extent.lowerBound) \(code.extent.upperBound)"
    text += code.slideStep.map { " relocatable by \($0)\n" } ?? " fixed\n"
    for segment in code.segments {
      let kind = segment.isExecutable ? "code" : "data"
      let step = segment.ownStep.map { " by \($0)" } ?? ""
      let content = segment.isKnown ? "\(Digest(of: segment.bytes))" : "unknown"
      text += "\(kind) \(segment.address)\(step) \(content)\n"
    }
    for field in code.linkedFields {
      let kind = field.isMerged ? "merged \(field.kind.rawValue)" : field.kind.rawValue
      text += "\(kind) \(field.address) \(field.byteCount)\n"
    }
    for word in code.addressWords { text += "address \(word)\n" }
    for reference in code.unresolved {
      let end = reference.cause == .ending ? " ending" : ""
      text += "unresolved \(reference.address) \(reference.byteCount)\(end)\n"
    }
    self.init(of: text)
  }

  /// The digest of an architecture's tables, made of its rows: the form, its encoding and the
  /// features it needs, and the entry of the manual that says what it does.
  public init(ofTables architecture: any Architecture) {
    var text = architecture.name + "\n"
    for form in architecture.forms {
      text += "\(form.syntax)\t\(form.encoding)\t\(form.feature)\t\(form.family.title)\n"
    }
    self.init(of: text)
  }
}
