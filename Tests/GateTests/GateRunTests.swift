import Gate
import Testing

/// What the cache may answer with; runs fork, so that the suite is not for parallel tests.
@Suite struct GateRunTests {
  private static let right: [UInt8] = [0x89, 0xf8, 0xf7, 0xd8, 0x0f, 0x48, 0xc7, 0xc3]
  private static let wrong: [UInt8] = [0x31, 0xc0, 0xc3]

  private let folder = Folder()
  private var cache: Cache { Cache(folder: "\(folder.path)/cache") }

  /// Right code for the absolute value of 32 bits in `first.bin` and `second.bin`.
  init() {
    let specification = """
      (set-logic QF_BV)
      (set-info :kernel "int32_t abs32(int32_t x)")
      (declare-const x (_ BitVec 32))
      (declare-const result (_ BitVec 32))
      (define-fun ensures () Bool
        (= result (ite (bvslt x #x00000000) (bvneg x) x)))
      """
    Folder.write(Array(specification.utf8), to: "\(folder.path)/abs.smt")
    for name in ["first", "second"] { write(GateRunTests.right, name) }
  }

  private func write(_ code: [UInt8], _ name: String) {
    Folder.write(code, to: "\(folder.path)/\(name).bin")
  }

  /// A run of the kernels of these names; `onProgress` is called when one of them is done.
  private func run(
    _ names: [String], _ members: String = "", _ onProgress: @escaping (String) -> Void = { _ in }
  ) throws -> [GateReport.Kernel] {
    let entries = names.map {
      "\n  - {code: \($0).bin, isa: x86-64, specification: abs.smt\(members)}"
    }
    let manifest = try Manifest(
      text: "version: 1\nkernels:" + entries.joined(), file: "\(folder.path)/binverify.yml")
    var settings = GateRunner.Settings()
    (settings.workers, settings.cache, settings.writesRecords) = (1, cache, false)
    settings.onProgress = { _, _, name in onProgress(name) }
    return GateRunner(manifest, settings) { _, _, _, _ in "" }.run().kernels
  }

  /// Wrong code that was right only while a worker looked at it is not remembered as right.
  @Test func aFileThatChangesAndChangesBack() throws {
    write(GateRunTests.wrong, "second")
    let first = try run(["first", "second"]) { name in
      write(name == "first" ? GateRunTests.right : GateRunTests.wrong, "second")
    }
    #expect(first.map(\.verdict) == [.proved, .proved])
    let again = try run(["first", "second"])
    #expect(again.map(\.verdict) == [.proved, .refuted] && again[0].isCached)
  }

  /// An entry under the key of a kernel says that it is the answer to what is asked of it.
  @Test(arguments: [
    ", obligations: [termination, faults, memory, abi]", ", unroll: 7", ", engine: [evaluate, z3]",
    ", provenance: {model: m1}", ", name: other",
  ])
  func anEntryIsOfItsQuestion(members: String) throws {
    _ = try run(["first"], members)
    let other = try #require(entries.first)
    let kernel = try run(["first"])[0]
    let own = try #require(entries.first { $0 != other })
    #expect(kernel.verdict == .proved && !kernel.isCached && entries.count == 2)
    cache.write(.kernels, own, try #require(cache.read(.kernels, other)))
    #expect(try run(["first"])[0].isCached == false)
    #expect(try run(["first"])[0].isCached, "what was proved anew is kept")
  }

  /// The keys of kernels in the cache.
  private var entries: [Digest] {
    Folder.names("\(folder.path)/cache/kernels").flatMap { part in
      Folder.names("\(folder.path)/cache/kernels/\(part)").compactMap(Digest.init(hexadecimal:))
    }
  }
}
