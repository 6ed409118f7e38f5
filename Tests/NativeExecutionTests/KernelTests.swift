import Glibc
import NativeExecution
import Testing

/// The words' bytes, least significant first.
func littleEndian(_ words: [UInt64]) -> [UInt8] {
  words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
}

/// Whole x86-64 kernels on this CPU.
@Suite(.enabled(if: HostRunner()?.isa == .x86))
struct KernelTests {
  let runner: HostRunner
  static let returnAddress: UInt64 = 0x7000_0000_1235
  static let stack: UInt64 = 0x6000_0000

  init() throws { runner = try #require(HostRunner()) }

  /// Sums rsi words at rdi, stores the sum at rdx and returns it.
  static let sum: [UInt8] = [
    0x31, 0xc0, 0x48, 0x03, 0x07, 0x48, 0x83, 0xc7, 0x08, 0x48, 0xff, 0xce, 0x75, 0xf4,
    0x48, 0x89, 0x02, 0xc3,
  ]

  /// A kernel on the array [5, 6, 7], whose end is the end of a page.
  func kernel(_ code: [UInt8], count: UInt64, target: UInt64 = 0x4000_0100) -> NativeKernel {
    var general = [UInt64](repeating: 0, count: 17)
    (general[2], general[4], general[6]) = (target, Self.stack + 64, count)
    general[7] = 0x4_0000_1000 - 24
    return NativeKernel(
      regions: [
        NativeRegion(address: 0x40_1003, bytes: code, isExecutable: true),
        NativeRegion(address: general[7], bytes: littleEndian([5, 6, 7])),
        NativeRegion(address: 0x4000_0100, bytes: littleEndian([9]), isWritable: true),
        NativeRegion(
          address: Self.stack,
          bytes: [UInt8](repeating: 0, count: 64)
            + littleEndian([Self.returnAddress]), isWritable: true),
      ], entry: 0x40_1003, returnAddress: Self.returnAddress, general: general)
  }

  @Test func runsToItsReturn() throws {
    let outcome = try runner.run(kernel(Self.sum, count: 3), timeout: 60)
    #expect(outcome.ending == .landed(at: Self.returnAddress))
    #expect(outcome.general[0] == 18 && outcome.general[4] == Self.stack + 72)
    #expect(outcome.regions[0] == littleEndian([18]))
    #expect(outcome.regions[1].suffix(8) == littleEndian([Self.returnAddress])[...])
  }

  @Test func oneElementOverFaultsAtTheGuard() throws {
    let outcome = try runner.run(kernel(Self.sum, count: 4), timeout: 60)
    #expect(
      outcome.ending
        == .signal(number: SIGSEGV, programCounter: 0x40_1005, address: 0x4_0000_1000))
    #expect(outcome.general[0] == 18 && outcome.general[6] == 1)
  }

  @Test func readOnlyRegionsRefuseStores() throws {
    let target: UInt64 = 0x4_0000_1000 - 8
    let outcome = try runner.run(kernel(Self.sum, count: 3, target: target), timeout: 60)
    #expect(
      outcome.ending == .signal(number: SIGSEGV, programCounter: 0x40_1011, address: target))
  }

  @Test func endlessKernelIsUnfinished() throws {
    let outcome = try runner.run(kernel([0xeb, 0xfe], count: 0), timeout: 0.1)
    #expect(outcome.ending == .unfinished)
  }
}
