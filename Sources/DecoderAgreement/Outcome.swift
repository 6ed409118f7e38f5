/// Another disassembler, and why its reading may differ from ours.
package protocol DecoderOracle: Sendable {
  /// Its name and version, for the page.
  var name: String { get }

  /// What comes of comparing its reading of each code with ours.
  func outcomes(_ codes: [[UInt8]]) throws -> [Outcome]
}

/// What comes of comparing two decoders on the bytes of one instruction.
package enum Outcome: Hashable, Sendable {
  /// Both read the same instruction of the same length.
  case same
  /// Both refuse the bytes.
  case bothRefuse
  /// The other reads an instruction that our tables do not have, and we say so.
  case notInTables
  /// They differ, by a rule that says why.
  case explained(AgreementRule)
  /// They differ, and nothing says why: the bytes and both readings.
  case different(String)
}

/// Why two decoders differ on a class of codes.
package struct AgreementRule: Hashable, Sendable {
  package let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// How often each outcome came.
package struct AgreementTally: Sendable {
  package private(set) var count = 0
  package private(set) var same = 0
  package private(set) var bothRefuse = 0
  package private(set) var notInTables = 0
  /// By rule: how many codes, and one of them.
  package private(set) var explained: [AgreementRule: (count: Int, example: [UInt8])] = [:]
  package private(set) var differences: [String] = []

  package init() {}

  package mutating func add(_ outcome: Outcome, of code: [UInt8]) {
    count += 1
    switch outcome {
    case .same: same += 1
    case .bothRefuse: bothRefuse += 1
    case .notInTables: notInTables += 1
    case .explained(let rule): explained[rule, default: (0, code)].count += 1
    case .different(let text): differences.append(text)
    }
  }

  /// How many codes of the corpus differ by a rule.
  package var explainedCount: Int { explained.values.reduce(0) { $0 + $1.count } }

  /// Compares all codes, some at a time.
  package static func comparing(
    _ codes: [[UInt8]], with oracle: some DecoderOracle
  ) throws -> AgreementTally {
    var tally = AgreementTally()
    for start in stride(from: 0, to: codes.count, by: 100_000) {
      let part = Array(codes[start..<min(start + 100_000, codes.count)])
      for (outcome, code) in zip(try oracle.outcomes(part), part) { tally.add(outcome, of: code) }
    }
    return tally
  }
}
