/// Encodings of the SIMD and floating-point group that are allocated and have no row; what is left
/// of the group is reserved.
extension ARM64 {
  // swift-format-ignore
  static let unsupportedVectorAreas: [UnsupportedArea] = [
    UnsupportedArea("floating-point arithmetic",         "x0x1111x xxxxxxxxxxxxxxxxxxxxxxxx"),
    UnsupportedArea("floating-point arithmetic (SIMD)",  "0 x x 01110 xx 1 xxxxx 11xxx 1 xxxxx xxxxx"),
    UnsupportedArea("floating-point arithmetic (SIMD)",  "01 x 11110 xx 1 xxxxx 11xxx 1 xxxxx xxxxx"),
    UnsupportedArea("floating-point arithmetic (SIMD)",  "0 x x 01110 xx 10000 xx1xx 10 xxxxx xxxxx"),
    UnsupportedArea("floating-point arithmetic (SIMD)",  "01 x 11110 xx 10000 xx1xx 10 xxxxx xxxxx"),
    UnsupportedArea("floating-point arithmetic (SIMD)",  "0 x x 01110 xx 10000 11xxx 10 xxxxx xxxxx"),
    UnsupportedArea("floating-point arithmetic (SIMD)",  "01 x 11110 xx 10000 11xxx 10 xxxxx xxxxx"),
    UnsupportedArea("floating-point arithmetic (SIMD)",  "0 x x 01110 xx 11000 011xx 10 xxxxx xxxxx"),
    UnsupportedArea("floating-point arithmetic (SIMD)",  "01 x 11110 xx 11000 011xx 10 xxxxx xxxxx"),
    UnsupportedArea("floating-point arithmetic (SIMD)",  "0 x x 01111 xx xxxxxx xx01 x 0 xxxxx xxxxx"),
    UnsupportedArea("floating-point arithmetic (SIMD)",  "01 x 11111 xx xxxxxx xx01 x 0 xxxxx xxxxx"),
    UnsupportedArea("floating-point arithmetic (SIMD)",  "0 x 0 01111 xx xxxxxx 0x00 x 0 xxxxx xxxxx"),
    UnsupportedArea("floating-point arithmetic (SIMD)",  "0 x 1 01111 xx xxxxxx 1x00 x 0 xxxxx xxxxx"),
    UnsupportedArea("floating-point conversions (SIMD)", "0 x x 011110 xxxxxxx 111xx 1 xxxxx xxxxx"),
    UnsupportedArea("floating-point conversions (SIMD)", "01 x 111110 xxxxxxx 111xx 1 xxxxx xxxxx"),
    UnsupportedArea("half-precision constants",          "0 x 0 0111100000 xxx 1111 1 1 xxxxx xxxxx"),
    UnsupportedArea("half-precision arithmetic (SIMD)",  "0 x x 01110 x 10 xxxxx 00 xxx 1 xxxxx xxxxx"),
    UnsupportedArea("half-precision arithmetic (SIMD)",  "01 x 11110 x 10 xxxxx 00 xxx 1 xxxxx xxxxx"),
    UnsupportedArea("half-precision arithmetic (SIMD)",  "0 x x 01110 x 111100 xxxxx 10 xxxxx xxxxx"),
    UnsupportedArea("half-precision arithmetic (SIMD)",  "01 x 11110 x 111100 xxxxx 10 xxxxx xxxxx"),
    UnsupportedArea("complex, mixed and BFloat16 products", "0 x x 01110 xx 0 xxxxx 1xxxx 1 xxxxx xxxxx"),
    UnsupportedArea("complex, mixed and BFloat16 products", "0 x 1 01111 xx xxxxxx 0xx1 x 0 xxxxx xxxxx"),
    UnsupportedArea("complex, mixed and BFloat16 products", "0 x 0 01111 xx xxxxxx 1111 x 0 xxxxx xxxxx"),
    UnsupportedArea("AES",                               "01001110 00 10100 xxxxx 10 xxxxx xxxxx"),
    UnsupportedArea("SHA",                               "01011110 00 0 xxxxx 0 xxx 00 xxxxx xxxxx"),
    UnsupportedArea("SHA",                               "01011110 00 10100 xxxxx 10 xxxxx xxxxx"),
    UnsupportedArea("cryptography beyond the tables",    "11001110 xxxxxxxxxxxxxxxxxxxxxxxx"),
    UnsupportedArea("PMULL of doublewords",              "0 x 0 01110 11 1 xxxxx 1110 00 xxxxx xxxxx"),
    UnsupportedArea("table look-up (FEAT_LUT)",          "0 x 001110 xx 0 xxxxx 0 xx x 00 xxxxx xxxxx"),
    UnsupportedArea("ordered accesses (FEAT_LRCPC3)",    "xx 011101 xx 0 xxxxxxxxx 10 xxxxx xxxxx"),
    UnsupportedArea("ordered accesses (FEAT_LRCPC3)",    "0 x 001101 0 x 000001 100001 xxxxx xxxxx"),
  ]
}
