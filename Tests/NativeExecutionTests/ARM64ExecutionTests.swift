import Glibc
import NativeExecution
import Testing

/// ARM64 instructions with known results, under qemu-aarch64 unless the host is one.
@Suite struct ARM64ExecutionTests {
  let runner: any NativeRunner
  let after: (UInt64) -> NativeEnding = { .landed(at: Probe.code + $0) }

  init() throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    runner = try EmulatedARM64.runner(packageRoot: "/" + root)
  }

  @Test func addAgreesOnManyStates() throws {
    var generator = SystemRandomNumberGenerator()
    var probe = Probe(runner, bytes(0xab02_0020))  // adds x0, x1, x2
    let inputs = (0..<5_000).map { _ in
      (a: generator.next() as UInt64, b: generator.next() as UInt64, sp: generator.next() as UInt64)
    }
    for input in inputs { probe.add([1: input.a, 2: input.b, 28: ~input.a, 31: input.sp]) }
    let outcomes = try probe.run()
    let wrong = inputs.indices.filter { index in
      let (a, b, sp) = inputs[index]
      let (sum, carry) = a.addingReportingOverflow(b)
      let overflow = Int64(bitPattern: a).addingReportingOverflow(Int64(bitPattern: b)).overflow
      var flags: UInt64 = (sum >> 63) << 31
      if sum == 0 { flags |= 1 << 30 }
      if carry { flags |= 1 << 29 }
      if overflow { flags |= 1 << 28 }
      var expected = [UInt64](repeating: 0, count: 33)
      (expected[0], expected[1], expected[2], expected[28]) = (sum, a, b, ~a)
      (expected[31], expected[32]) = (sp, flags)
      return outcomes.ending(of: index) != after(4)
        || Array(outcomes.general(of: index)) != expected
    }
    #expect(wrong == [])
  }

  @Test func everyRegisterIsLoadedAndStored() throws {
    let state = Dictionary(uniqueKeysWithValues: (0..<32).map { ($0, UInt64($0 * 1000 + 1)) })
    let outcomes = try Probe.run(runner, bytes(0xaa1b_03fc), state)  // mov x28, x27
    var expected = (0..<32).map { UInt64($0 * 1000 + 1) }
    expected[28] = expected[27]
    #expect(Array(outcomes.general(of: 0)) == expected + [0])
  }

  @Test func loadsAndStores() throws {
    let load = try Probe.run(
      runner, bytes(0xf940_0483), [4: Probe.scratch], scratch: [1: 77])  // ldr x3, [x4, 8]
    #expect(load.ending(of: 0) == after(4) && load.register(3) == 77)
    let store = try Probe.run(
      runner, bytes(0xf81f_0ffe), [30: 99, 31: Probe.scratch + 32])  // str x30, [sp, -16]!
    #expect(store.register(31) == Probe.scratch + 16 && store.word(2) == 99)
  }

  @Test func branchesLandOnBothSides() throws {
    var equal = Probe(runner, bytes(0x5400_0200), landings: [64])  // b.eq .+64
    equal.add([32: 0])
    equal.add([32: 1 << 30])
    var zero = Probe(runner, bytes(0xb400_0106), landings: [32])  // cbz x6, .+32
    zero.add([6: 5])
    zero.add([6: 0])
    let outcomes = try runner.run([equal.batch, zero.batch], timeout: 60)
    #expect((0..<2).map { outcomes[0].ending(of: $0) } == [after(4), after(64)])
    #expect((0..<2).map { outcomes[1].ending(of: $0) } == [after(4), after(32)])
    let indirect = try Probe.run(
      runner, bytes(0xd61f_0140), landings: [0x8000], [10: Probe.code + 0x8000])  // br x10
    #expect(indirect.ending(of: 0) == after(0x8000))
  }

  @Test func divisionByZeroIsZero() throws {
    var probe = Probe(runner, bytes(0x9ac9_0907))  // udiv x7, x8, x9
    probe.add([8: 100, 9: 7])
    probe.add([7: 5, 8: 100])
    let outcomes = try probe.run()
    #expect(outcomes.register(7) == 14 && outcomes.register(7, of: 1) == 0)
  }

  @Test func signalsTellTheirPlace() throws {
    var probe = Probe(runner, bytes(0xf940_0483))  // ldr x3, [x4, 8]
    probe.add([4: 0x1234_5000, 20: 6])
    probe.add([4: Probe.scratch])
    let outcomes = try probe.run()
    #expect(
      outcomes.ending(of: 0)
        == .signal(number: SIGSEGV, programCounter: Probe.code, address: 0x1234_5008))
    #expect(outcomes.register(20) == 6 && outcomes.ending(of: 1) == after(4))
    let undefined = try Probe.run(runner, bytes(0), [28: 3])
    #expect(
      undefined.ending(of: 0)
        == .signal(number: SIGILL, programCounter: Probe.code, address: Probe.code))
    #expect(undefined.register(28) == 3)
  }

  @Test func vectorRegisters() throws {
    let outcomes = try Probe.run(
      runner, bytes(0x4ee2_8420), [:],  // add v0.2d, v1.2d, v2.2d
      vectors: [2: 5, 3: UInt64.max, 4: 6, 5: 3, 63: 8])
    let words = Array(outcomes.vectors(of: 0))
    #expect(Array(words[0..<6]) == [11, 2, 5, UInt64.max, 6, 3] && words[63] == 8)
  }

  @Test func kernelRunsToItsReturn() throws {
    let code = bytes(
      0xd280_0002, 0xf840_8403, 0x8b03_0042, 0xf100_0421, 0x54ff_ffa1, 0xf900_0082, 0xd65f_03c0)
    var general = [UInt64](repeating: 0, count: 33)
    (general[0], general[1], general[4], general[30]) = (0x3000_0000, 3, 0x3100_0000, 0x2100_0000)
    let outcome = try runner.run(
      NativeKernel(
        regions: [
          NativeRegion(address: Probe.code, bytes: code, isExecutable: true),
          NativeRegion(address: 0x3000_0000, bytes: littleEndian([5, 6, 7])),
          NativeRegion(address: 0x3100_0000, bytes: littleEndian([9]), isWritable: true),
        ], entry: Probe.code, returnAddress: 0x2100_0000, general: general), timeout: 60)
    #expect(outcome.ending == .landed(at: 0x2100_0000))
    #expect(outcome.general[2] == 18 && outcome.regions == [littleEndian([18])])
  }

  @Test func endlessLoopAndDeadRunnerAreErrors() throws {
    var probe = Probe(runner, bytes(0x1400_0000))  // b .
    probe.add([:])
    if runner is ProcessRunner {
      #expect(throws: NativeError.timedOut) { try probe.run(timeout: 0.5) }
    }
    let dead = Probe(ProcessRunner(isa: .arm64, command: ["true"]), bytes(0), landings: [])
    #expect(throws: NativeError.runnerFailed) { try dead.run() }
    let missing = Probe(ProcessRunner(isa: .arm64, command: ["/nonexistent"]), bytes(0))
    #expect(throws: NativeError.notStarted(error: ENOENT)) { try missing.run() }
  }
}
