import BinVerify
import Isolation

/// Makes the listings of kernels, each in a process of its own: the files are not trusted.
public struct ListingRunner {
  /// What one listing may cost.
  private static let limits = IsolatedPool.Limits(timeout: 60, memory: 2 << 30)

  private let folder: String
  private let workers: Int

  /// - Parameter workers: how many are made at a time.
  public init(_ manifest: Manifest, workers: Int = GateRunner.processorCount) {
    folder = manifest.folder
    self.workers = workers
  }

  /// The listing of each kernel; nil where its code cannot be read.
  public func run(_ kernels: [Manifest.Kernel]) -> [KernelListing?] {
    ListingRunner.prepare()
    var listings = [KernelListing?](repeating: nil, count: kernels.count)
    IsolatedPool.run(
      count: kernels.count, width: workers, limits: { _ in Self.limits },
      body: { index in
        (try? listing(of: kernels[index])).flatMap { try? RecordText.compact($0) } ?? []
      },
      done: { index, outcome in
        guard case .finished(let bytes) = outcome else { return }
        listings[index] = try? RecordText.read(KernelListing.self, bytes)
      })
    return listings
  }

  /// Makes decoders and printers here once instead of in each process.
  private static func prepare() {
    // ROL on x86-64, RET on ARM64.
    let code = Code(bytes: [0xc0, 0x03, 0x5f, 0xd6])
    for name in architectureNames { _ = try? disassemble(LoadedCode(code: code, isa: name)) }
  }

  private func listing(of kernel: Manifest.Kernel) throws -> KernelListing {
    let inputs = try KernelInputs(kernel, folder: folder)
    return try KernelListing(inputs, SourceMap(inputs, kernel, folder: folder))
  }
}
