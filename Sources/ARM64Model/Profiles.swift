import MachineModel

/// CPUs by the versions of the A-profile architecture with what each makes mandatory (Arm ARM, A2);
/// `+` takes the words that compilers have for optional features.
extension CPUCatalogue {
  static let arm64 = CPUCatalogue(
    profiles: versions.map { CPUProfile($0.name, features: $0.features) }, names: names,
    implied: implied)

  private static let versions: [(name: String, features: Set<String>)] = {
    // swift-format-ignore
    let added: [(String, Set<String>)] = [
      ("armv8.0-a", ["FEAT_FP", "FEAT_AdvSIMD"]),
      ("armv8.1-a", ["FEAT_CRC32", "FEAT_LOR", "FEAT_LSE", "FEAT_RDM"]),
      ("armv8.2-a", ["FEAT_DPB"]),
      ("armv8.3-a", ["FEAT_FCMA", "FEAT_JSCVT", "FEAT_LRCPC", "FEAT_PAuth"]),
      ("armv8.4-a", ["FEAT_DIT", "FEAT_DotProd", "FEAT_FlagM", "FEAT_LRCPC2", "FEAT_LSE2"]),
      ("armv8.5-a", ["FEAT_BTI", "FEAT_DPB2", "FEAT_FlagM2", "FEAT_FRINTTS", "FEAT_SB", "FEAT_SSBS"]),
      ("armv8.6-a", ["FEAT_BF16", "FEAT_I8MM"]),
      ("armv8.7-a", ["FEAT_WFxT", "FEAT_XS"]),
      ("armv8.8-a", ["FEAT_HBC", "FEAT_MOPS"]),
      ("armv8.9-a", ["FEAT_CSSC", "FEAT_PRFMSLC"]),
    ]
    var features: Set<String> = []
    var result: [(name: String, features: Set<String>)] = []
    for (name, more) in added {
      features.formUnion(more)
      result.append((name, features))
      // The first version is called by both names.
      if name == "armv8.0-a" { result.append(("armv8-a", features)) }
    }
    return result
  }()

  private static let names: [String: Set<String>] = [
    "simd": ["FEAT_AdvSIMD"], "crc": ["FEAT_CRC32"], "rdma": ["FEAT_RDM"],
    "aes": ["FEAT_AES", "FEAT_PMULL"], "sha2": ["FEAT_SHA1", "FEAT_SHA256"],
    "sha3": ["FEAT_SHA3", "FEAT_SHA512"], "sm4": ["FEAT_SM3", "FEAT_SM4"],
    "crypto": ["FEAT_AES", "FEAT_PMULL", "FEAT_SHA1", "FEAT_SHA256"], "fp16": ["FEAT_FP16"],
    "rcpc": ["FEAT_LRCPC"], "rcpc2": ["FEAT_LRCPC2"], "flagm": ["FEAT_FlagM"],
    "memtag": ["FEAT_MTE2"], "mte": ["FEAT_MTE2"],
  ]

  private static let implied: [String: Set<String>] = [
    "FEAT_AdvSIMD": ["FEAT_FP"], "FEAT_AES": ["FEAT_AdvSIMD"], "FEAT_PMULL": ["FEAT_AES"],
    "FEAT_SHA1": ["FEAT_AdvSIMD"], "FEAT_SHA256": ["FEAT_SHA1"], "FEAT_SHA512": ["FEAT_SHA256"],
    "FEAT_SHA3": ["FEAT_SHA512"], "FEAT_RDM": ["FEAT_AdvSIMD"], "FEAT_DotProd": ["FEAT_AdvSIMD"],
    "FEAT_FP16": ["FEAT_FP"], "FEAT_LRCPC2": ["FEAT_LRCPC"], "FEAT_FlagM2": ["FEAT_FlagM"],
    "FEAT_SM3": ["FEAT_AdvSIMD"], "FEAT_SM4": ["FEAT_SM3"], "FEAT_CRC32": [],
    "FEAT_MTE2": ["FEAT_MTE"],
  ]
}
