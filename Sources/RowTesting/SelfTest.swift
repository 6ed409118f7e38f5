import DifferentialTesting
import Glibc
import MachineModel
import NativeExecution

/// The rows of an architecture against the machine at hand.
package struct SelfTest {
  /// Why there is no machine to compare with.
  package struct Unavailable: Error, CustomStringConvertible {
    package let description: String
  }

  /// What came of one row.
  package enum Outcome: Sendable {
    case agrees(states: Int)
    case disagrees(states: Int, [String])
    /// Not run, for a reason in words.
    case skipped(String)
  }

  /// The name of the machine.
  package let oracle: String
  private let test: any RowTest
  /// The CPU, if it is this machine's own; an emulator has every feature.
  private let cpu: HostCPU?

  package var architecture: any Architecture { test.architecture }

  /// - Parameters:
  ///   - isa: the instruction set's name.
  ///   - packageRoot: this project's sources, needed to run ARM64 code elsewhere than on ARM64.
  package init(isa: String, packageRoot: String) throws(Unavailable) {
    NativeExecution.keepFreedMemory()
    let host = ProcessRunner()
    if let host, host.isa.rawValue == isa {
      let cpu = HostCPU()
      self.cpu = cpu
      oracle = cpu.name
      test = isa == "arm64" ? ARM64RowTest(on: host) : X86RowTest(on: host)
      return
    }
    guard isa == "arm64" else {
      throw Unavailable(description: "\(isa) rows are compared on an x86-64 host only")
    }
    do {
      guard access("\(packageRoot)/Tests/Oracles/arm64-runner/build.sh", R_OK) == 0 else {
        throw NativeError.runnerFailed
      }
      let runner = try EmulatedARM64.runner(packageRoot: packageRoot)
      test = ARM64RowTest(on: runner)
      oracle = "qemu-aarch64, an emulator"
      cpu = nil
      let probe = architecture.forms.first { $0.family.flow == .sequential }
      if let probe { _ = try test.compare(probe, states: 1, seed: 0) }
    } catch {
      throw Unavailable(
        description: "on a host that is no ARM64, arm64 rows are compared with qemu-aarch64; that "
          + "needs qemu-aarch64, aarch64-linux-gnu-gcc and the folder of this project's sources "
          + "as the current one")
    }
  }

  /// Compares one row.
  package func run(_ form: Form, states: Int) -> Outcome {
    let missing = cpu?.missing(for: form) ?? []
    if !missing.isEmpty {
      return .skipped("needs \(missing.joined(separator: " and ")), which this CPU does not have")
    }
    do {
      let result = try test.compare(form, states: states, seed: UInt64(form.index) &* 77)
      if !result.disagreements.isEmpty {
        return .disagrees(states: result.states, result.disagreements)
      }
      if result.states == 0 { return .skipped("no state could be run") }
      return .agrees(states: result.states)
    } catch {
      return .skipped("could not be run: \(error)")
    }
  }
}
