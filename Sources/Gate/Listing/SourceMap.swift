import BinVerify

/// The line of source that covers an address.
struct SourceMap {
  private let code: Code
  /// The addresses at which lines begin, sorted.
  private let starts: [UInt64]
  /// The paths of the files that are there, by the names that debug information has for them.
  private let paths: [String: String]

  init(_ code: Code, _ files: SourceFiles) {
    self.code = code
    starts = code.lines.keys.sorted()
    var paths: [String: String] = [:]
    for name in Set(code.lines.values.map(\.file)) { paths[name] = files.path(name) }
    self.paths = paths
  }

  /// The map of a kernel's code; `folder` is the manifest's.
  init(_ inputs: KernelInputs, _ kernel: Manifest.Kernel, folder: String) {
    self.init(inputs.code.code, SourceFiles(folder: folder, code: folder + kernel.code))
  }

  /// Nil without debug information and outside of the kernel itself.
  subscript(address: UInt64) -> GateReport.Source? {
    guard code.extent.contains(address) else { return nil }
    var (low, high) = (0, starts.count)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, let line = code.lines[starts[low - 1]] else { return nil }
    return GateReport.Source(file: line.file, line: line.line, path: paths[line.file])
  }
}
