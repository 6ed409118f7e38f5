import ObjectFiles
import Verification

/// What `binverify.yml` says: the kernels of a repository and what has to hold of each.
public struct Manifest: Sendable {
  /// What an inconclusive result means for the gate as a whole.
  public enum Tolerance: String, Sendable, Hashable, Codable {
    case fail, warn
  }

  /// What a kernel is held against.
  public enum Obligation: Sendable, Hashable {
    /// The path of a specification.
    case specification(String)
    /// The code that the kernel is to stand for, and what both are: the path of a specification or a
    /// declaration in C.
    case reference(InputArgument, specification: String?, prototype: String?)
  }

  /// One kernel; paths are relative to the manifest's folder.
  public struct Kernel: Sendable, Hashable {
    /// The name of its record; no two kernels have the same.
    public let name: String
    /// The line and column of its entry in the manifest.
    public internal(set) var line: Int
    public internal(set) var column: Int
    public let code: String
    public let symbol: String?
    public let isa: String?
    /// One for each instruction set that is restricted.
    public let cpus: [String]
    public let obligation: Obligation
    /// What is not asked of it.
    public let waived: Set<ObligationKind>
    public internal(set) var limits: Limits
    public let tolerance: Tolerance
    /// Where the kernel comes from, in the words of its generator: model, checkpoint, seed, parent.
    public let provenance: [String: String]
  }

  /// What the proof of one kernel may cost and how it is looked for.
  public struct Limits: Sendable, Hashable {
    public var seconds: Double = 60
    public var memory: UInt64 = 4 << 30
    public var iterations = 1_024
    public var stages: Set<Stage> = Set(Stage.allCases)

    public init() {}

    /// As the engine has them, with what is to be proved.
    func options(waiving waived: Set<ObligationKind>) -> VerificationOptions {
      var options = VerificationOptions()
      options.obligations.subtract(waived)
      options.seconds = seconds
      options.memory = memory
      options.iterations = iterations
      options.stages = stages
      return options
    }
  }

  /// The path as it was given.
  public let file: String
  /// The folder that paths are relative to: empty or with a slash at its end.
  public let folder: String
  /// In the manifest's order, the files of a pattern sorted.
  public let kernels: [Kernel]

  public init(file: String, folder: String, kernels: [Kernel]) {
    self.file = file
    self.folder = folder
    self.kernels = kernels
  }

  /// The paths of all files that the kernels name, from here.
  package var inputs: [String] { kernels.flatMap(\.files).map { folder + $0 } }
}
