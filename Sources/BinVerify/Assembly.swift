import MachineModel

/// A line of an assembled text.
public struct AssembledLine: Sendable, Hashable {
  /// The line of the text, from 1.
  public let line: Int
  public let address: UInt64
  public let bytes: [UInt8]
  /// Nil for a line of data.
  public let instruction: Instruction?
}

/// Why a text is not assembly: where, and what was expected.
public struct AssemblyTextError: Error, Sendable, Hashable, CustomStringConvertible {
  public let file: String
  /// The line and the column, both from 1.
  public let line: Int
  public let column: Int
  public let reason: String

  /// `FILE:LINE:COLUMN: REASON`.
  public var description: String { "\(file):\(line):\(column): \(reason)" }
}

/// The instructions that `text` stands for, the first at `address`.
///
/// A line holds at most one instruction, after any number of labels (`name:`); `.byte 0x90, 1` puts
/// bytes. A `;` or `//` starts a comment, and so does a `#` where no operand can start.
public func assemble(
  _ text: String, _ architecture: any Architecture, at address: UInt64 = 0,
  file: String = "assembly"
) throws(AssemblyTextError) -> [AssembledLine] {
  var assembler = try Assembler(text, architecture, file: file)
  return try assembler.assemble(at: address)
}

/// Assembles lines until the labels stay where they are.
private struct Assembler {
  /// An instruction or data, and where it stands.
  private struct Statement {
    let text: String
    let line: Int
    /// The number of characters before the statement.
    let indentation: Int
  }

  /// Passes after which labels that still move are an error.
  private static let passLimit = 64

  private let architecture: any Architecture
  private let file: String
  private var statements: [Statement] = []
  /// The statement that each label stands before.
  private var labels: [String: Int] = [:]

  init(
    _ text: String, _ architecture: any Architecture, file: String
  ) throws(AssemblyTextError) {
    self.architecture = architecture
    self.file = file
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() { try read(line, number: index + 1) }
  }

  /// Splits a line into labels and a statement.
  private mutating func read(_ line: Substring, number: Int) throws(AssemblyTextError) {
    var rest = Assembler.withoutComment(line)
    while let colon = rest.firstIndex(of: ":") {
      // In `cmp fs:[40], rcx` no label comes before the colon.
      let words = rest[..<colon].split { $0 == " " || $0 == "\t" }
      guard words.count == 1, Assembler.isName(String(words[0])) else { break }
      let name = String(words[0])
      if labels.updateValue(statements.count, forKey: name) != nil {
        throw AssemblyTextError(
          file: file, line: number, column: 1, reason: "the label '\(name)' is there twice")
      }
      rest = rest[rest.index(after: colon)...]
    }
    let statement = rest.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
    guard !statement.isEmpty else { return }
    var trimmed = statement
    while let last = trimmed.last, last == " " || last == "\t" || last == "\r" {
      trimmed.removeLast()
    }
    statements.append(
      Statement(
        text: String(trimmed), line: number,
        indentation: line.distance(from: line.startIndex, to: statement.startIndex)))
  }

  private static func withoutComment(_ line: Substring) -> Substring {
    if line.first(where: { $0 != " " && $0 != "\t" }) == "#" { return line.prefix(0) }
    var previous: Character = " "
    for index in line.indices {
      if line[index] == ";" { return line[..<index] }
      if line[index] == "/" && previous == "/" { return line[..<line.index(before: index)] }
      previous = line[index]
    }
    return line
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.first, first.isLetter || first == "_" || first == "." else {
      return false
    }
    return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." || $0 == "$" }
  }

  /// Repeats passes until no address changes.
  mutating func assemble(at start: UInt64) throws(AssemblyTextError) -> [AssembledLine] {
    var addresses = [UInt64](repeating: start, count: statements.count + 1)
    for index in statements.indices {
      addresses[index] = start &+ UInt64(index * architecture.instructionAlignment)
    }
    addresses[statements.count] =
      start &+ UInt64(statements.count * architecture.instructionAlignment)
    for _ in 0..<Assembler.passLimit {
      let lines = try pass(at: start, labels: labels.mapValues { addresses[$0] })
      let found =
        lines.map(\.address) + [lines.last.map { $0.address &+ UInt64($0.bytes.count) } ?? start]
      if found == addresses { return lines }
      addresses = found
    }
    throw AssemblyTextError(
      file: file, line: 1, column: 1, reason: "the lengths of branches do not settle")
  }

  private func pass(
    at start: UInt64, labels: [String: UInt64]
  ) throws(AssemblyTextError) -> [AssembledLine] {
    var address = start
    var lines: [AssembledLine] = []
    for statement in statements {
      let line = try assemble(statement, at: address, labels)
      lines.append(line)
      address &+= UInt64(line.bytes.count)
    }
    return lines
  }

  private func assemble(
    _ statement: Statement, at address: UInt64, _ labels: [String: UInt64]
  ) throws(AssemblyTextError) -> AssembledLine {
    if statement.text.hasPrefix(".byte") {
      return AssembledLine(
        line: statement.line, address: address, bytes: try data(statement), instruction: nil)
    }
    do {
      let instruction = try architecture.parse(statement.text, at: address, labels: labels)
      return AssembledLine(
        line: statement.line, address: address, bytes: try architecture.encode(instruction),
        instruction: instruction)
    } catch {
      throw AssemblyTextError(
        file: file, line: statement.line, column: statement.indentation + max(error.column, 1),
        reason: error.reason)
    }
  }

  /// The bytes of a `.byte` line.
  private func data(_ statement: Statement) throws(AssemblyTextError) -> [UInt8] {
    var bytes: [UInt8] = []
    for part in statement.text.dropFirst(5).split(separator: ",") {
      let digits = part.filter { $0 != " " && $0 != "\t" }
      let value =
        digits.hasPrefix("0x") ? UInt8(digits.dropFirst(2), radix: 16) : UInt8(digits)
      guard let value else {
        throw AssemblyTextError(
          file: file, line: statement.line, column: statement.indentation + 1,
          reason: "a byte from 0 to 255 was expected, found '\(digits)'")
      }
      bytes.append(value)
    }
    return bytes
  }
}
