/// Aliases of add, subtract, logical and multiply instructions.
extension ARM64 {
  // swift-format-ignore
  static let addSubtractAliases: [Alias] = [
    Alias("mov <Wd|WSP>, <Wn|WSP>",                                "0 0 0 100010 0 000000000000 Rn:5 Rd=11111"),
    Alias("mov <Wd|WSP>, <Wn|WSP>",                                "0 0 0 100010 0 000000000000 Rn=11111 Rd:5"),
    Alias("mov <Xd|SP>, <Xn|SP>",                                  "1 0 0 100010 0 000000000000 Rn:5 Rd=11111"),
    Alias("mov <Xd|SP>, <Xn|SP>",                                  "1 0 0 100010 0 000000000000 Rn=11111 Rd:5"),
    Alias("cmn <Wn|WSP>, #<imm12>{, LSL #<12*sh>}",                "0 0 1 100010 sh imm12:12 Rn:5 11111"),
    Alias("cmn <Xn|SP>, #<imm12>{, LSL #<12*sh>}",                 "1 0 1 100010 sh imm12:12 Rn:5 11111"),
    Alias("cmn <Wn>, <Wm>{, <shift> #<amount>}",                   "0 0 1 01011 shift:2!=11 0 Rm:5 0 imm5:5 Rn:5 11111"),
    Alias("cmn <Xn>, <Xm>{, <shift> #<amount>}",                   "1 0 1 01011 shift:2!=11 0 Rm:5 imm6:6 Rn:5 11111"),
    Alias("cmn <Wn|WSP>, <Wm>{, <extend> {#<amount>}}",            "0 0 1 01011 00 1 Rm:5 option:3 imm3:3!=101!=11x Rn:5 11111"),
    Alias("cmn <Xn|SP>, <R><m>{, <extend> {#<amount>}}",           "1 0 1 01011 00 1 Rm:5 option:3 imm3:3!=101!=11x Rn:5 11111"),
    Alias("cmp <Wn|WSP>, #<imm12>{, LSL #<12*sh>}",                "0 1 1 100010 sh imm12:12 Rn:5 11111"),
    Alias("cmp <Xn|SP>, #<imm12>{, LSL #<12*sh>}",                 "1 1 1 100010 sh imm12:12 Rn:5 11111"),
    Alias("cmp <Wn>, <Wm>{, <shift> #<amount>}",                   "0 1 1 01011 shift:2!=11 0 Rm:5 0 imm5:5 Rn:5 11111"),
    Alias("cmp <Xn>, <Xm>{, <shift> #<amount>}",                   "1 1 1 01011 shift:2!=11 0 Rm:5 imm6:6 Rn:5 11111"),
    Alias("cmp <Wn|WSP>, <Wm>{, <extend> {#<amount>}}",            "0 1 1 01011 00 1 Rm:5 option:3 imm3:3!=101!=11x Rn:5 11111"),
    Alias("cmp <Xn|SP>, <R><m>{, <extend> {#<amount>}}",           "1 1 1 01011 00 1 Rm:5 option:3 imm3:3!=101!=11x Rn:5 11111"),
    Alias("neg <Wd>, <Wm>{, <shift> #<amount>}",                   "0 1 0 01011 shift:2!=11 0 Rm:5 0 imm5:5 11111 Rd:5"),
    Alias("neg <Xd>, <Xm>{, <shift> #<amount>}",                   "1 1 0 01011 shift:2!=11 0 Rm:5 imm6:6 11111 Rd:5"),
    Alias("negs <Wd>, <Wm>{, <shift> #<amount>}",                  "0 1 1 01011 shift:2!=11 0 Rm:5 0 imm5:5 11111 Rd:5"),
    Alias("negs <Xd>, <Xm>{, <shift> #<amount>}",                  "1 1 1 01011 shift:2!=11 0 Rm:5 imm6:6 11111 Rd:5"),
    Alias("ngc <Wd>, <Wm>",                                        "0 1 0 11010000 Rm:5 000000 11111 Rd:5"),
    Alias("ngc <Xd>, <Xm>",                                        "1 1 0 11010000 Rm:5 000000 11111 Rd:5"),
    Alias("ngcs <Wd>, <Wm>",                                       "0 1 1 11010000 Rm:5 000000 11111 Rd:5"),
    Alias("ngcs <Xd>, <Xm>",                                       "1 1 1 11010000 Rm:5 000000 11111 Rd:5"),
  ]

  // swift-format-ignore
  static let logicalAliases: [Alias] = [
    Alias("tst <Wn>, #<bitmask>",                                  "0 11 100100 0 immr:6 imms:6 Rn:5 11111"),
    Alias("tst <Xn>, #<bitmask>",                                  "1 11 100100 N immr:6 imms:6 Rn:5 11111"),
    Alias("tst <Wn>, <Wm>{, <shift> #<amount>}",                   "0 11 01010 shift:2 0 Rm:5 0 imm5:5 Rn:5 11111"),
    Alias("tst <Xn>, <Xm>{, <shift> #<amount>}",                   "1 11 01010 shift:2 0 Rm:5 imm6:6 Rn:5 11111"),
    Alias("mov <Wd>, <Wm>",                                        "0 01 01010 00 0 Rm:5 000000 11111 Rd:5"),
    Alias("mov <Xd>, <Xm>",                                        "1 01 01010 00 0 Rm:5 000000 11111 Rd:5"),
    Alias("mvn <Wd>, <Wm>{, <shift> #<amount>}",                   "0 01 01010 shift:2 1 Rm:5 0 imm5:5 11111 Rd:5"),
    Alias("mvn <Xd>, <Xm>{, <shift> #<amount>}",                   "1 01 01010 shift:2 1 Rm:5 imm6:6 11111 Rd:5"),
    Alias("mov <Wd>, #<mov imm16>",                                "0 10 100101 hw=0x imm16:16 Rd:5"),
    Alias("mov <Xd>, #<mov imm16>",                                "1 10 100101 hw:2 imm16:16 Rd:5"),
    Alias("mov <Wd>, #<mov ~imm16>",                               "0 00 100101 hw=0x imm16:16 Rd:5"),
    Alias("mov <Xd>, #<mov ~imm16>",                               "1 00 100101 hw:2 imm16:16 Rd:5"),
    Alias("mov <Wd|WSP>, #<mov bitmask>",                          "0 01 100100 0 immr:6 imms:6 11111 Rd:5"),
    Alias("mov <Xd|SP>, #<mov bitmask>",                           "1 01 100100 N immr:6 imms:6 11111 Rd:5"),
  ]

  // swift-format-ignore
  static let multiplyAliases: [Alias] = [
    Alias("mul <Wd>, <Wn>, <Wm>",                                  "0 00 11011 000 Rm:5 0 11111 Rn:5 Rd:5"),
    Alias("mul <Xd>, <Xn>, <Xm>",                                  "1 00 11011 000 Rm:5 0 11111 Rn:5 Rd:5"),
    Alias("mneg <Wd>, <Wn>, <Wm>",                                 "0 00 11011 000 Rm:5 1 11111 Rn:5 Rd:5"),
    Alias("mneg <Xd>, <Xn>, <Xm>",                                 "1 00 11011 000 Rm:5 1 11111 Rn:5 Rd:5"),
    Alias("smull <Xd>, <Wn>, <Wm>",                                "1 00 11011 001 Rm:5 0 11111 Rn:5 Rd:5"),
    Alias("smnegl <Xd>, <Wn>, <Wm>",                               "1 00 11011 001 Rm:5 1 11111 Rn:5 Rd:5"),
    Alias("umull <Xd>, <Wn>, <Wm>",                                "1 00 11011 101 Rm:5 0 11111 Rn:5 Rd:5"),
    Alias("umnegl <Xd>, <Wn>, <Wm>",                               "1 00 11011 101 Rm:5 1 11111 Rn:5 Rd:5"),
    Alias("lsl <Wd>, <Wn>, <Wm>",                                  "0 0 0 11010110 Rm:5 001000 Rn:5 Rd:5"),
    Alias("lsl <Xd>, <Xn>, <Xm>",                                  "1 0 0 11010110 Rm:5 001000 Rn:5 Rd:5"),
    Alias("lsr <Wd>, <Wn>, <Wm>",                                  "0 0 0 11010110 Rm:5 001001 Rn:5 Rd:5"),
    Alias("lsr <Xd>, <Xn>, <Xm>",                                  "1 0 0 11010110 Rm:5 001001 Rn:5 Rd:5"),
    Alias("asr <Wd>, <Wn>, <Wm>",                                  "0 0 0 11010110 Rm:5 001010 Rn:5 Rd:5"),
    Alias("asr <Xd>, <Xn>, <Xm>",                                  "1 0 0 11010110 Rm:5 001010 Rn:5 Rd:5"),
    Alias("ror <Wd>, <Wn>, <Wm>",                                  "0 0 0 11010110 Rm:5 001011 Rn:5 Rd:5"),
    Alias("ror <Xd>, <Xn>, <Xm>",                                  "1 0 0 11010110 Rm:5 001011 Rn:5 Rd:5"),
    Alias("irg <Xd|SP>, <Xn|SP>", "1 0 0 11010110 11111 000100 Rn:5 Rd:5"),
    Alias("rev64 <Xd>, <Xn>", "1 1 0 11010110 00000 000011 Rn:5 Rd:5", isPreferred: false),
  ]

  // swift-format-ignore
  static let conditionalAliases: [Alias] = [
    Alias("cset <Wd>, <invcond>",                                  "0 0 0 11010100 11111 cond:4!=111x 01 11111 Rd:5"),
    Alias("cset <Xd>, <invcond>",                                  "1 0 0 11010100 11111 cond:4!=111x 01 11111 Rd:5"),
    Alias("cinc <Wd>, <Wn>, <invcond>",                            "0 0 0 11010100 Rn:5!=11111 cond:4!=111x 01 Rn:5 Rd:5"),
    Alias("cinc <Xd>, <Xn>, <invcond>",                            "1 0 0 11010100 Rn:5!=11111 cond:4!=111x 01 Rn:5 Rd:5"),
    Alias("csetm <Wd>, <invcond>",                                 "0 1 0 11010100 11111 cond:4!=111x 00 11111 Rd:5"),
    Alias("csetm <Xd>, <invcond>",                                 "1 1 0 11010100 11111 cond:4!=111x 00 11111 Rd:5"),
    Alias("cinv <Wd>, <Wn>, <invcond>",                            "0 1 0 11010100 Rn:5!=11111 cond:4!=111x 00 Rn:5 Rd:5"),
    Alias("cinv <Xd>, <Xn>, <invcond>",                            "1 1 0 11010100 Rn:5!=11111 cond:4!=111x 00 Rn:5 Rd:5"),
    Alias("cneg <Wd>, <Wn>, <invcond>",                            "0 1 0 11010100 Rn:5 cond:4!=111x 01 Rn:5 Rd:5"),
    Alias("cneg <Xd>, <Xn>, <invcond>",                            "1 1 0 11010100 Rn:5 cond:4!=111x 01 Rn:5 Rd:5"),
  ]
}
