import Glibc
import MachineModel

/// A CPU as Linux describes it: its name, and its features by the manual's names.
package struct HostCPU: Sendable {
  package let name: String
  /// What Linux calls its features.
  private let words: Set<String>

  /// This machine's own; one without features where Linux does not tell.
  package init() {
    var bytes: [UInt8] = []
    if let file = fopen("/proc/cpuinfo", "r") {
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
        bytes += chunk.prefix(count)
      }
      fclose(file)
    }
    self.init(cpuinfo: String(decoding: bytes, as: UTF8.self))
  }

  /// Reads the text of `/proc/cpuinfo`.
  package init(cpuinfo: String) {
    var fields: [String: String] = [:]
    for line in cpuinfo.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let key = HostCPU.trimmed(parts[0])
      if fields[key] == nil { fields[key] = HostCPU.trimmed(parts[1]) }
    }
    let list = fields["flags"] ?? fields["Features"] ?? ""
    words = Set(list.split(separator: " ").map { HostCPU.key(String($0)) })
    if let model = fields["model name"] {
      name = "\(model), family \(fields["cpu family"] ?? "?"), model \(fields["model"] ?? "?")"
    } else {
      name =
        "CPU implementer \(fields["CPU implementer"] ?? "?"), part \(fields["CPU part"] ?? "?")"
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    var rest = text.drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return String(rest)
  }

  private static func key(_ word: String) -> String {
    word.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  /// The features that `form` needs and this CPU does not have.
  package func missing(for form: Form) -> [String] { form.features.filter { !has($0) } }

  /// Whether the CPU has a feature of the manual.
  private func has(_ feature: String) -> Bool {
    if let words = HostCPU.otherNames[feature] { return words.contains { self.words.contains($0) } }
    let name = feature.hasPrefix("FEAT_") ? String(feature.dropFirst(5)) : feature
    return words.contains(HostCPU.key(name))
  }

  /// Features whose name Linux does not use.
  private static let otherNames: [String: [String]] = [
    "SSE3": ["pni"], "LZCNT": ["abm"], "CMPXCHG16B": ["cx16"], "LAHF-SAHF": ["lahflm"],
    "SHA": ["shani"], "CLFSH": ["clflush"], "PREFETCHW": ["3dnowprefetch"],
    "RDTSC": ["tsc"], "FEAT_AdvSIMD": ["asimd"], "FEAT_SHA256": ["sha2"],
    "FEAT_LSE": ["atomics"], "FEAT_LOR": ["atomics"], "FEAT_RDM": ["asimdrdm"],
    "FEAT_LRCPC2": ["ilrcpc"], "FEAT_DotProd": ["asimddp"], "FEAT_LSE2": ["uscat"],
    "FEAT_FP16": ["fphp"], "FEAT_DPB": ["dcpop"],
  ]
}
