import FoundationEssentials
import MachineModel
import NativeExecution
import RowTesting
import Testing
import X86Model

/// Every row against the CPU of this machine, as far as the CPU has it.
///
/// The number of states for each row is `SILICON_STATES` of the environment, 2,048 without it; with
/// `SILICON_TIER` only the rows of a tier are run.
@Suite(.enabled(if: HostRunner()?.isa == .x86))
struct SiliconTests {
  static let states =
    ProcessInfo.processInfo.environment["SILICON_STATES"].flatMap { Int($0) } ?? 2_048

  static let forms = X86().forms.filter { form in
    ProcessInfo.processInfo.environment["SILICON_TIER"].map { form.tier == $0 } ?? true
  }

  static let cpu = HostCPU()
  static let test = ProcessRunner().map { X86RowTest(on: $0) }

  @Test(arguments: forms)
  func agreesWithTheProcessor(form: Form) throws {
    guard Self.cpu.missing(for: form).isEmpty else { return }
    let test = try #require(Self.test)
    let result = try test.compare(
      form, states: Self.states, seed: UInt64(form.index) &* 77)
    for disagreement in result.disagreements {
      Issue.record("\(form.testDescription): \(disagreement)")
    }
    if !result.disagreements.isEmpty { return }
    #expect(result.states >= Self.states, "only \(result.states) states were possible")
  }
}
