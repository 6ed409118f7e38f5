import ARM64Model
import Contracts
import MachineModel
import Testing
import Verification
import X86Model
import Z3Backend

/// Code that may stand anywhere must not depend on where it stands (a published, machine-checked
/// checker took a RIP-relative `lea` for an immediate).
@Suite struct PlacementPitfalls {
  private func verdict(
    _ hex: [UInt8], isa: String, _ claim: String, isRelocatable: Bool = true
  ) throws -> Verdict {
    let specification = """
      (set-logic QF_BV)
      (set-info :kernel "uint64_t place(void)")
      (declare-const result (_ BitVec 64))
      (define-fun ensures () Bool \(claim))
      """
    return try Verifier(
      code: Code(bytes: hex, at: 0x1000, isRelocatable: isRelocatable),
      contract: Contract.parse(text: specification, file: "place.smt"),
      architecture: isa == "arm64" ? ARM64() : X86(), solvers: .standard()
    ).verify().verdict
  }

  /// Codes that return their own address plus four or seven, at 0x1000 in the file.
  private static let kernels: [(isa: String, bytes: [UInt8], result: String)] = [
    // lea rax, [rip]; ret
    ("x86-64", [0x48, 0x8D, 0x05, 0, 0, 0, 0, 0xC3], "#x0000000000001007"),
    // call next; next: pop rax; ret
    ("x86-64", [0xE8, 0, 0, 0, 0, 0x58, 0xC3], "#x0000000000001005"),
    // adr x0, .+4; ret
    ("arm64", [0x20, 0, 0, 0x10, 0xC0, 0x03, 0x5F, 0xD6], "#x0000000000001004"),
  ]

  @Test(arguments: 0..<3)
  func itsOwnAddressIsNoConstant(_ index: Int) throws {
    let kernel = PlacementPitfalls.kernels[index]
    let claim = "(= result \(kernel.result))"
    guard case .refuted = try verdict(kernel.bytes, isa: kernel.isa, claim) else {
      Issue.record("\(kernel): the address was taken for a constant")
      return
    }
    let fixed = try verdict(kernel.bytes, isa: kernel.isa, claim, isRelocatable: false)
    guard case .proved = fixed else {
      Issue.record("\(kernel): \(fixed) at a fixed place")
      return
    }
  }

  @Test(arguments: 0..<3)
  func whatIsTheSameEverywhereIsProved(_ index: Int) throws {
    let kernel = PlacementPitfalls.kernels[index]
    let low = "(= ((_ extract 11 0) result) ((_ extract 11 0) \(kernel.result)))"
    guard case .proved = try verdict(kernel.bytes, isa: kernel.isa, low) else {
      Issue.record("\(kernel): the offset in the page is the same everywhere")
      return
    }
  }

  @Test func anAbsoluteReadDoesNotFindTheCode() throws {
    // movzx eax, byte ptr [0x1000]; ret
    let bytes: [UInt8] = [0x0F, 0xB6, 0x04, 0x25, 0x00, 0x10, 0, 0, 0xC3]
    if case .proved = try verdict(bytes, isa: "x86-64", "true") {
      Issue.record("an absolute address was taken for the code's")
    }
  }
}
