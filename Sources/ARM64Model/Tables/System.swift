import MachineModel
import Terms

/// Hints, barriers and the instructions that always fault.
///
/// Every encoding of the hint space is a no-operation here, as on a core without the feature it is
/// for. On a core with pointer authentication (FEAT_PAuth) the hints PACIASP, AUTIASP and their
/// kin change x30 (x17): a gap between model and machine for code that signs a return address and
/// changes it before it is authenticated.
extension ARM64 {
  // swift-format-ignore
  static let system: [Entry] = [
    Entry("HINT", [Row("hint #<CRm:op2>", "1101010100 0 00 011 0010 CRm:4 op2:3 11111")]) { _, _ in },
    Entry("DMB", tier: "A2", [Row("dmb <barrier>", "1101010100 0 00 011 0011 CRm:4 1 01 11111")]) { _, _ in },
    Entry("DSB", tier: "A2", [Row("dsb <barrier>", "1101010100 0 00 011 0011 CRm:4 1 00 11111")]) { _, _ in },
    Entry("ISB", tier: "A2", [Row("isb #<CRm>", "1101010100 0 00 011 0011 CRm:4 1 10 11111")]) { _, _ in },
    Entry("SB", tier: "A2", feature: "FEAT_SB", [Row("sb", "1101010100 0 00 011 0011 0000 1 11 11111")]) { _, _ in },
    Entry("UDF", flow: .trap, [Row("udf #<imm16>", "0000000000000000 imm16:16")]) {
      $1.raise(.undefinedInstruction, when: $1.terms.true)
    },
    Entry("BRK", flow: .trap, [Row("brk #<imm16>", "11010100 001 imm16:16 000 00")]) {
      $1.raise(.breakpoint, when: $1.terms.true)
    },
    // Undefined outside of a debugger's halting mode.
    Entry("HLT", flow: .trap, [Row("hlt #<imm16>", "11010100 010 imm16:16 000 00")]) {
      $1.raise(.undefinedInstruction, when: $1.terms.true)
    },
  ]
}
