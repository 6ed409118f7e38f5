import Verification

/// What candidates are judged against, as a host tells its workers.
struct CandidateSetup: Sendable, Hashable {
  /// Code that candidates have to be equivalent to.
  struct Reference: Sendable, Hashable {
    let bytes: [UInt8]
    let isa: String
  }

  /// What reports call a candidate, and the code that it is compared with.
  static let codeName = "candidate"
  static let referenceName = "reference"

  var specification: String
  var file: String
  var isa: String
  /// The CPU of the candidates, by name.
  var cpu: String
  var reference: Reference?
  var options: VerificationOptions
  var tests: Int
  /// Whether reports and counterexamples are written.
  var reports = true

  /// The message that carries it.
  var message: WorkerMessage {
    let numbers = [
      options.seconds.bitPattern, options.memory, options.resource, UInt64(options.iterations),
      UInt64(options.placements), UInt64(tests), reports ? 1 : 0,
    ]
    return WorkerMessage([
      Array("setup".utf8), Array(specification.utf8), Array(file.utf8), Array(isa.utf8),
      Array(cpu.utf8), Array((reference == nil ? "alone" : "compared").utf8),
      Array((reference?.isa ?? "").utf8), reference?.bytes ?? [],
      CandidateSetup.words(numbers.map(String.init)),
      CandidateSetup.words(options.stages.map(\.rawValue).sorted()),
    ])
  }

  private static func words(_ words: [String]) -> [UInt8] {
    Array(words.joined(separator: " ").utf8)
  }
}

extension CandidateSetup {
  /// The setup in a message, or nil where it has none.
  init?(_ message: WorkerMessage) {
    guard message.fields.count == 10, message.text(0) == "setup" else { return nil }
    func words(_ field: Int) -> [String] {
      message.text(field).split(separator: " ").map(String.init)
    }
    let numbers = words(8).compactMap { UInt64($0) }
    guard numbers.count == 7 else { return nil }
    switch message.text(5) {
    case "alone": reference = nil
    case "compared": reference = Reference(bytes: message.fields[7], isa: message.text(6))
    default: return nil
    }
    specification = message.text(1)
    file = message.text(2)
    isa = message.text(3)
    cpu = message.text(4)
    options = VerificationOptions()
    options.seconds = Double(bitPattern: numbers[0])
    options.memory = numbers[1]
    options.resource = numbers[2]
    options.iterations = Int(clamping: numbers[3])
    options.placements = Int(clamping: numbers[4])
    options.stages = Set(words(9).compactMap(Stage.init))
    tests = Int(clamping: numbers[5])
    reports = numbers[6] == 1
  }
}
