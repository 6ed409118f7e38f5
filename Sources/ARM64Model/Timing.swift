import MachineModel

/// Which instructions take a time that does not depend on their data.
extension ARM64 {
  public func hasDataIndependentTiming(_ form: Form) -> Bool {
    let mnemonic = form.mnemonic
    if ARM64.dataIndependentScalars.contains(mnemonic) { return form.syntax.contains("<Dd>") }
    // Of loads of literals the list says nothing.
    return ARM64.dataIndependentTiming.contains(mnemonic) && !form.syntax.hasSuffix("<literal>")
  }

  /// The mnemonics of the tables that the Arm ARM's list of data-independent-time instructions names, in the
  /// classes of encodings that the tables have (DDI 0487, C5.2.4, DIT).
  ///
  /// The list holds where PSTATE.DIT is 1 (FEAT_DIT).
  package static let dataIndependentTiming = Set(
    """
    adc adcs add adds and ands asrv bfm bic bics ccmn ccmp cls clz crc32b crc32cb crc32ch crc32cw crc32cx
    crc32h crc32w crc32x csel csinc csinv csneg eon eor extr lslv lsrv madd msub orn orr rbit rev rev16 rev32
    rorv sbc sbcs sbfm smaddl smsubl smulh sub subs ubfm umaddl umsubl umulh

    abs addhn addhn2 addp addv bif bit bsl cmeq cmge cmgt cmhi cmhs cmle cmlt cmtst cnt dup ext fcsel ins mla
    mls mul neg not pmul pmull pmull2 raddhn raddhn2 rev64 rshrn rshrn2 rsubhn rsubhn2 saba sabal sabal2 sabd
    sabdl sabdl2 sadalp saddl saddl2 saddlp saddlv saddw saddw2 sdot shadd shl shll shll2 shrn shrn2 shsub sli
    smax smaxp smaxv smin sminp sminv smlal smlal2 smlsl smlsl2 smov smull smull2 sqdmulh sqrdmlah sqrdmulh
    sri sshl sshll sshll2 sshr ssra ssubl ssubl2 ssubw ssubw2 subhn subhn2 tbl tbx trn1 trn2 uaba uabal uabal2
    uabd uabdl uabdl2 uadalp uaddl uaddl2 uaddlp uaddlv uaddw uaddw2 udot uhadd uhsub umax umaxp umaxv umin
    uminp uminv umlal umlal2 umlsl umlsl2 umov umull umull2 ushl ushll ushll2 ushr usra usubl usubl2 usubw
    usubw2 uzp1 uzp2 xtn xtn2 zip1 zip2

    aesd aese aesimc aesmc bcax eor3 rax1 sha1c sha1h sha1m sha1p sha1su0 sha1su1 sha256h sha256h2 sha256su0
    sha256su1 sha512h sha512h2 sha512su0 sha512su1 sm3partw1 sm3partw2 sm3ss1 sm3tt1a sm3tt1b sm3tt2a sm3tt2b
    sm4e sm4ekey xar

    ld1 ld1r ld2 ld2r ld3 ld3r ld4 ld4r ldapr ldaprb ldaprh ldapur ldapurb ldapurh ldapursb ldapursh ldapursw
    ldar ldarb ldarh ldaxp ldaxr ldaxrb ldaxrh ldlar ldlarb ldlarh ldnp ldp ldpsw ldr ldrb ldrh ldrsb ldrsh
    ldrsw ldtr ldtrb ldtrh ldtrsb ldtrsh ldtrsw ldur ldurb ldurh ldursb ldursh ldursw ldxp ldxr ldxrb ldxrh
    st1 st2 st3 st4 stllr stllrb stllrh stlr stlrb stlrh stlur stlurb stlurh stlxp stlxr stlxrb stlxrh stnp
    stp str strb strh sttr sttrb sttrh stur sturb sturh stxp stxr stxrb stxrh

    ldadd ldadda ldaddab ldaddah ldaddal ldaddalb ldaddalh ldaddb ldaddh ldaddl ldaddlb ldaddlh
    ldclr ldclra ldclrab ldclrah ldclral ldclralb ldclralh ldclrb ldclrh ldclrl ldclrlb ldclrlh
    ldeor ldeora ldeorab ldeorah ldeoral ldeoralb ldeoralh ldeorb ldeorh ldeorl ldeorlb ldeorlh
    ldset ldseta ldsetab ldsetah ldsetal ldsetalb ldsetalh ldsetb ldseth ldsetl ldsetlb ldsetlh
    ldsmax ldsmaxa ldsmaxab ldsmaxah ldsmaxal ldsmaxalb ldsmaxalh ldsmaxb ldsmaxh ldsmaxl ldsmaxlb ldsmaxlh
    ldsmin ldsmina ldsminab ldsminah ldsminal ldsminalb ldsminalh ldsminb ldsminh ldsminl ldsminlb ldsminlh
    ldumax ldumaxa ldumaxab ldumaxah ldumaxal ldumaxalb ldumaxalh ldumaxb ldumaxh ldumaxl ldumaxlb ldumaxlh
    ldumin ldumina lduminab lduminah lduminal lduminalb lduminalh lduminb lduminh lduminl lduminlb lduminlh
    """.split { $0.isWhitespace }.map(String.init))

  /// Those that the list names only among scalar shifts by an immediate.
  package static let dataIndependentScalars: Set<String> = ["srshr", "srsra", "urshr", "ursra"]
}
