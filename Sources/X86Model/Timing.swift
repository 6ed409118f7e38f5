import MachineModel

/// Which instructions take a time that does not depend on their data.
extension X86 {
  public func hasDataIndependentTiming(_ form: Form) -> Bool {
    X86.dataIndependentTiming.contains(form.mnemonic)
  }

  /// The mnemonics of the tables that Intel's list "Data Operand Independent Timing Instructions" names, all
  /// opcodes of which it names.
  ///
  /// The list holds for Intel's processors, where IA32_UARCH_MISC_CTL.DOITM (MSR 1B01H, bit 0) is set if they
  /// have it, and of multiplications on some only while MXCSR is 1FBFH ("MXCSR Configuration Dependent
  /// Timing"). AMD publishes none. Left out, though the list has them: repeated string instructions, whose
  /// count is data, and MOVSD, which is the name of a string and of a floating-point instruction.
  package static let dataIndependentTiming = Set(
    """
    adc adcx add adox and andn bswap bt btc btr bts cmova cmovae cmovb cmovbe cmove cmovg cmovge cmovl cmovle
    cmovne cmovno cmovnp cmovns cmovo cmovp cmovs cmp cqo dec imul inc lea mov movsx movsxd movzx mul mulx neg
    not or pop push pushw rol ror rorx sar sbb seta setae setb setbe sete setg setge setl setle setne setno
    setnp setns seto setp sets shl shld shlx shr shrd shrx sub test xor
    movsb movsq movsw

    aesdec aesdeclast aesenc aesenclast aesimc aeskeygenassist gf2p8affineinvqb gf2p8affineqb gf2p8mulb
    pclmulqdq sha1msg1 sha1msg2 sha1nexte sha1rnds4 sha256msg1 sha256msg2 sha256rnds2
    vaesdec vaesdeclast vaesenc vaesenclast vaesimc vaeskeygenassist vgf2p8affineinvqb vgf2p8affineqb
    vgf2p8mulb vpclmulqdq

    lddqu movd movddup movdqa movdqu movntdq movntdqa movq movshdup movsldup mpsadbw
    pabsb pabsd pabsw packssdw packsswb packusdw packuswb paddb paddd paddq paddsb paddsw paddusb paddusw
    paddw palignr pand pandn pavgb pavgw pblendvb pblendw pcmpeqb pcmpeqd pcmpeqq pcmpeqw pcmpgtb pcmpgtd
    pcmpgtq pcmpgtw pextrb pextrd pextrq pextrw phaddd phaddsw phaddw phminposuw phsubd phsubsw phsubw
    pinsrb pinsrd pinsrq pinsrw pmaddubsw pmaddwd pmaxsb pmaxsw pmaxub pmaxud pmaxuw pminsb pminsw pminub
    pminud pminuw pmovmskb pmovsxbd pmovsxbq pmovsxbw pmovsxdq pmovsxwd pmovsxwq pmovzxbd pmovzxbq pmovzxbw
    pmovzxdq pmovzxwd pmovzxwq pmuldq pmulhrsw pmulhuw pmulhw pmulld pmullw pmuludq por psadbw pshufb pshufd
    pshufhw pshuflw psignb psignd psignw pslld pslldq psllq psllw psrad psraw psrld psrldq psrlq psrlw psubb
    psubd psubq psubsb psubsw psubusb psubusw psubw ptest punpckhbw punpckhdq punpckhqdq punpckhwd punpcklbw
    punpckldq punpcklqdq punpcklwd pxor

    vbroadcastf128 vbroadcasti128 vbroadcastsd vbroadcastss vextractf128 vextracti128 vinsertf128 vinserti128
    vlddqu vmovd vmovddup vmovdqa vmovdqu vmovdqu16 vmovdqu32 vmovdqu64 vmovdqu8 vmovntdq vmovntdqa vmovq
    vmovsd vmovshdup vmovsldup vmpsadbw
    vpabsb vpabsd vpabsw vpackssdw vpacksswb vpackusdw vpackuswb vpaddb vpaddd vpaddq vpaddsb vpaddsw
    vpaddusb vpaddusw vpaddw vpalignr vpand vpandd vpandn vpandnd vpandnq vpandq vpavgb vpavgw vpblendd
    vpblendvb vpblendw vpbroadcastb vpbroadcastd vpbroadcastq vpbroadcastw vpcmpb vpcmpeqb vpcmpeqd vpcmpeqq
    vpcmpeqw vpcmpgtb vpcmpgtd vpcmpgtq vpcmpgtw vpcmpq vpcmpub vpcmpud vpcmpuq vpcmpuw vpcmpw vperm2f128
    vperm2i128 vpermd vpermilpd vpermilps vpermpd vpermps vpermq vpextrb vpextrd vpextrq vpextrw vphaddd
    vphaddsw vphaddw vphminposuw vphsubd vphsubsw vphsubw vpinsrb vpinsrd vpinsrq vpinsrw vpmaddubsw
    vpmaddwd vpmaxsb vpmaxsw vpmaxub vpmaxud vpmaxuw vpminsb vpminsw vpminub vpminud vpminuw vpmovmskb
    vpmovqd vpmovsxbd vpmovsxbq vpmovsxbw vpmovsxdq vpmovsxwd vpmovsxwq vpmovzxbd vpmovzxbq vpmovzxbw
    vpmovzxdq vpmovzxwd vpmovzxwq vpmuldq vpmulhrsw vpmulhuw vpmulhw vpmulld vpmullw vpmuludq vpor vpord
    vporq vpsadbw vpshufb vpshufd vpshufhw vpshuflw vpsignb vpsignd vpsignw vpslld vpslldq vpsllq vpsllvd
    vpsllvq vpsllw vpsrad vpsravd vpsraw vpsrld vpsrldq vpsrlq vpsrlvd vpsrlvq vpsrlw vpsubb vpsubd vpsubq
    vpsubsb vpsubsw vpsubusb vpsubusw vpsubw vpternlogd vpternlogq vptest vpunpckhbw vpunpckhdq vpunpckhqdq
    vpunpckhwd vpunpcklbw vpunpckldq vpunpcklqdq vpunpcklwd vpxor vpxord vpxorq vzeroall vzeroupper

    kaddb kaddd kaddq kaddw kandb kandd kandnb kandnd kandnq kandnw kandq kandw kmovb kmovd kmovq kmovw knotb
    knotd knotq knotw korb kord korq kortestb kortestd kortestq kortestw korw kshiftlb kshiftld kshiftlq
    kshiftlw kshiftrb kshiftrd kshiftrq kshiftrw ktestb ktestd ktestq ktestw kunpckbw kunpckdq kunpckwd
    kxnorb kxnord kxnorq kxnorw kxorb kxord kxorq kxorw
    """.split { $0.isWhitespace }.map(String.init))
}
