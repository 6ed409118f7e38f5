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

  /// How deep nodes may lie in each other, and how many may have a name for aliases: the time that
  /// libyaml needs grows with the square of both, and no manifest is near.
  private static let (depthLimit, anchorLimit) = (64, 1000)

  /// The document of a text; nil for a text without any.
  ///
  /// - Throws: `YAMLError` for a text that is not YAML, has more documents than one, or exceeds the
  ///   limits.
  static func read(_ text: String) throws(YAMLError) -> YAMLDocument? {
    // What libyaml reads has an address.
    if text.isEmpty { return nil }
    let bytes = Array(text.utf8)
    try parsing(bytes, checkLimits)
    return try parsing(bytes, documents).first
  }

  private static func parsing<Result>(
    _ bytes: [UInt8], _ body: (inout yaml_parser_t) throws(YAMLError) -> Result
  ) throws(YAMLError) -> Result {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { throw error(of: parser) }
    defer { yaml_parser_delete(&parser) }
    return try bytes.withUnsafeBufferPointer { bytes throws(YAMLError) in
      yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
      return try body(&parser)
    }
  }

  /// Goes through the parser's events, which come one at a time, before any document is made of them.
  private static func checkLimits(_ parser: inout yaml_parser_t) throws(YAMLError) {
    var (depth, anchors) = (0, 0)
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(&parser, &event) == 1 else { throw error(of: parser) }
      defer { yaml_event_delete(&event) }
      switch event.type {
      case YAML_STREAM_END_EVENT: return
      case YAML_SEQUENCE_START_EVENT:
        depth += 1
        if event.data.sequence_start.anchor != nil { anchors += 1 }
      case YAML_MAPPING_START_EVENT:
        depth += 1
        if event.data.mapping_start.anchor != nil { anchors += 1 }
      case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: depth -= 1
      case YAML_SCALAR_EVENT: if event.data.scalar.anchor != nil { anchors += 1 }
      default: break
      }
      guard depth <= depthLimit, anchors <= anchorLimit else {
        throw YAMLError(
          line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1,
          reason: depth > depthLimit
            ? "lists and mappings lie more than \(depthLimit) deep"
            : "more than \(anchorLimit) anchors")
      }
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
