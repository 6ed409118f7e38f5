/// Encodings that are allocated and have no row: to tell "not supported" from "invalid".
extension ARM64 {
  /// Encodings with a bit that should be one or zero and is not.
  static let unpredictableAreas: [UnsupportedArea] = [
    "xx 001000 0 1 0 xxxxx x xxxxx xxxxx xxxxx", "xx 001000 0 0 0 xxxxx x xxxxx xxxxx xxxxx",
    "1x 001000 0 1 1 xxxxx x xxxxx xxxxx xxxxx", "xx 001000 1 x 0 xxxxx x xxxxx xxxxx xxxxx",
    "xx 111 0 00 1 0 1 xxxxx 1 100 00 xxxxx xxxxx", "1101010100 0 00 011 0011 xxxx 1 11 11111",
  ].map {
    UnsupportedArea(
      "UNPREDICTABLE: a bit that should be one or zero is not", $0, isUnpredictable: true)
  }

  // swift-format-ignore
  static let unsupportedAreas: [UnsupportedArea] = [
    UnsupportedArea("SME",                                "1xx0000xxxxxxxxxxxxxxxxxxxxxxxxx"),
    UnsupportedArea("SVE",                                "xxx0010xxxxxxxxxxxxxxxxxxxxxxxxx"),
    UnsupportedArea("memory tagging (MTE)",               "1x0 100011 0 x xxxxx xxxx xxxxxxxxxx xx"),
    UnsupportedArea("system instructions",                "1101010100 xxxxxxxxxxxxxxxxxxxxxx"),
    UnsupportedArea("exception generation (SVC, HVC, SMC)", "11010100 000 xxxxxxxxxxxxxxxx 000 01"),
    UnsupportedArea("exception generation (SVC, HVC, SMC)", "11010100 000 xxxxxxxxxxxxxxxx 000 1x"),
    UnsupportedArea("transactional memory (TCANCEL)",     "11010100 011 xxxxxxxxxxxxxxxx 000 00"),
    UnsupportedArea("minimum and maximum (FEAT_CSSC)",    "x 00 10001 11 00xx xxxxxxxx xxxxx xxxxx"),
    UnsupportedArea("minimum and maximum (FEAT_CSSC)",    "x 00 11010110 xxxxx 0110xx xxxxx xxxxx"),
    UnsupportedArea("ABS, CNT and CTZ (FEAT_CSSC)",       "x 10 11010110 00000 00011x xxxxx xxxxx"),
    UnsupportedArea("ABS, CNT and CTZ (FEAT_CSSC)",       "x 10 11010110 00000 001000 xxxxx xxxxx"),
    UnsupportedArea("debug state (DCPS)",                 "11010100 101 xxxxxxxxxxxxxxxx 000 xx"),
    UnsupportedArea("BC.cond",                            "0101010 0 xxxxxxxxxxxxxxxxxxx 1 xxxx"),
    UnsupportedArea("branches with authentication, ERET, DRPS", "1101011 xxxx 11111 00001x xxxxx xxxxx"),
    UnsupportedArea("ERET, DRPS",                         "1101011 010x 11111 000000 11111 00000"),
    UnsupportedArea("exclusives and ordered accesses",    "xx 001000 xxxxxxxxxxxxxxxxxxxxxxxx"),
    UnsupportedArea("ordered accesses (LDAPUR, STLUR)",   "xx 011001 xx 0 xxxxxxxxx 00 xxxxx xxxxx"),
    UnsupportedArea("memory tagging (MTE)",               "11 011001 xx 1 xxxxxxxxx xx xxxxx xxxxx"),
    UnsupportedArea("memory copy and set (MOPS), whose steps are the processor's choice", "xx 011x01 xx 0 xxxxx xxxx 01 xxxxx xxxxx"),
    UnsupportedArea("memory tagging (STGP)",              "01 101 0 0xx 0 xxxxxxx xxxxx xxxxx xxxxx"),
    UnsupportedArea("atomics beyond FEAT_LSE",            "xx 111 0 00 xx 1 xxxxxxxxx 00 xxxxx xxxxx"),
    UnsupportedArea("loads with authentication",          "11 111 0 00 xx 1 xxxxxxxxx x1 xxxxx xxxxx"),
    UnsupportedArea("range prefetch (RPRFM)",             "11 111 0 00 10 1 xxxxxx x xx 10 xxxxx 11xxx"),
    UnsupportedArea("pointer authentication and tags",    "1 x 0 11010110 xxxxx xxxxxx xxxxx xxxxx"),
    UnsupportedArea("CRC32 and tags",                     "x x 0 11010110 xxxxx 01xxxx xxxxx xxxxx"),
    UnsupportedArea("pointer difference (SUBPS)",         "1 0 1 11010110 xxxxx 000000 xxxxx xxxxx"),
    UnsupportedArea("flag manipulation (RMIF)",           "1 0 1 11010000 xxxxxx 00001 xxxxx 0 xxxx"),
    UnsupportedArea("flag manipulation (SETF)",           "0 0 1 11010000 00000 0 x 0010 xxxxx 0 1101"),
  ] + unsupportedVectorAreas
}
