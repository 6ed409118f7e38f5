import CYAML

/// Why a text is no YAML, and where.
struct YAMLError: Error {
  let line: Int
  let column: Int
  let reason: String
}

/// A YAML document as libyaml reads it; nothing is copied before it is asked for, so that aliases, which
/// may make a graph of a small text, cost nothing.
final class YAMLDocument {
  private var document: yaml_document_t

  /// The document of a text; nil for a text without any.
  ///
  /// - Throws: `YAMLError` for a text that is not YAML, or has more documents than one.
  static func read(_ text: String) throws(YAMLError) -> YAMLDocument? {
    // What libyaml reads has an address.
    if text.isEmpty { return nil }
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { throw error(of: parser) }
    defer { yaml_parser_delete(&parser) }
    let bytes = Array(text.utf8)
    return try bytes.withUnsafeBufferPointer { bytes throws(YAMLError) in
      yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
      return try documents(of: &parser).first
    }
  }

  private static func documents(
    of parser: inout yaml_parser_t
  ) throws(YAMLError) -> [YAMLDocument] {
    var result: [YAMLDocument] = []
    while true {
      var document = yaml_document_t()
      guard yaml_parser_load(&parser, &document) == 1 else { throw error(of: parser) }
      let owner = YAMLDocument(document)
      guard let root = owner.root else { return result }
      if !result.isEmpty {
        throw YAMLError(line: root.line, column: root.column, reason: "a second document")
      }
      result.append(owner)
    }
  }

  private static func error(of parser: yaml_parser_t) -> YAMLError {
    let reason = parser.problem.map { String(cString: $0) } ?? "no memory"
    let mark = parser.problem_mark
    return YAMLError(line: Int(mark.line) + 1, column: Int(mark.column) + 1, reason: reason)
  }

  private init(_ document: yaml_document_t) { self.document = document }

  deinit { yaml_document_delete(&document) }

  /// The outermost node; nil for an empty document.
  var root: YAMLNode? {
    guard let node = yaml_document_get_root_node(&document) else { return nil }
    return YAMLNode(document: self, node: node)
  }

  fileprivate func node(_ number: Int32) -> YAMLNode {
    guard let node = yaml_document_get_node(&document, number) else {
      preconditionFailure("no node \(number) in a document that libyaml made")
    }
    return YAMLNode(document: self, node: node)
  }
}

/// A node of a document, with its place; lines and columns count from 1.
struct YAMLNode {
  fileprivate let document: YAMLDocument
  fileprivate let node: UnsafeMutablePointer<yaml_node_t>

  var line: Int { Int(node.pointee.start_mark.line) + 1 }
  var column: Int { Int(node.pointee.start_mark.column) + 1 }

  /// The text of a word; nil for other nodes.
  var text: String? {
    guard node.pointee.type == YAML_SCALAR_NODE else { return nil }
    let scalar = node.pointee.data.scalar
    return String(
      decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
  }

  /// The members of a list; nil for other nodes.
  var items: [YAMLNode]? {
    guard node.pointee.type == YAML_SEQUENCE_NODE else { return nil }
    let items = node.pointee.data.sequence.items
    return UnsafeBufferPointer(start: items.start, count: items.top - items.start)
      .map { document.node($0) }
  }

  /// The members of a mapping in the order of the text; nil for other nodes.
  var members: [(key: YAMLNode, value: YAMLNode)]? {
    guard node.pointee.type == YAML_MAPPING_NODE else { return nil }
    let pairs = node.pointee.data.mapping.pairs
    return UnsafeBufferPointer(start: pairs.start, count: pairs.top - pairs.start)
      .map { (document.node($0.key), document.node($0.value)) }
  }
}
