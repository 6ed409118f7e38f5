import ArgumentParser
import BinVerify

/// What a proof may cost and how it is looked for.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The wall-clock time for all of the work.", valueName: "seconds"))
  var timeout: Double = 60

  @Option(help: "The memory that may be used: 512M, 4G, or bytes.")
  var memory: ByteCount = ByteCount(value: 4 << 30)

  @Option(help: "Z3's own count of work for each query; 0 for no limit.")
  var rlimit: UInt64 = 0

  @Option(help: "The stages that may answer.")
  var engine: Stages = Stages(value: Set(Stage.allCases))

  @Option(help: ArgumentHelp("How often a loop may go round.", valueName: "n"))
  var unroll: Int = 1_024

  func validate() throws {
    guard timeout > 0, timeout.isFinite else {
      throw ValidationError("--timeout: more than 0 seconds were expected")
    }
    guard unroll >= 0 else { throw ValidationError("--unroll: at least 0 was expected") }
  }

  /// As the library has them.
  var options: VerificationOptions {
    var options = VerificationOptions()
    options.seconds = timeout
    options.memory = memory.value
    options.resource = rlimit
    options.stages = engine.value
    options.iterations = unroll
    return options
  }

  /// A job within these limits. The child has a little longer than its own clock, so that it can
  /// say itself what it did not finish.
  func job(inputs: [String], outputs: [String] = []) -> Job {
    Job(timeout: timeout + 5, memory: memory.value, inputs: inputs, outputs: outputs)
  }
}

/// A number of bytes: digits and perhaps K, M, G or T.
struct ByteCount: ExpressibleByArgument {
  let value: UInt64

  init(value: UInt64) { self.value = value }

  init?(argument: String) {
    var digits = argument[...]
    var shift: UInt64 = 0
    if digits.hasSuffix("iB") { digits = digits.dropLast(2) }
    if let last = digits.last, let index = "KMGT".firstIndex(of: Character(last.uppercased())) {
      shift = UInt64("KMGT".distance(from: "KMGT".startIndex, to: index) + 1) * 10
      digits = digits.dropLast()
    }
    guard let count = UInt64(digits), count > 0, count <= .max >> shift else { return nil }
    value = count << shift
  }

  var defaultValueDescription: String {
    value % (1 << 30) == 0 ? "\(value >> 30)G" : String(value)
  }
}

/// Names of stages with commas between them.
struct Stages: ExpressibleByArgument {
  let value: Set<Stage>

  init(value: Set<Stage>) { self.value = value }

  init?(argument: String) {
    var stages: Set<Stage> = []
    for name in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let stage = Stage(rawValue: String(name)) else { return nil }
      stages.insert(stage)
    }
    value = stages
  }

  var defaultValueDescription: String {
    Stage.allCases.filter(value.contains).map(\.rawValue).joined(separator: ",")
  }
}
