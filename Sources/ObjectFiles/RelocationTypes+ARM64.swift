import CElfutils

extension RelocationType {
  /// The AArch64 relocation types of the LP64 model (ELF for the Arm 64-bit Architecture).
  static let arm64Types = arm64StaticTypes + arm64ThreadTypes

  /// Data, addresses, branches and the global offset table.
  private static let arm64StaticTypes: [RelocationType] = [
    RelocationType(R_AARCH64_NONE, "R_AARCH64_NONE", .none),
    RelocationType(R_AARCH64_ABS64, "R_AARCH64_ABS64", .absolute(bytes: 8, .any)),
    RelocationType(R_AARCH64_ABS32, "R_AARCH64_ABS32", .absolute(bytes: 4, .either)),
    RelocationType(R_AARCH64_ABS16, "R_AARCH64_ABS16", .absolute(bytes: 2, .either)),
    RelocationType(R_AARCH64_PREL64, "R_AARCH64_PREL64", .relative(bytes: 8, .any)),
    RelocationType(R_AARCH64_PREL32, "R_AARCH64_PREL32", .relative(bytes: 4, .either)),
    RelocationType(R_AARCH64_PREL16, "R_AARCH64_PREL16", .relative(bytes: 2, .either)),
    RelocationType(
      R_AARCH64_MOVW_UABS_G0, "R_AARCH64_MOVW_UABS_G0", .instruction(.move(group: 0, .unsigned))),
    RelocationType(
      R_AARCH64_MOVW_UABS_G0_NC, "R_AARCH64_MOVW_UABS_G0_NC",
      .instruction(.move(group: 0, .unchecked))),
    RelocationType(
      R_AARCH64_MOVW_UABS_G1, "R_AARCH64_MOVW_UABS_G1", .instruction(.move(group: 1, .unsigned))),
    RelocationType(
      R_AARCH64_MOVW_UABS_G1_NC, "R_AARCH64_MOVW_UABS_G1_NC",
      .instruction(.move(group: 1, .unchecked))),
    RelocationType(
      R_AARCH64_MOVW_UABS_G2, "R_AARCH64_MOVW_UABS_G2", .instruction(.move(group: 2, .unsigned))),
    RelocationType(
      R_AARCH64_MOVW_UABS_G2_NC, "R_AARCH64_MOVW_UABS_G2_NC",
      .instruction(.move(group: 2, .unchecked))),
    RelocationType(
      R_AARCH64_MOVW_UABS_G3, "R_AARCH64_MOVW_UABS_G3", .instruction(.move(group: 3, .unchecked))),
    RelocationType(
      R_AARCH64_MOVW_SABS_G0, "R_AARCH64_MOVW_SABS_G0", .instruction(.move(group: 0, .signed))),
    RelocationType(
      R_AARCH64_MOVW_SABS_G1, "R_AARCH64_MOVW_SABS_G1", .instruction(.move(group: 1, .signed))),
    RelocationType(
      R_AARCH64_MOVW_SABS_G2, "R_AARCH64_MOVW_SABS_G2", .instruction(.move(group: 2, .signed))),
    RelocationType(
      R_AARCH64_LD_PREL_LO19, "R_AARCH64_LD_PREL_LO19", .instruction(.branch(bits: 19, at: 5))),
    RelocationType(R_AARCH64_ADR_PREL_LO21, "R_AARCH64_ADR_PREL_LO21", .instruction(.address)),
    RelocationType(
      R_AARCH64_ADR_PREL_PG_HI21, "R_AARCH64_ADR_PREL_PG_HI21", .instruction(.page(checked: true))),
    RelocationType(
      R_AARCH64_ADR_PREL_PG_HI21_NC, "R_AARCH64_ADR_PREL_PG_HI21_NC",
      .instruction(.page(checked: false))),
    RelocationType(
      R_AARCH64_ADD_ABS_LO12_NC, "R_AARCH64_ADD_ABS_LO12_NC", .instruction(.low12(scale: 0))),
    RelocationType(
      R_AARCH64_LDST8_ABS_LO12_NC, "R_AARCH64_LDST8_ABS_LO12_NC", .instruction(.low12(scale: 0))),
    RelocationType(R_AARCH64_TSTBR14, "R_AARCH64_TSTBR14", .instruction(.branch(bits: 14, at: 5))),
    RelocationType(
      R_AARCH64_CONDBR19, "R_AARCH64_CONDBR19", .instruction(.branch(bits: 19, at: 5))),
    RelocationType(R_AARCH64_JUMP26, "R_AARCH64_JUMP26", .instruction(.branch(bits: 26, at: 0))),
    RelocationType(R_AARCH64_CALL26, "R_AARCH64_CALL26", .instruction(.branch(bits: 26, at: 0))),
    RelocationType(
      R_AARCH64_LDST16_ABS_LO12_NC, "R_AARCH64_LDST16_ABS_LO12_NC", .instruction(.low12(scale: 1))),
    RelocationType(
      R_AARCH64_LDST32_ABS_LO12_NC, "R_AARCH64_LDST32_ABS_LO12_NC", .instruction(.low12(scale: 2))),
    RelocationType(
      R_AARCH64_LDST64_ABS_LO12_NC, "R_AARCH64_LDST64_ABS_LO12_NC", .instruction(.low12(scale: 3))),
    RelocationType(R_AARCH64_MOVW_PREL_G0, "R_AARCH64_MOVW_PREL_G0", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_MOVW_PREL_G0_NC, "R_AARCH64_MOVW_PREL_G0_NC", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_MOVW_PREL_G1, "R_AARCH64_MOVW_PREL_G1", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_MOVW_PREL_G1_NC, "R_AARCH64_MOVW_PREL_G1_NC", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_MOVW_PREL_G2, "R_AARCH64_MOVW_PREL_G2", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_MOVW_PREL_G2_NC, "R_AARCH64_MOVW_PREL_G2_NC", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_MOVW_PREL_G3, "R_AARCH64_MOVW_PREL_G3", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_LDST128_ABS_LO12_NC, "R_AARCH64_LDST128_ABS_LO12_NC", .instruction(.low12(scale: 4))
    ),
    RelocationType(R_AARCH64_MOVW_GOTOFF_G0, "R_AARCH64_MOVW_GOTOFF_G0", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_MOVW_GOTOFF_G0_NC, "R_AARCH64_MOVW_GOTOFF_G0_NC", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_MOVW_GOTOFF_G1, "R_AARCH64_MOVW_GOTOFF_G1", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_MOVW_GOTOFF_G1_NC, "R_AARCH64_MOVW_GOTOFF_G1_NC", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_MOVW_GOTOFF_G2, "R_AARCH64_MOVW_GOTOFF_G2", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_MOVW_GOTOFF_G2_NC, "R_AARCH64_MOVW_GOTOFF_G2_NC", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_MOVW_GOTOFF_G3, "R_AARCH64_MOVW_GOTOFF_G3", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_GOTREL64, "R_AARCH64_GOTREL64", .unsupported(bytes: 8)),
    RelocationType(R_AARCH64_GOTREL32, "R_AARCH64_GOTREL32", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_GOT_LD_PREL19, "R_AARCH64_GOT_LD_PREL19", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_LD64_GOTOFF_LO15, "R_AARCH64_LD64_GOTOFF_LO15", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_ADR_GOT_PAGE, "R_AARCH64_ADR_GOT_PAGE", .slot(.page(checked: true))),
    RelocationType(
      R_AARCH64_LD64_GOT_LO12_NC, "R_AARCH64_LD64_GOT_LO12_NC", .slot(.low12(scale: 3))),
    RelocationType(
      R_AARCH64_LD64_GOTPAGE_LO15, "R_AARCH64_LD64_GOTPAGE_LO15", .unsupported(bytes: 4)),
  ]

  /// Thread-local storage and what only the dynamic linker does.
  private static let arm64ThreadTypes: [RelocationType] = [
    RelocationType(
      R_AARCH64_TLSGD_ADR_PREL21, "R_AARCH64_TLSGD_ADR_PREL21", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSGD_ADR_PAGE21, "R_AARCH64_TLSGD_ADR_PAGE21", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSGD_ADD_LO12_NC, "R_AARCH64_TLSGD_ADD_LO12_NC", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_TLSGD_MOVW_G1, "R_AARCH64_TLSGD_MOVW_G1", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSGD_MOVW_G0_NC, "R_AARCH64_TLSGD_MOVW_G0_NC", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_ADR_PREL21, "R_AARCH64_TLSLD_ADR_PREL21", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_ADR_PAGE21, "R_AARCH64_TLSLD_ADR_PAGE21", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_ADD_LO12_NC, "R_AARCH64_TLSLD_ADD_LO12_NC", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_TLSLD_MOVW_G1, "R_AARCH64_TLSLD_MOVW_G1", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_MOVW_G0_NC, "R_AARCH64_TLSLD_MOVW_G0_NC", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_TLSLD_LD_PREL19, "R_AARCH64_TLSLD_LD_PREL19", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_MOVW_DTPREL_G2, "R_AARCH64_TLSLD_MOVW_DTPREL_G2", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_MOVW_DTPREL_G1, "R_AARCH64_TLSLD_MOVW_DTPREL_G1", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_MOVW_DTPREL_G1_NC, "R_AARCH64_TLSLD_MOVW_DTPREL_G1_NC", .unsupported(bytes: 4)
    ),
    RelocationType(
      R_AARCH64_TLSLD_MOVW_DTPREL_G0, "R_AARCH64_TLSLD_MOVW_DTPREL_G0", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_MOVW_DTPREL_G0_NC, "R_AARCH64_TLSLD_MOVW_DTPREL_G0_NC", .unsupported(bytes: 4)
    ),
    RelocationType(
      R_AARCH64_TLSLD_ADD_DTPREL_HI12, "R_AARCH64_TLSLD_ADD_DTPREL_HI12", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_ADD_DTPREL_LO12, "R_AARCH64_TLSLD_ADD_DTPREL_LO12", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_ADD_DTPREL_LO12_NC, "R_AARCH64_TLSLD_ADD_DTPREL_LO12_NC",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_LDST8_DTPREL_LO12, "R_AARCH64_TLSLD_LDST8_DTPREL_LO12", .unsupported(bytes: 4)
    ),
    RelocationType(
      R_AARCH64_TLSLD_LDST8_DTPREL_LO12_NC, "R_AARCH64_TLSLD_LDST8_DTPREL_LO12_NC",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_LDST16_DTPREL_LO12, "R_AARCH64_TLSLD_LDST16_DTPREL_LO12",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_LDST16_DTPREL_LO12_NC, "R_AARCH64_TLSLD_LDST16_DTPREL_LO12_NC",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_LDST32_DTPREL_LO12, "R_AARCH64_TLSLD_LDST32_DTPREL_LO12",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_LDST32_DTPREL_LO12_NC, "R_AARCH64_TLSLD_LDST32_DTPREL_LO12_NC",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_LDST64_DTPREL_LO12, "R_AARCH64_TLSLD_LDST64_DTPREL_LO12",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_LDST64_DTPREL_LO12_NC, "R_AARCH64_TLSLD_LDST64_DTPREL_LO12_NC",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSIE_MOVW_GOTTPREL_G1, "R_AARCH64_TLSIE_MOVW_GOTTPREL_G1", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSIE_MOVW_GOTTPREL_G0_NC, "R_AARCH64_TLSIE_MOVW_GOTTPREL_G0_NC",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSIE_ADR_GOTTPREL_PAGE21, "R_AARCH64_TLSIE_ADR_GOTTPREL_PAGE21",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSIE_LD64_GOTTPREL_LO12_NC, "R_AARCH64_TLSIE_LD64_GOTTPREL_LO12_NC",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSIE_LD_GOTTPREL_PREL19, "R_AARCH64_TLSIE_LD_GOTTPREL_PREL19",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLE_MOVW_TPREL_G2, "R_AARCH64_TLSLE_MOVW_TPREL_G2", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLE_MOVW_TPREL_G1, "R_AARCH64_TLSLE_MOVW_TPREL_G1", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLE_MOVW_TPREL_G1_NC, "R_AARCH64_TLSLE_MOVW_TPREL_G1_NC", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLE_MOVW_TPREL_G0, "R_AARCH64_TLSLE_MOVW_TPREL_G0", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLE_MOVW_TPREL_G0_NC, "R_AARCH64_TLSLE_MOVW_TPREL_G0_NC", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLE_ADD_TPREL_HI12, "R_AARCH64_TLSLE_ADD_TPREL_HI12", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLE_ADD_TPREL_LO12, "R_AARCH64_TLSLE_ADD_TPREL_LO12", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLE_ADD_TPREL_LO12_NC, "R_AARCH64_TLSLE_ADD_TPREL_LO12_NC", .unsupported(bytes: 4)
    ),
    RelocationType(
      R_AARCH64_TLSLE_LDST8_TPREL_LO12, "R_AARCH64_TLSLE_LDST8_TPREL_LO12", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLE_LDST8_TPREL_LO12_NC, "R_AARCH64_TLSLE_LDST8_TPREL_LO12_NC",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLE_LDST16_TPREL_LO12, "R_AARCH64_TLSLE_LDST16_TPREL_LO12", .unsupported(bytes: 4)
    ),
    RelocationType(
      R_AARCH64_TLSLE_LDST16_TPREL_LO12_NC, "R_AARCH64_TLSLE_LDST16_TPREL_LO12_NC",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLE_LDST32_TPREL_LO12, "R_AARCH64_TLSLE_LDST32_TPREL_LO12", .unsupported(bytes: 4)
    ),
    RelocationType(
      R_AARCH64_TLSLE_LDST32_TPREL_LO12_NC, "R_AARCH64_TLSLE_LDST32_TPREL_LO12_NC",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLE_LDST64_TPREL_LO12, "R_AARCH64_TLSLE_LDST64_TPREL_LO12", .unsupported(bytes: 4)
    ),
    RelocationType(
      R_AARCH64_TLSLE_LDST64_TPREL_LO12_NC, "R_AARCH64_TLSLE_LDST64_TPREL_LO12_NC",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSDESC_LD_PREL19, "R_AARCH64_TLSDESC_LD_PREL19", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSDESC_ADR_PREL21, "R_AARCH64_TLSDESC_ADR_PREL21", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSDESC_ADR_PAGE21, "R_AARCH64_TLSDESC_ADR_PAGE21", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSDESC_LD64_LO12, "R_AARCH64_TLSDESC_LD64_LO12", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSDESC_ADD_LO12, "R_AARCH64_TLSDESC_ADD_LO12", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_TLSDESC_OFF_G1, "R_AARCH64_TLSDESC_OFF_G1", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSDESC_OFF_G0_NC, "R_AARCH64_TLSDESC_OFF_G0_NC", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_TLSDESC_LDR, "R_AARCH64_TLSDESC_LDR", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_TLSDESC_ADD, "R_AARCH64_TLSDESC_ADD", .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_TLSDESC_CALL, "R_AARCH64_TLSDESC_CALL", .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLE_LDST128_TPREL_LO12, "R_AARCH64_TLSLE_LDST128_TPREL_LO12",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLE_LDST128_TPREL_LO12_NC, "R_AARCH64_TLSLE_LDST128_TPREL_LO12_NC",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_LDST128_DTPREL_LO12, "R_AARCH64_TLSLD_LDST128_DTPREL_LO12",
      .unsupported(bytes: 4)),
    RelocationType(
      R_AARCH64_TLSLD_LDST128_DTPREL_LO12_NC, "R_AARCH64_TLSLD_LDST128_DTPREL_LO12_NC",
      .unsupported(bytes: 4)),
    RelocationType(R_AARCH64_COPY, "R_AARCH64_COPY", .unsupported(bytes: 8)),
    RelocationType(R_AARCH64_GLOB_DAT, "R_AARCH64_GLOB_DAT", .unsupported(bytes: 8)),
    RelocationType(R_AARCH64_JUMP_SLOT, "R_AARCH64_JUMP_SLOT", .unsupported(bytes: 8)),
    RelocationType(R_AARCH64_RELATIVE, "R_AARCH64_RELATIVE", .unsupported(bytes: 8)),
    RelocationType(R_AARCH64_TLS_DTPMOD, "R_AARCH64_TLS_DTPMOD", .unsupported(bytes: 8)),
    RelocationType(R_AARCH64_TLS_DTPREL, "R_AARCH64_TLS_DTPREL", .unsupported(bytes: 8)),
    RelocationType(R_AARCH64_TLS_TPREL, "R_AARCH64_TLS_TPREL", .unsupported(bytes: 8)),
    RelocationType(R_AARCH64_TLSDESC, "R_AARCH64_TLSDESC", .unsupported(bytes: 16)),
    RelocationType(R_AARCH64_IRELATIVE, "R_AARCH64_IRELATIVE", .unsupported(bytes: 8)),
  ]
}
