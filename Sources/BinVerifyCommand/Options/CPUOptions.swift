import ArgumentParser
import BinVerify

/// The CPUs whose instructions code may use.
struct CPUOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The CPU the code is for: x86-64-v1 to x86-64-v4, zen4, armv8.0-a and so on, with +FEATURE; "
        + "any unless given. May be given once for each instruction set.",
      valueName: "cpu"))
  var cpu: [String] = []

  /// The instruction set `isa` with the instructions of its CPU. Fails for a CPU that no instruction
  /// set of `others` has either, and for a second one of `isa`.
  func architecture(named isa: String, among others: [String]? = nil) throws -> any Architecture {
    let base = try BinVerify.architecture(named: isa)
    var found: CPUProfile?
    for text in cpu {
      let profile: CPUProfile
      do {
        profile = try base.profile(named: text)
      } catch {
        guard isOf(others ?? [], text, besides: isa) else { throw error }
        continue
      }
      if let found {
        throw Failure("binverify: error: --cpu \(found.name) was given besides --cpu \(text)")
      }
      found = profile
    }
    return base.restricted(to: found ?? .any)
  }

  /// Whether one of the instruction sets `names` but `isa` has a CPU called `text`.
  private func isOf(_ names: [String], _ text: String, besides isa: String) -> Bool {
    names.contains { name in
      guard name != isa else { return false }
      return (try? BinVerify.architecture(named: name).profile(named: text)) != nil
    }
  }
}
