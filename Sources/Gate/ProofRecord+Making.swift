import BinVerify

extension ProofRecord {
  /// What a proof says besides its claims, the same for every kernel.
  static let assumptions = [
    "instructions mean what the tables of this version say they do",
    "the stack pointer is aligned as the ABI says, and 64 KiB of stack below it are usable and apart"
      + " from every buffer",
    "a buffer that is not empty is not at address 0, and the address after its last byte is greater"
      + " than those before it: it neither wraps around the end of memory nor ends there",
    "buffers overlap only where neither is restrict; each way in which they may is proved apart",
    "code and read-only data are not written while the code runs, by it or by anything else",
    "nothing else writes the buffers or the stack while the code runs",
    "a store-exclusive fails only finitely often in one run, and the stack protector's guard is the"
      + " same at each look",
  ]

  /// What a record of a kernel's proof says that it is.
  static func verdict(on kernel: Manifest.Kernel) -> String {
    if case .reference = kernel.obligation { "equivalent" } else { "proved" }
  }

  /// A record of what there is to prove, without the proof.
  init(_ kernel: Manifest.Kernel, _ inputs: KernelInputs) {
    var tables: [String: Digest] = [:]
    for architecture in inputs.architectures {
      tables[architecture.name] = Digest(ofTables: architecture)
    }
    self.init(
      subject: [Subject(name: kernel.name, digest: ["sha256": Digest(of: inputs.code.code)])],
      predicate: Predicate(
        verdict: ProofRecord.verdict(on: kernel),
        isa: inputs.architectures.map(\.name), specification: inputs.specification,
        reference: inputs.reference.map { Digest(of: $0.code) }, tables: tables, engine: version,
        model: modelVersion,
        options: Options(kernel, cpus: inputs.architectures.map(\.cpu.name)),
        solver: "", placements: 0, obligations: [], execution: [],
        assumptions: ProofRecord.assumptions,
        provenance: kernel.provenance.isEmpty ? nil : kernel.provenance))
  }

  /// What is not as it was when `record` was made, in words.
  func changes(since record: ProofRecord) -> [String] {
    let (new, old) = (predicate, record.predicate)
    var changes: [String] = []
    func note(_ isSame: Bool, _ words: String) { if !isSame { changes.append(words) } }
    note(record.subject.count == 1 && subject[0].name == record.subject[0].name, "the name changed")
    note(record.subject.first?.digest == subject[0].digest, "the code changed")
    note(new.specification == old.specification, "the specification changed")
    note(new.reference == old.reference, "the reference changed")
    note(new.tables == old.tables, "the tables of the instruction set changed")
    note(new.engine == old.engine && new.model == old.model, "the engine changed")
    note(new.options == old.options, "the options changed")
    note(new.verdict == old.verdict, "the verdict on record is '\(old.verdict)'")
    note(new.provenance == old.provenance, "the provenance changed")
    return changes
  }
}

extension ProofRecord.Options {
  /// What `kernel` asks for, on CPUs of these names.
  init(_ kernel: Manifest.Kernel, cpus: [String]) {
    self.init(
      cpus: cpus,
      stages: Stage.allCases.filter(kernel.limits.stages.contains).map(\.rawValue),
      iterations: kernel.limits.iterations,
      waived: kernel.waived.isEmpty ? nil : kernel.waived.map(\.rawValue).sorted())
  }
}
