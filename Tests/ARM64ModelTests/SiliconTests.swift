import ARM64Model
import Glibc
import MachineModel
import NativeExecution
import RowTesting
import Testing

/// The semantics against `qemu-aarch64`, or the CPU where the host is an ARM64 machine.
///
/// `SILICON_STATES` is the number of states a row is run on; 2,000 by default, and 500 of the many
/// rows with vectors. `SILICON_TIERS` names the only tiers to run (`A2,A5`).
struct SiliconTests {
  private static let statesPerRow = getenv("SILICON_STATES").flatMap {
    Int(String(cString: $0))
  }
  private static let test = Result { () throws(NativeError) in
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return ARM64RowTest(on: try EmulatedARM64.runner(packageRoot: "/" + root))
  }

  private static let rows: [Form] = {
    guard let tiers = getenv("SILICON_TIERS").map({ String(cString: $0) }) else {
      return RowTests.arm64.forms
    }
    let names = tiers.split(separator: ",").map(String.init)
    return RowTests.arm64.forms.filter { names.contains($0.family.tier) }
  }()

  @Test("A row does what the machine does", arguments: rows)
  func agrees(_ form: Form) throws {
    let states = SiliconTests.statesPerRow ?? (form.family.tier < "A3" ? 2000 : 500)
    let result = try SiliconTests.test.get()
      .compare(form, states: states, seed: UInt64(form.index) + 1000)
    for disagreement in result.disagreements { Issue.record("\(disagreement)") }
    if !result.disagreements.isEmpty { return }
    #expect(result.states >= states, "\(form.syntax): only \(result.states) were possible")
  }
}
