import MachineModel

/// CPUs by the levels of the System V AMD64 ABI (3.1.1, "Processor Architecture") and by name; the
/// features have the names of the CPUID flags in the Intel SDM's opcode tables.
extension CPUCatalogue {
  static let x86 = CPUCatalogue(
    profiles: [
      CPUProfile("x86-64", features: level1), CPUProfile("x86-64-v1", features: level1),
      CPUProfile("x86-64-v2", features: level2), CPUProfile("x86-64-v3", features: level3),
      CPUProfile("x86-64-v4", features: level4), CPUProfile("zen4", features: zen4),
    ],
    names: [
      "cx16": ["CMPXCHG16B"], "sahf": ["LAHF-SAHF"], "pclmul": ["PCLMULQDQ"],
      "abm": ["LZCNT", "POPCNT"],
      "aesni": ["AES"], "bmi": ["BMI1"], "sse4": ["SSE4_1", "SSE4_2"], "prfchw": ["PREFETCHW"],
      "clflush": ["CLFSH"], "sha_ni": ["SHA"],
    ], implied: implied)

  /// What a CPU needs to have a 64-bit mode, by the names that forms may use.
  private static let level1: Set<String> = [
    "CLFSH", "CMOV", "CX8", "FPU", "FXSR", "MMX", "SSE", "SSE2",
  ]
  private static let level2 = level1.union([
    "CMPXCHG16B", "LAHF-SAHF", "POPCNT", "SSE3", "SSE4_1", "SSE4_2", "SSSE3",
  ])
  private static let level3 = level2.union([
    "AVX", "AVX2", "BMI1", "BMI2", "F16C", "FMA", "LZCNT", "MOVBE", "XSAVE",
  ])
  private static let level4 = level3.union([
    "AVX512BW", "AVX512CD", "AVX512DQ", "AVX512F", "AVX512VL",
  ])
  private static let zen4 = level4.union([
    "ADX", "AES", "AVX512_BF16", "AVX512_BITALG", "AVX512_IFMA", "AVX512_VBMI", "AVX512_VBMI2",
    "AVX512_VNNI", "AVX512_VPOPCNTDQ", "CLFLUSHOPT", "CLWB", "FSGSBASE", "GFNI", "PCLMULQDQ",
    "PREFETCHW", "RDPID", "RDRAND", "RDSEED", "RDTSCP", "SHA", "SSE4A", "VAES", "VPCLMULQDQ",
  ])

  private static let implied: [String: Set<String>] = [
    "SSE2": ["SSE"], "SSE3": ["SSE2"], "SSSE3": ["SSE3"], "SSE4_1": ["SSSE3"],
    "SSE4_2": ["SSE4_1", "POPCNT"], "SSE4A": ["SSE3"], "AES": ["SSE2"], "PCLMULQDQ": ["SSE2"],
    "SHA": ["SSE2"], "GFNI": ["SSE2"], "AVX": ["SSE4_2", "XSAVE"], "AVX2": ["AVX"],
    "F16C": ["AVX"], "FMA": ["AVX"], "VAES": ["AVX", "AES"], "VPCLMULQDQ": ["AVX", "PCLMULQDQ"],
    "AVX512F": ["AVX2", "F16C", "FMA"], "AVX512BW": ["AVX512F"], "AVX512CD": ["AVX512F"],
    "AVX512DQ": ["AVX512F"], "AVX512VL": ["AVX512F"], "AVX512_BF16": ["AVX512BW"],
    "AVX512_BITALG": ["AVX512BW"], "AVX512_IFMA": ["AVX512F"], "AVX512_VBMI": ["AVX512BW"],
    "AVX512_VBMI2": ["AVX512BW"], "AVX512_VNNI": ["AVX512F"], "AVX512_VPOPCNTDQ": ["AVX512F"],
  ]
}
