import Testing

/// Signed records, with keys as OpenSSL makes them and held against OpenSSL's own verification.
@Suite struct SigningTests {
  /// A repository with a key pair `KIND.key`, `KIND.pub` of each kind.
  private static func repository() -> Repository {
    let repository = Repository()
    let made = repository.shell(
      """
      set -e
      openssl genpkey -algorithm ed25519 -out ed25519.key
      openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.key
      openssl ecparam -name prime256v1 -genkey -out sec1.key
      openssl genpkey -algorithm ed25519 -out other.key
      for kind in ed25519 p256 sec1 other; do
        openssl pkey -in $kind.key -pubout -out $kind.pub
      done
      """)
    #expect(made.status == 0, "\(made)")
    return repository
  }

  @Test(arguments: ["ed25519", "p256", "sec1"]) func signedAndVerified(kind: String) {
    let repository = SigningTests.repository()
    #expect(repository.gate(["--sign", "\(kind).key"]).status == 0)
    let good = Command.run(
      ["gate", "verify", "--key", "\(kind).pub"], in: repository.scratch.folder)
    #expect(good.status == 0 && good.output.hasSuffix("2 signed\n"), "\(good)")
    #expect(repository.gate(["--locked", "--key", "\(kind).pub"]).status == 0)
    #expect(
      repository.gate(["--locked", "--key", "other.pub", "--key", "\(kind).pub"]).status == 0)
    let bad = repository.gate(["--locked", "--key", "other.pub"])
    #expect(bad.status == 3 && bad.output.contains("no signature by a key"), "\(bad)")
    let other = Command.run(
      ["gate", "verify", "--key", "other.pub"], in: repository.scratch.folder)
    #expect(other.status == 3 && other.output.contains("0 signed, 2 not signed"), "\(other)")
  }

  /// The pre-authentication encoding made by a shell, the signature checked by OpenSSL.
  @Test(arguments: ["ed25519", "p256"]) func agreesWithOpenSSL(kind: String) {
    let repository = SigningTests.repository()
    #expect(repository.gate(["--sign", "\(kind).key"]).status == 0)
    let verify =
      kind == "p256"
      ? "openssl dgst -sha256 -verify p256.pub -signature sig pae"
      : "openssl pkeyutl -verify -pubin -inkey ed25519.pub -rawin -in pae -sigfile sig"
    let result = repository.shell(
      """
      set -e
      envelope=proofs/abs32.x86-64.hand.intoto.jsonl
      sed 's/.*"payload":"\\([^"]*\\)".*/\\1/' $envelope | base64 -d > payload
      sed 's/.*"sig":"\\([^"]*\\)".*/\\1/' $envelope | base64 -d > sig
      cmp payload proofs/abs32.x86-64.hand.json
      printf 'DSSEv1 28 application/vnd.in-toto+json %s ' $(wc -c < payload) > pae
      cat payload >> pae
      \(verify)
      printf x >> pae
      ! \(verify)
      """)
    #expect(result.status == 0, "\(result)")
  }

  /// A record that was forged, or signed and then edited, does not pass.
  @Test func forgedRecords() {
    let repository = SigningTests.repository()
    _ = repository.gate(["--sign", "ed25519.key"])
    let record = repository.record
    // The stage of a solver is what --locked takes as it stands.
    let forged = record.replacing("\"stage\" : \"sat\"", with: "\"stage\" : \"z3\"")
    #expect(forged != record)
    repository.write(forged, to: "proofs/abs32.x86-64.hand.json")
    #expect(repository.gate(["--locked"]).status == 0)
    let locked = repository.gate(["--locked", "--key", "ed25519.pub"])
    #expect(locked.status == 3 && locked.output.contains("1 proved, 1 stale"), "\(locked)")
    #expect(locked.output.contains("the record was edited"))
    // Another record's envelope is no help, and neither is none.
    _ = repository.shell(
      "cp proofs/abs32.arm64.hand.intoto.jsonl proofs/abs32.x86-64.hand.intoto.jsonl")
    #expect(repository.gate(["--locked", "--key", "ed25519.pub"]).status == 3)
    _ = repository.shell("rm proofs/*.jsonl")
    let unsigned = repository.gate(["--locked", "--key", "ed25519.pub"])
    #expect(unsigned.status == 3 && unsigned.output.contains("2 stale"), "\(unsigned)")
    // Proving anew writes and signs what holds, and no note that somebody put there.
    repository.write(
      record.replacing(
        "\"placement\" : 1",
        with: "\"confirmedBy\" : [\n              \"me\"\n            ],\n"
          + "            \"placement\" : 1"), to: "proofs/abs32.x86-64.hand.json")
    #expect(repository.gate(["--no-cache"]).status == 0 && repository.record.contains("\"me\""))
    #expect(repository.gate(["--sign", "ed25519.key"]).status == 0 && repository.record == record)
    #expect(repository.gate(["--locked", "--key", "ed25519.pub"]).status == 0)
  }

  @Test func keysOfOtherKinds() {
    let repository = SigningTests.repository()
    _ = repository.shell(
      """
      openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out rsa.key
      openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out p384.key
      openssl pkey -in ed25519.key -aes128 -passout pass:x -out encrypted.key
      openssl pkey -in rsa.key -pubout -out rsa.pub
      """)
    let cases = [
      (["--sign", "rsa.key"], "found a private key of kind RSA"),
      (["--sign", "p384.key"], "found a private key of kind ECDSA P-384"),
      (["--sign", "encrypted.key"], "found an encrypted private key"),
      (["--sign", "ed25519.pub"], "found a public key of kind Ed25519"),
      (["--sign", "abs32.smt"], "a key in PEM was expected"),
      (["--sign", "missing.key"], "missing.key"),
      (["--locked", "--key", "rsa.pub"], "found a public key of kind RSA"),
      (["--locked", "--key", "ed25519.key"], "found a private key of kind Ed25519"),
      (["--locked", "--sign", "ed25519.key"], "--sign goes with proving"),
      (["--key", "ed25519.pub"], "--key goes with --locked"),
    ]
    for (arguments, message) in cases {
      let result = repository.gate(arguments)
      #expect(result.status == 2 && result.errors.contains(message), "\(arguments): \(result)")
      #expect(repository.record.isEmpty)
    }
  }
}
