import Glibc
import NativeExecution
import Testing

/// x86-64 instructions with known results, on this CPU.
@Suite(.enabled(if: HostRunner()?.isa == .x86))
struct X86ExecutionTests {
  let runner: HostRunner
  let after: (UInt64) -> NativeEnding = { .landed(at: Probe.code + $0) }

  init() throws { runner = try #require(HostRunner()) }

  @Test func addAgreesOnManyStates() throws {
    var generator = SystemRandomNumberGenerator()
    var probe = Probe(runner, [0x48, 0x01, 0xd8])  // add rax, rbx
    let inputs = (0..<20_000).map { _ in
      (
        a: generator.next() as UInt64, b: generator.next() as UInt64,
        rsp: generator.next() as UInt64
      )
    }
    for input in inputs { probe.add([0: input.a, 3: input.b, 4: input.rsp, 15: ~input.a]) }
    let outcomes = try probe.run()
    #expect(outcomes.count == inputs.count)
    let wrong = inputs.indices.filter { index in
      let (a, b, rsp) = inputs[index]
      let (sum, carry) = a.addingReportingOverflow(b)
      let overflow = Int64(bitPattern: a).addingReportingOverflow(Int64(bitPattern: b)).overflow
      var flags: UInt64 = ((a ^ b ^ sum) & 16) | (sum >> 63) << 7
      if carry { flags |= 1 }
      if UInt8(truncatingIfNeeded: sum).nonzeroBitCount % 2 == 0 { flags |= 4 }
      if sum == 0 { flags |= 0x40 }
      if overflow { flags |= 0x800 }
      let expected = [sum, 0, 0, b, rsp] + [UInt64](repeating: 0, count: 10) + [~a, flags]
      return outcomes.ending(of: index) != after(3)
        || Array(outcomes.general(of: index)) != expected
    }
    #expect(wrong == [])
  }

  @Test func divisionFaultsAndGoesOn() throws {
    var probe = Probe(runner, [0x48, 0xf7, 0xf1])  // div rcx
    probe.add([0: 100, 1: 7])
    probe.add([0: 100, 1: 0, 9: 55])
    probe.add([0: 0, 1: 3, 2: 1])
    let outcomes = try probe.run()
    #expect(outcomes.ending(of: 0) == after(3))
    #expect(outcomes.register(0) == 14 && outcomes.register(2) == 2)
    #expect(
      outcomes.ending(of: 1)
        == .signal(number: SIGFPE, programCounter: Probe.code, address: Probe.code))
    #expect(outcomes.register(0, of: 1) == 100 && outcomes.register(9, of: 1) == 55)
    #expect(outcomes.ending(of: 2) == after(3))
    #expect(outcomes.register(0, of: 2) == 0x5555_5555_5555_5555)
  }

  @Test func loadsAndStores() throws {
    // mov [rdi], rax; mov rbx, [rdi+8]
    let outcomes = try Probe.run(
      runner, [0x48, 0x89, 0x07, 0x48, 0x8b, 0x5f, 0x08],
      [0: 0x1122_3344_5566_7788, 7: Probe.scratch + 16], scratch: [2: 9, 3: 77, 7: 5])
    #expect(outcomes.ending(of: 0) == after(7))
    #expect(outcomes.register(3) == 77)
    #expect(Array(outcomes.scratch(of: 0)) == [0, 0, 0x1122_3344_5566_7788, 77, 0, 0, 0, 5])
  }

  @Test func stackPointerIsUnderTest() throws {
    let push = try Probe.run(runner, [0x54], [4: Probe.scratch + 32])  // push rsp
    #expect(push.ending(of: 0) == after(1))
    #expect(push.register(4) == Probe.scratch + 24 && push.word(3) == Probe.scratch + 32)
    let pop = try Probe.run(runner, [0x5c], [4: Probe.scratch + 8], scratch: [1: 0xdead])
    #expect(pop.register(4) == 0xdead)
  }

  @Test(arguments: [UInt64(2 + 0x10), 3, 5])
  func conditionalJumpLandsOnBothSides(target: UInt64) throws {
    var probe = Probe(runner, [0x74, UInt8(target - 2)], landings: [target])  // jz
    probe.add([16: 0, 0: 1])
    probe.add([16: 0x40, 0: 2])
    let outcomes = try probe.run()
    #expect(outcomes.ending(of: 0) == after(2) && outcomes.register(0) == 1)
    #expect(outcomes.ending(of: 1) == after(target) && outcomes.register(0, of: 1) == 2)
    #expect(outcomes.register(16, of: 1) == 0x40)
  }

  @Test func callAndReturn() throws {
    let call = try Probe.run(
      runner, [0xe8, 0x40, 0, 0, 0], landings: [0x45], [4: Probe.scratch + 16])
    #expect(call.ending(of: 0) == after(0x45))
    #expect(call.word(1) == Probe.code + 5 && call.register(4) == Probe.scratch + 8)
    let back = try Probe.run(
      runner, [0xc3], landings: [0x5000], [4: Probe.scratch], scratch: [0: Probe.code + 0x5000])
    #expect(back.ending(of: 0) == after(0x5000) && back.register(4) == Probe.scratch + 8)
  }

  @Test func signalsTellTheirPlace() throws {
    let load = try Probe.run(runner, [0x90, 0x48, 0x8b, 0x07], [7: 0x1234_5678])
    #expect(
      load.ending(of: 0)
        == .signal(number: SIGSEGV, programCounter: Probe.code + 1, address: 0x1234_5678))
    let below = try Probe.run(runner, [0x48, 0x8b, 0x07], [7: Probe.scratch - 8])
    #expect(
      below.ending(of: 0)
        == .signal(number: SIGSEGV, programCounter: Probe.code, address: Probe.scratch - 8))
    let undefined = try Probe.run(runner, [0x0f, 0x0b], [:])
    #expect(
      undefined.ending(of: 0)
        == .signal(number: SIGILL, programCounter: Probe.code, address: Probe.code))
    let trap = try Probe.run(runner, [0xcc, 0x90], [:])
    #expect(
      trap.ending(of: 0) == .signal(number: SIGTRAP, programCounter: Probe.code + 1, address: 0))
  }

  @Test func directionFlagComesBackButStaysInside() throws {
    var probe = Probe(runner, [0xfd])  // std
    for value in 0..<100 { probe.add([0: UInt64(value), 16: 0x8d5]) }
    let outcomes = try probe.run()
    for value in 0..<100 {
      #expect(outcomes.register(0, of: value) == UInt64(value))
      #expect(outcomes.register(16, of: value) == 0xcd5)
    }
  }

  @Test func endlessLoopIsUnfinished() throws {
    var probe = Probe(runner, [0xe3, 0xfe])  // jrcxz to itself
    for count in [1, 0, 1] as [UInt64] { probe.add([1: count]) }
    let outcomes = try probe.run(timeout: 0.2)
    #expect(
      (0..<3).map { outcomes.ending(of: $0) } == [after(2), .unfinished, .notRun])
  }

  @Test func vectorRegisters() throws {
    // paddq xmm0, xmm9; the second word of a slot is the upper half of xmm
    let outcomes = try Probe.run(
      runner, [0x66, 0x41, 0x0f, 0xd4, 0xc1], [0: 3],
      vectors: [0: 1, 1: UInt64.max, 2: 0xabc, 72: 10, 73: 2])
    let words = Array(outcomes.vectors(of: 0))
    #expect(outcomes.ending(of: 0) == after(5))
    #expect(Array(words[0..<2]) == [11, 1] && Array(words[72..<74]) == [10, 2])
    // SSE keeps what lies above (and a CPU without it leaves the slot as it was).
    #expect(words[2] == 0xabc)
  }

  @Test func wideVectorRegistersWhereTheCPUHasThem() throws {
    let state = Dictionary(uniqueKeysWithValues: (0..<264).map { ($0, UInt64($0) << 32 | 7) })
    let start = (0..<264).map { state[$0] ?? 0 }
    func check(_ code: [UInt8], _ change: (inout [UInt64]) -> Void) throws {
      let outcomes = try Probe.run(runner, code, [:], vectors: state)
      var expected = start
      change(&expected)
      if case .signal(SIGILL, _, _) = outcomes.ending(of: 0) { return }
      #expect(outcomes.ending(of: 0) == after(UInt64(code.count)))
      #expect(Array(outcomes.vectors(of: 0)) == expected)
    }
    // vpaddq zmm30, zmm17, zmm31
    try check([0x62, 0x01, 0xf5, 0x40, 0xd4, 0xf7]) { words in
      for lane in 0..<8 { words[240 + lane] = words[136 + lane] &+ words[248 + lane] }
    }
    // kmovq k3, k5
    try check([0xc4, 0xe1, 0xf8, 0x90, 0xdd]) { $0[259] = $0[261] }
    // vpaddq ymm8, ymm1, ymm9: on a CPU with zmm the rest of the register becomes zero.
    let outcomes = try Probe.run(runner, [0xc4, 0x41, 0x75, 0xd4, 0xc1], [:], vectors: state)
    if case .signal(SIGILL, _, _) = outcomes.ending(of: 0) { return }
    let words = Array(outcomes.vectors(of: 0))
    for lane in 0..<4 { #expect(words[64 + lane] == start[8 + lane] &+ start[72 + lane]) }
    let upper: [UInt64] = Array(words[68..<72])
    let kept: [UInt64] = Array(start[68..<72])
    #expect(upper == [0, 0, 0, 0] || upper == kept)
  }

  @Test func manyBatchesInOneProcess() throws {
    let batches = (UInt8(1)..<100).map { value in
      var probe = Probe(runner, [0x83, 0xc0, value])  // add eax, value
      probe.add([0: 0xffff_ffff_0000_0000])
      return probe.batch
    }
    let outcomes = try runner.run(batches, timeout: 60)
    #expect(outcomes.map { $0.register(0) } == (1..<100).map { $0 })
  }

  @Test func badPlacesAreErrors() throws {
    var probe = Probe(runner, [0x90], landings: [0])
    probe.add([:])
    #expect(throws: NativeError.landingOverlaps(address: Probe.code)) { try probe.run() }
    var batch = probe.batch
    batch.landings = [0xffff_8000_0000_0000]
    #expect(throws: NativeError.cannotMap(address: 0xffff_8000_0000_0000)) {
      try runner.run([batch], timeout: 60)
    }
  }
}
