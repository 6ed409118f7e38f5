import ARM64Model
import DifferentialTesting
import MachineModel
import Terms
import Testing

/// The declared effects on flags against what the semantics touches.
struct FlagTests {
  @Test("A family reads and writes the flags it declares", arguments: RowTests.arm64.forms)
  func declaredFlags(_ form: Form) {
    var random: any RandomNumberGenerator = SplitMix64(seed: 7)
    // Without a mark it is open whether the store happens; IRG's tag is random.
    let isOpen = ["stx", "stlx", "irg"].contains { form.mnemonic.hasPrefix($0) }
    var (read, written): (Set<String>, Set<String>) = ([], [])
    for _ in 0..<(form.family.tier < "A3" ? 100 : 40) {
      let instruction = RowTests.arm64.randomInstruction(
        of: form, at: Scratch.code, using: &random)
      let lifted = LiftedInstruction(instruction, of: RowTests.arm64)
      let flags = Array(32..<36) + [68]
      // What a flag keeps of itself is no reading.
      let results = flags.filter { lifted.after[$0] != lifted.before[$0] }
      let roots =
        results.map { lifted.after[$0] } + lifted.after[..<32]
        + lifted.after[36..<68] + [lifted.nextInstruction]
      let variables = Set(lifted.terms.freeVariables(of: Array(roots)))
      for flag in flags where variables.contains(lifted.before[flag]) {
        read.insert(RowTests.arm64.registerFile.entries[flag].name)
      }
      for flag in results { written.insert(RowTests.arm64.registerFile.entries[flag].name) }
      #expect(
        lifted.terms.freeVariables(of: Array(roots)).allSatisfy {
          lifted.terms.variable($0)?.isUndefined == false || isOpen
        })
    }
    let declared = form.family.flags
    #expect(read == Set(declared.reads.map(\.name)))
    #expect(written == Set(declared.writes.map(\.name)))
    #expect(declared.undefined.isEmpty)
  }
}
