import Contracts
import MachineModel
import NativeExecution
import Verification

/// A counterexample as a gdb script: it maps code and input into a process of no importance and
/// steps through the code, `gdb -q -batch -x FILE`.
public struct DebuggerScript {
  private let image: ReproductionImage
  private let found: Counterexample

  public init(_ code: LoadedCode, _ contract: Contract, _ found: Counterexample) throws {
    image = try ReproductionImage(code, contract, found.input)
    self.found = found
  }

  /// The script.
  public var text: String {
    let lines =
      heading + mapping + image.regions.flatMap(contents) + registers + stepping
    return lines.joined(separator: "\n") + "\n"
  }

  private func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }

  private func line(_ text: String) -> String {
    String(text.unicodeScalars.map { $0.value < 0x20 ? "_" : Character($0) })
  }

  private var heading: [String] {
    [
      "# \(line(image.code.code.name)) against \(line(image.contract.file))",
      "# \(found.obligation.rawValue): \(line(found.message))",
      "set confirm off", "set pagination off", "set disassembly-flavor intel",
    ].filter { image.isa == .x86 || !$0.contains("flavor") } + [
      "file /bin/true", "starti", "set language c",
    ]
  }

  /// Makes the process map the pages, one system call for each run of pages.
  private var mapping: [String] {
    let call =
      image.isa == .x86
      ? "set {unsigned short}$pc = 0x050f" : "set {unsigned int}$pc = 0xd4000001"
    let page = ReproductionImage.pageBytes
    var lines = ["set $start = $pc", call]
    var end: UInt64 = 0
    for region in image.regions {
      let first = max(region.address / page * page, end)
      let last = (region.address &+ UInt64(region.bytes.count) &+ page - 1) / page * page
      guard first < last else { continue }
      end = last
      let arguments = [first, last - first, 7, 0x10_0032, UInt64.max, 0]
      let names =
        image.isa == .x86
        ? ["rdi", "rsi", "rdx", "r10", "r8", "r9"] : (0..<6).map { "x\($0)" }
      lines.append("set $pc = $start")
      lines.append(image.isa == .x86 ? "set $rax = 9" : "set $x8 = 222")
      lines += zip(names, arguments).map { "set $\($0) = \(hex($1))" } + ["stepi"]
    }
    return lines
  }

  /// Writes a region's bytes, leaving out zeros.
  private func contents(_ region: NativeRegion) -> [String] {
    stride(from: 0, to: region.bytes.count, by: 64).compactMap { start in
      let bytes = region.bytes[start..<min(start + 64, region.bytes.count)]
      guard bytes.contains(where: { $0 != 0 }) else { return nil }
      let list = bytes.map(String.init).joined(separator: ", ")
      return "set {unsigned char[\(bytes.count)]}\(hex(region.address + UInt64(start))) = {\(list)}"
    }
  }

  private var registers: [String] {
    var lines = zip(image.isa.registerNames, image.general).map { "set $\($0) = \(hex($1))" }
    let flags = hex(image.general[image.general.count - 1])
    lines.append(
      image.isa == .x86 ? "set $eflags = 0x202 | \(flags)" : "set $cpsr = \(flags)")
    if image.vectorWidth > 0 { lines += vectors }
    return lines + ["set $pc = \(hex(image.entry))"]
  }

  /// The vector registers as far as values reach.
  private var vectors: [String] {
    let count = image.isa == .x86 ? (image.vectorWidth <= 128 ? 2 : image.vectorWidth / 64) : 2
    let stride = image.isa == .x86 ? 8 : 2
    let name =
      switch (image.isa, count) {
      case (.arm64, _): "v"
      case (.x86, 2): "xmm"
      case (.x86, 4): "ymm"
      default: "zmm"
      }
    return (0..<(image.isa == .x86 ? 16 : 32)).flatMap { index in
      (0..<count).map { word in
        let lane =
          image.isa == .x86 ? "v\(count)_int64[\(word)]" : "d.u[\(word)]"
        return "set $\(name)\(index).\(lane) = \(hex(image.vectors[index * stride + word]))"
      }
    }
  }

  /// Shows each instruction before it is executed, then the outcome.
  private var stepping: [String] {
    var lines = [
      "set $left = \(min(found.steps, 10_000))", "while $left > 0", "  x/i $pc", "  stepi",
      "  set $left = $left - 1", "end", "info registers",
    ]
    for (buffer, address) in zip(image.input.buffers, image.bufferAddresses)
    where !buffer.elements.isEmpty {
      lines.append("echo \(buffer.name):\\n")
      lines.append("x/\(buffer.bytes.count)xb \(hex(address))")
    }
    return lines + ["kill"]
  }
}
