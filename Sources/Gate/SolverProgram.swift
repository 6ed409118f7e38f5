import Isolation

/// An SMT-LIB 2 solver that is a program of its own: a script on standard input, the answer on
/// standard output.
public struct SolverProgram: Sendable, Hashable {
  /// What a solver says of a script.
  public enum Answer: Sendable, Hashable {
    case unsatisfiable, satisfiable
    /// No answer, and why.
    case unknown(String)
  }

  /// The name and version to put on record.
  public let description: String
  /// The stages that this solver's kin settles, so that it is no second opinion on them.
  let kin: Set<String>
  private let program: IsolatedProgram
  /// Where the program is.
  var path: String { program.path }

  /// Programs that are looked for, the most welcome first, with what makes each read SMT-LIB from
  /// standard input. Z3 comes last: it is the engine's own, as a program perhaps of another version.
  private static let known: [(name: String, title: String, arguments: [String])] = [
    ("cvc5", "cvc5", ["--lang=smt2"]), ("bitwuzla", "Bitwuzla", ["--lang", "smt2"]),
    ("yices-smt2", "Yices", []), ("boolector", "Boolector", ["--smt2"]),
    ("mathsat", "MathSAT", []), ("z3", "Z3", ["-smt2", "-in"]),
  ]

  /// The known solvers that are on the path.
  public static func installed() -> [SolverProgram] {
    known.compactMap { SolverProgram($0.name) }
  }

  /// The solver that `word` names, a program on the path or by its own path; nil if there is none.
  /// One that is not known is run without arguments.
  public init?(_ word: String) {
    guard let path = IsolatedProgram.find(word) else { return nil }
    let name = word.split(separator: "/").last.map(String.init) ?? word
    let known = SolverProgram.known.first { $0.name == name }
    program = IsolatedProgram(path: path, arguments: known?.arguments ?? [])
    let remarks = SolverProgram.remarks(path)
    description =
      "\(known?.title ?? name) \(SolverProgram.version(remarks) ?? "of no known version")"
    // A Z3 under another name says that it is one.
    let isZ3 = name.lowercased().hasPrefix("z3") || remarks.contains("Z3")
    kin = isZ3 ? ["z3"] : []
  }

  private static func remarks(_ path: String) -> String {
    let probe = IsolatedProgram(path: path, arguments: ["--version"])
    guard case .exited(_, let output, _) = probe.run(seconds: 10) else { return "" }
    return String(decoding: output.prefix(4096), as: UTF8.self)
  }

  /// The first word that is a number with a point in it.
  private static func version(_ text: String) -> String? {
    text.split { " \n\t(),".contains($0) }.first { word in
      word.first?.isNumber == true && word.contains(".")
        && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-+".contains($0)) }
    }.map(String.init)
  }

  /// The answer to a script with one `check-sat`. Only the very words `unsat` and `sat`, alone on
  /// standard output, count.
  public func check(_ script: String, seconds: Double, memory: UInt64) -> Answer {
    let ending = program.run(
      input: Array(script.utf8), seconds: seconds, memory: memory,
      outputLimit: SolverProgram.longestOutput)
    switch ending {
    case .exited(_, let output, _) where output.count >= SolverProgram.longestOutput:
      return .unknown("more than \(SolverProgram.longestOutput) bytes of output")
    case .exited(let status, let output, let errors):
      let text = String(decoding: output, as: UTF8.self)
      switch SolverProgram.trimmed(text) {
      case "unsat" where status == 0 || status == 20: return .unsatisfiable
      case "sat" where status == 0 || status == 10: return .satisfiable
      default: return .unknown(SolverProgram.remark(text, errors, status))
      }
    case .timedOut: return .unknown("no answer after \(SolverProgram.short(seconds)) s")
    case .killed(let signal): return .unknown("ended by signal \(signal)")
    case .interrupted: return .unknown("interrupted")
    case .notStarted(let error): return .unknown("not started: error \(error)")
    }
  }

  /// As many bytes of output are read; what has so many is no answer.
  private static let longestOutput = 1 << 16

  private static func trimmed(_ text: String) -> Substring {
    var text = text[...]
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }

  /// The first line of what it said, in at most 120 characters.
  private static func remark(_ output: String, _ errors: [UInt8], _ status: Int32) -> String {
    for text in [output, String(decoding: errors.prefix(4096), as: UTF8.self)] {
      if let line = text.split(whereSeparator: \.isNewline).first {
        return String(line.filter { !$0.isASCII || $0 >= " " }.prefix(120))
      }
    }
    return "status \(status) and no answer"
  }

  private static func short(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
