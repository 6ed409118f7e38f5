/// Aliases of Advanced SIMD instructions.
extension ARM64 {
  // swift-format-ignore
  static let vectorAliases: [Alias] = [
    Alias("mov <Vd>.<b>, <Vn>.<b>",      "0 Q 0 01110 10 1 Rn:5 00011 1 Rn:5 Rd:5"),
    Alias("mvn <Vd>.<b>, <Vn>.<b>",      "0 Q 1 01110 00 10000 00101 10 Rn:5 Rd:5"),
    Alias("mov <Wd>, <Vn>.s[<i>]",       "0 0 0 01110000 i:2 100 0 0111 1 Rn:5 Rd:5"),
    Alias("mov <Xd>, <Vn>.d[<i>]",       "0 1 0 01110000 i:1 1000 0 0111 1 Rn:5 Rd:5"),
    Alias("mov <Bd>, <Vn>.b[<i>]",       "01 0 11110000 i:4 1 0 0000 1 Rn:5 Rd:5"),
    Alias("mov <Hd>, <Vn>.h[<i>]",       "01 0 11110000 i:3 10 0 0000 1 Rn:5 Rd:5"),
    Alias("mov <Sd>, <Vn>.s[<i>]",       "01 0 11110000 i:2 100 0 0000 1 Rn:5 Rd:5"),
    Alias("mov <Dd>, <Vn>.d[<i>]",       "01 0 11110000 i:1 1000 0 0000 1 Rn:5 Rd:5"),
    Alias("mov <Vd>.b[<i>], <Wn>",       "0 1 0 01110000 i:4 1 0 0011 1 Rn:5 Rd:5"),
    Alias("mov <Vd>.h[<i>], <Wn>",       "0 1 0 01110000 i:3 10 0 0011 1 Rn:5 Rd:5"),
    Alias("mov <Vd>.s[<i>], <Wn>",       "0 1 0 01110000 i:2 100 0 0011 1 Rn:5 Rd:5"),
    Alias("mov <Vd>.d[<i>], <Xn>",       "0 1 0 01110000 i:1 1000 0 0011 1 Rn:5 Rd:5"),
    Alias("mov <Vd>.b[<i>], <Vn>.b[<j>]", "0 1 1 01110000 i:4 1 0 j:4 1 Rn:5 Rd:5"),
    Alias("mov <Vd>.h[<i>], <Vn>.h[<j>]", "0 1 1 01110000 i:3 10 0 j:3 ignored:1 1 Rn:5 Rd:5"),
    Alias("mov <Vd>.s[<i>], <Vn>.s[<j>]", "0 1 1 01110000 i:2 100 0 j:2 ignored:2 1 Rn:5 Rd:5"),
    Alias("mov <Vd>.d[<i>], <Vn>.d[<j>]", "0 1 1 01110000 i:1 1000 0 j:1 ignored:3 1 Rn:5 Rd:5"),
    Alias("sxtl <Vd>.8h, <Vn>.8b",       "0 0 0 011110 0001 000 10100 1 Rn:5 Rd:5", isPreferred: false),
    Alias("sxtl <Vd>.4s, <Vn>.4h",       "0 0 0 011110 0010 000 10100 1 Rn:5 Rd:5", isPreferred: false),
    Alias("sxtl <Vd>.2d, <Vn>.2s",       "0 0 0 011110 0100 000 10100 1 Rn:5 Rd:5", isPreferred: false),
    Alias("sxtl2 <Vd>.8h, <Vn>.16b",     "0 1 0 011110 0001 000 10100 1 Rn:5 Rd:5", isPreferred: false),
    Alias("sxtl2 <Vd>.4s, <Vn>.8h",      "0 1 0 011110 0010 000 10100 1 Rn:5 Rd:5", isPreferred: false),
    Alias("sxtl2 <Vd>.2d, <Vn>.4s",      "0 1 0 011110 0100 000 10100 1 Rn:5 Rd:5", isPreferred: false),
    Alias("uxtl <Vd>.8h, <Vn>.8b",       "0 0 1 011110 0001 000 10100 1 Rn:5 Rd:5", isPreferred: false),
    Alias("uxtl <Vd>.4s, <Vn>.4h",       "0 0 1 011110 0010 000 10100 1 Rn:5 Rd:5", isPreferred: false),
    Alias("uxtl <Vd>.2d, <Vn>.2s",       "0 0 1 011110 0100 000 10100 1 Rn:5 Rd:5", isPreferred: false),
    Alias("uxtl2 <Vd>.8h, <Vn>.16b",     "0 1 1 011110 0001 000 10100 1 Rn:5 Rd:5", isPreferred: false),
    Alias("uxtl2 <Vd>.4s, <Vn>.8h",      "0 1 1 011110 0010 000 10100 1 Rn:5 Rd:5", isPreferred: false),
    Alias("uxtl2 <Vd>.2d, <Vn>.4s",      "0 1 1 011110 0100 000 10100 1 Rn:5 Rd:5", isPreferred: false),
  ]
}
