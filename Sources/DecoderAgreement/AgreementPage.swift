/// The page that shows what was compared, how many differ, and why.
package struct AgreementPage: Sendable {
  /// One corpus compared with one oracle.
  package struct Entry: Sendable {
    let isa: String
    let corpus: String
    let oracle: String
    let tally: AgreementTally

    package init(isa: String, corpus: String, oracle: String, tally: AgreementTally) {
      self.isa = isa
      self.corpus = corpus
      self.oracle = oracle
      self.tally = tally
    }
  }

  package var entries: [Entry] = []

  package init() {}

  /// The differences that no rule explains.
  package var differenceCount: Int { entries.reduce(0) { $0 + $1.tally.differences.count } }

  package var markdown: String {
    introduction + table + rules + differences
  }

  private var introduction: String {
    """
    # Decoders in agreement

    Made by `make agreement`: both decoders against two independent disassemblers each. A code is the
    bytes of one instruction; those of libraries are the different ones that a linear sweep of `.text`
    meets. *Same* is the same validity, length, mnemonic and operands; *both refuse* says that it is no
    instruction; *not in our tables* is an instruction that we report as unsupported; *by a rule* is a
    difference that a rule below explains; *unexplained* is anything else.


    """
  }

  private var table: String {
    var text = """
      | ISA | codes | compared with | number | same | both refuse | not in our tables | by a rule | unexplained |
      |---|---|---|--:|--:|--:|--:|--:|--:|

      """
    for entry in entries {
      let tally = entry.tally
      let numbers = [
        tally.count, tally.same, tally.bothRefuse, tally.notInTables, tally.explainedCount,
        tally.differences.count,
      ]
      text += "| \(entry.isa) | \(entry.corpus) | \(entry.oracle) | "
      text += numbers.map(Self.grouped).joined(separator: " | ") + " |\n"
    }
    return text
  }

  private var rules: String {
    var lines: [String] = []
    var order: [String] = []
    var counts: [String: (count: Int, example: [UInt8])] = [:]
    for entry in entries {
      for (rule, found) in entry.tally.explained {
        let key = "| \(entry.isa) | \(entry.oracle) | \(rule.reason) |"
        if counts[key] == nil { order.append(key) }
        counts[key, default: (0, found.example)].count += found.count
      }
    }
    for key in order.sorted() {
      guard let (count, example) = counts[key] else { continue }
      lines.append("\(key) \(Self.grouped(count)) | `\(hexText(example))` |")
    }
    return """

      ## The rules

      | ISA | against | why they differ | codes | one of them |
      |---|---|---|--:|---|

      """ + lines.joined(separator: "\n") + "\n"
  }

  private var differences: String {
    let texts = entries.flatMap { entry in
      entry.tally.differences.prefix(20).map { "- \(entry.isa), \(entry.oracle): `\($0)`" }
    }
    return texts.isEmpty ? "" : "\n## Unexplained\n\n" + texts.joined(separator: "\n") + "\n"
  }

  /// 1234567 as 1,234,567.
  private static func grouped(_ number: Int) -> String {
    let digits = String(number)
    return digits.enumerated().reduce(into: "") { text, digit in
      if digit.offset > 0, (digits.count - digit.offset) % 3 == 0 { text += "," }
      text.append(digit.element)
    }
  }
}
