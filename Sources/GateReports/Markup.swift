/// A tree of elements and text, written as HTML or XML; all that is data is escaped on its way out.
package indirect enum Markup {
  case text(String)
  case element(StaticString, [(name: StaticString, value: String)], [Markup])
  /// A style sheet, which is part of the program and cannot hold data.
  case style(StaticString)
  case group([Markup])

  /// An element; attributes without a value are left out.
  package static func tag(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?>, _ children: [Markup]
  ) -> Markup {
    .element(
      name,
      attributes.compactMap { pair in pair.value.map { (name: pair.key, value: $0) } }, children)
  }

  package static func tag(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?>, _ children: Markup...
  ) -> Markup { tag(name, attributes, children) }

  package static func tag(_ name: StaticString, _ children: [Markup]) -> Markup {
    .element(name, [], children)
  }

  package static func tag(_ name: StaticString, _ children: Markup...) -> Markup {
    .element(name, [], children)
  }

  // MARK: Writing

  /// As HTML 5; the document begins with its type.
  package var html: String {
    var result = "<!DOCTYPE html>\n"
    write(&result, isHTML: true)
    return result + "\n"
  }

  /// As XML 1.0 in UTF-8.
  package var xml: String {
    var result = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    write(&result, isHTML: false)
    return result + "\n"
  }

  /// HTML's elements that have no end.
  private static let void: Set<String> = ["meta", "br", "col"]
  /// Elements of HTML that begin a line, for people who read the text.
  private static let blocks: Set<String> = [
    "head", "body", "section", "table", "tr", "svg", "details", "h1", "h2", "h3", "testsuite",
    "testcase",
  ]

  private func write(_ result: inout String, isHTML: Bool) {
    switch self {
    case .text(let text): Markup.escape(text, into: &result)
    case .style(let sheet): result += "<style>\(sheet)</style>"
    case .group(let children): for child in children { child.write(&result, isHTML: isHTML) }
    case .element(let name, let attributes, let children):
      let name = "\(name)"
      if Markup.blocks.contains(name) { result += "\n" }
      result += "<\(name)"
      for attribute in attributes {
        result += " \(attribute.name)=\""
        Markup.escape(attribute.value, into: &result)
        result += "\""
      }
      if children.isEmpty, !isHTML { result += "/" }
      result += ">"
      guard !children.isEmpty || isHTML && !Markup.void.contains(name) else { return }
      for child in children { child.write(&result, isHTML: isHTML) }
      result += "</\(name)>"
    }
  }

  private static func escape(_ text: String, into result: inout String) {
    for scalar in text.printable.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}

extension Markup: ExpressibleByStringInterpolation {
  package init(stringLiteral value: String) { self = .text(value) }
}
