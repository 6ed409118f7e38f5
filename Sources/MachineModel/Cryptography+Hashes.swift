import Terms

/// The functions of SHA-1, SHA-256 and SHA-512 (FIPS 180-4), shared by the ISAs.
extension TermManager {
  // MARK: Functions of three words

  /// Ch: the bits of `then` where `mask` is one, those of `otherwise` where it is zero.
  public func choice(_ mask: Term, _ then: Term, _ otherwise: Term) -> Term {
    xor(and(xor(then, otherwise), mask), otherwise)
  }

  /// Parity: one where an odd number of the three is.
  public func parity(_ first: Term, _ second: Term, _ third: Term) -> Term {
    xor(xor(first, second), third)
  }

  /// Maj: one where at least two of the three are.
  public func majority(_ first: Term, _ second: Term, _ third: Term) -> Term {
    or(and(first, second), and(or(first, second), third))
  }

  // MARK: SHA-1

  /// One round of SHA-1 on `a b c d e`, of 32 bits each: `value` is f(b, c, d), `word` the schedule's
  /// word plus the round's constant.
  public func sha1Round(_ state: [Term], _ value: Term, _ word: Term) -> [Term] {
    let sum = add(add(rotateLeft(state[0], by: 5), value), add(state[4], word))
    return [sum, state[0], rotateLeft(state[1], by: 30), state[2], state[3]]
  }

  // MARK: SHA-256

  /// One round of SHA-256 on `a` to `h`, of 32 bits each; `word` is the schedule's word plus the
  /// round's constant.
  public func sha256Round(_ state: [Term], _ word: Term) -> [Term] {
    let (a, b, c, d) = (state[0], state[1], state[2], state[3])
    let (e, f, g, h) = (state[4], state[5], state[6], state[7])
    let first = add(add(h, rotations(e, 6, 11, 25)), add(choice(e, f, g), word))
    let second = add(rotations(a, 2, 13, 22), majority(a, b, c))
    return [add(first, second), a, b, c, add(d, first), e, f, g]
  }

  /// σ₀ and σ₁ of SHA-256's message schedule.
  public func sha256Sigma0(_ word: Term) -> Term { schedule(word, 7, 18, shift: 3) }
  public func sha256Sigma1(_ word: Term) -> Term { schedule(word, 17, 19, shift: 10) }

  // MARK: SHA-512

  /// Σ₀ and Σ₁ of SHA-512's rounds, on 64 bits.
  public func sha512Sum0(_ word: Term) -> Term { rotations(word, 28, 34, 39) }
  public func sha512Sum1(_ word: Term) -> Term { rotations(word, 14, 18, 41) }

  /// σ₀ and σ₁ of SHA-512's message schedule.
  public func sha512Sigma0(_ word: Term) -> Term { schedule(word, 1, 8, shift: 7) }
  public func sha512Sigma1(_ word: Term) -> Term { schedule(word, 19, 61, shift: 6) }

  // MARK: Rotations

  /// The exclusive or of `word` rotated right by three counts.
  private func rotations(_ word: Term, _ first: Int, _ second: Int, _ third: Int) -> Term {
    parity(
      rotateRight(word, by: first), rotateRight(word, by: second), rotateRight(word, by: third))
  }

  /// The exclusive or of `word` rotated right by two counts and shifted right by a third.
  private func schedule(_ word: Term, _ first: Int, _ second: Int, shift: Int) -> Term {
    parity(
      rotateRight(word, by: first), rotateRight(word, by: second),
      logicalShiftRight(word, by: shift))
  }

  /// `word` rotated right by a constant.
  public func rotateRight(_ word: Term, by count: Int) -> Term {
    rotateLeft(word, by: width(word) - count % width(word))
  }
}
