import CElfutils

extension RelocationType {
  /// The x86-64 relocation types (System V ABI, AMD64 supplement, "Relocation Types"); what linkers rewrite beside a
  /// place is in "Linker Optimization" there and in "ELF Handling For Thread-Local Storage".
  static let x86Types: [RelocationType] = [
    RelocationType(R_X86_64_NONE, "R_X86_64_NONE", .none),
    RelocationType(R_X86_64_64, "R_X86_64_64", .absolute(bytes: 8, .any)),
    RelocationType(R_X86_64_PC32, "R_X86_64_PC32", .relative(bytes: 4, .signed)),
    RelocationType(R_X86_64_GOT32, "R_X86_64_GOT32", .unsupported(bytes: 4)),
    RelocationType(R_X86_64_PLT32, "R_X86_64_PLT32", .relative(bytes: 4, .signed)),
    RelocationType(R_X86_64_COPY, "R_X86_64_COPY", .unsupported(bytes: 8)),
    RelocationType(R_X86_64_GLOB_DAT, "R_X86_64_GLOB_DAT", .unsupported(bytes: 8)),
    RelocationType(R_X86_64_JUMP_SLOT, "R_X86_64_JUMP_SLOT", .unsupported(bytes: 8)),
    RelocationType(R_X86_64_RELATIVE, "R_X86_64_RELATIVE", .unsupported(bytes: 8)),
    RelocationType(R_X86_64_GOTPCREL, "R_X86_64_GOTPCREL", .x86TableLoad(hasREX: nil)),
    RelocationType(R_X86_64_32, "R_X86_64_32", .absolute(bytes: 4, .unsigned)),
    RelocationType(R_X86_64_32S, "R_X86_64_32S", .absolute(bytes: 4, .signed)),
    RelocationType(R_X86_64_16, "R_X86_64_16", .absolute(bytes: 2, .either)),
    RelocationType(R_X86_64_PC16, "R_X86_64_PC16", .relative(bytes: 2, .signed)),
    RelocationType(R_X86_64_8, "R_X86_64_8", .absolute(bytes: 1, .either)),
    RelocationType(R_X86_64_PC8, "R_X86_64_PC8", .relative(bytes: 1, .signed)),
    RelocationType(R_X86_64_DTPMOD64, "R_X86_64_DTPMOD64", .unsupported(bytes: 8)),
    RelocationType(R_X86_64_DTPOFF64, "R_X86_64_DTPOFF64", .unsupported(bytes: 8)),
    RelocationType(R_X86_64_TPOFF64, "R_X86_64_TPOFF64", .unsupported(bytes: 8)),
    RelocationType(R_X86_64_TLSGD, "R_X86_64_TLSGD", .unsupported(bytes: 12, before: 4)),
    RelocationType(R_X86_64_TLSLD, "R_X86_64_TLSLD", .unsupported(bytes: 12, before: 3)),
    RelocationType(R_X86_64_DTPOFF32, "R_X86_64_DTPOFF32", .unsupported(bytes: 4)),
    RelocationType(R_X86_64_GOTTPOFF, "R_X86_64_GOTTPOFF", .unsupported(bytes: 4, before: 3)),
    RelocationType(R_X86_64_TPOFF32, "R_X86_64_TPOFF32", .unsupported(bytes: 4)),
    RelocationType(R_X86_64_PC64, "R_X86_64_PC64", .relative(bytes: 8, .any)),
    RelocationType(R_X86_64_GOTOFF64, "R_X86_64_GOTOFF64", .unsupported(bytes: 8)),
    RelocationType(R_X86_64_GOTPC32, "R_X86_64_GOTPC32", .unsupported(bytes: 4)),
    RelocationType(R_X86_64_GOT64, "R_X86_64_GOT64", .unsupported(bytes: 8)),
    RelocationType(R_X86_64_GOTPCREL64, "R_X86_64_GOTPCREL64", .unsupported(bytes: 8)),
    RelocationType(R_X86_64_GOTPC64, "R_X86_64_GOTPC64", .unsupported(bytes: 8)),
    RelocationType(R_X86_64_GOTPLT64, "R_X86_64_GOTPLT64", .unsupported(bytes: 8)),
    RelocationType(R_X86_64_PLTOFF64, "R_X86_64_PLTOFF64", .unsupported(bytes: 8)),
    RelocationType(R_X86_64_SIZE32, "R_X86_64_SIZE32", .unsupported(bytes: 4)),
    RelocationType(R_X86_64_SIZE64, "R_X86_64_SIZE64", .unsupported(bytes: 8)),
    RelocationType(
      R_X86_64_GOTPC32_TLSDESC, "R_X86_64_GOTPC32_TLSDESC", .unsupported(bytes: 4, before: 3)),
    RelocationType(R_X86_64_TLSDESC_CALL, "R_X86_64_TLSDESC_CALL", .unsupported(bytes: 2)),
    RelocationType(R_X86_64_TLSDESC, "R_X86_64_TLSDESC", .unsupported(bytes: 16)),
    RelocationType(R_X86_64_IRELATIVE, "R_X86_64_IRELATIVE", .unsupported(bytes: 8)),
    RelocationType(R_X86_64_RELATIVE64, "R_X86_64_RELATIVE64", .unsupported(bytes: 8)),
    RelocationType(R_X86_64_GOTPCRELX, "R_X86_64_GOTPCRELX", .x86TableLoad(hasREX: false)),
    RelocationType(
      R_X86_64_REX_GOTPCRELX, "R_X86_64_REX_GOTPCRELX", .x86TableLoad(hasREX: true)),
  ]
}
