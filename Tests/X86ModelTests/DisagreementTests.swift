import DifferentialTesting
import MachineModel
import NativeExecution
import RowTesting
import Testing
import X86Model

/// The CPU, but one bit of the first outcome of each batch is another.
private struct FaultyCPU: NativeRunner {
  let cpu: HostRunner
  /// The word of the reply: its head has 2 words, the ending 4, then come general registers, flags
  /// (one word) and the scratch memory.
  let word: Int
  let bit: UInt64

  var isa: NativeISA { cpu.isa }

  func perform(_ jobs: [NativeJob], timeout: Double?) throws(NativeError) -> [[UInt64]] {
    try cpu.perform(jobs, timeout: timeout).map { reply in
      var reply = reply
      reply[word] ^= bit
      return reply
    }
  }
}

/// A row test sees when row and machine differ in one bit.
@Suite(.enabled(if: HostRunner()?.isa == .x86)) struct DisagreementTests {
  private static let registers = 2 + 4
  private static let flags = registers + 16
  private static let memory = flags + 1

  private func compare(_ syntax: String, word: Int, bit: UInt64) throws -> [String] {
    let form = try #require(X86().forms.first { $0.syntax == syntax })
    let cpu = try #require(HostRunner())
    #expect(
      try X86RowTest(on: cpu).compare(form, states: 64, seed: 1).disagreements.isEmpty)
    return try X86RowTest(on: FaultyCPU(cpu: cpu, word: word, bit: bit))
      .compare(form, states: 64, seed: 1).disagreements
  }

  @Test func aRegister() throws {
    let found = try compare("adc r64, r/m64", word: Self.registers + 15, bit: 1 << 63)
    #expect(found.first?.contains("r15 has") == true, "\(found)")
  }

  @Test func aFlag() throws {
    let found = try compare("adc r64, r/m64", word: Self.flags, bit: 1)
    #expect(found.first?.contains("cf has") == true, "\(found)")
  }

  @Test func memory() throws {
    let found = try compare("adc r64, r/m64", word: Self.memory + 3, bit: 1 << 20)
    #expect(found.first?.contains("memory word 3") == true, "\(found)")
  }

  /// `and` leaves AF undefined: whatever the machine does with it is right.
  @Test func anUndefinedFlag() throws {
    #expect(try compare("and r64, r/m64", word: Self.flags, bit: 1 << 4).isEmpty)
    #expect(try !compare("and r64, r/m64", word: Self.flags, bit: 1 << 6).isEmpty)
  }

  @Test func theEnd() throws {
    let found = try compare("adc r64, r/m64", word: 2, bit: 1)
    #expect(found.first?.contains("the machine") == true, "\(found)")
  }
}
