import Gate

/// What a run changed against a base.
public struct GateDifference: Sendable {
  /// Proved now and not at the base, where it was known.
  public private(set) var newlyProved: [String] = []
  /// Refuted now and not at the base.
  public private(set) var newlyRefuted: [String] = []
  /// Proved at the base and now neither proved nor refuted.
  public private(set) var lost: [String] = []
  /// Not known at the base.
  public private(set) var added: [String] = []
  /// Known at the base and no longer in the manifest.
  public private(set) var removed: [String] = []

  /// - Parameter names: those of all kernels of the manifest; the run may be of some of them.
  public init(_ report: GateReport, since base: BaseVerdicts, names: some Sequence<String>) {
    for kernel in report.kernels {
      let old = base.verdicts[kernel.name]
      if old == nil { added.append(kernel.name) }
      switch kernel.verdict {
      case .proved: if let old, old != .proved { newlyProved.append(kernel.name) }
      case .refuted: if old != .refuted { newlyRefuted.append(kernel.name) }
      default: if old == .proved { lost.append(kernel.name) }
      }
    }
    removed = Set(base.verdicts.keys).subtracting(names).sorted()
  }

  /// What changed, in a few words each; nothing where nothing did.
  var words: [String] {
    [
      (newlyProved, "newly proved"), (newlyRefuted, "newly refuted"),
      (lost, lost.count == 1 ? "proof lost" : "proofs lost"), (added, "new"),
      (removed, "no longer asked for"),
    ].filter { !$0.0.isEmpty }.map { "\($0.0.count) \($0.1)" }
  }
}
