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
  var reference: Reference?
  var seconds: Double
  var memory: UInt64
  var resource: UInt64
  var iterations: Int
  var placements: Int
  var tests: Int

  /// The message that carries it.
  var message: WorkerMessage {
    WorkerMessage([
      Array("setup".utf8), Array(specification.utf8), Array(file.utf8), Array(isa.utf8),
      Array((reference == nil ? "alone" : "compared").utf8), Array((reference?.isa ?? "").utf8),
      reference?.bytes ?? [],
      Array(
        "\(seconds.bitPattern) \(memory) \(resource) \(iterations) \(placements) \(tests)".utf8),
    ])
  }

  init(
    specification: String, file: String, isa: String, reference: Reference?,
    options: VerificationOptions, tests: Int
  ) {
    self.specification = specification
    self.file = file
    self.isa = isa
    self.reference = reference
    seconds = options.seconds
    memory = options.memory
    resource = options.resource
    iterations = options.iterations
    placements = options.placements
    self.tests = tests
  }

  /// The setup in a message, or nil where it has none.
  init?(_ message: WorkerMessage) {
    let numbers = message.text(7).split(separator: " ").compactMap { UInt64($0) }
    guard message.fields.count == 8, message.text(0) == "setup", numbers.count == 6 else {
      return nil
    }
    specification = message.text(1)
    file = message.text(2)
    isa = message.text(3)
    switch message.text(4) {
    case "alone": reference = nil
    case "compared": reference = Reference(bytes: message.fields[6], isa: message.text(5))
    default: return nil
    }
    seconds = Double(bitPattern: numbers[0])
    memory = numbers[1]
    resource = numbers[2]
    iterations = Int(clamping: numbers[3])
    placements = Int(clamping: numbers[4])
    tests = Int(clamping: numbers[5])
  }

  var options: VerificationOptions {
    var options = VerificationOptions()
    options.seconds = seconds
    options.memory = memory
    options.resource = resource
    options.iterations = iterations
    options.placements = placements
    return options
  }
}
