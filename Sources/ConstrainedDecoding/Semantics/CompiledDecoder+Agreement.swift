import MachineModel

/// What tests compare: shortcuts with what they stand for.
extension CompiledDecoder {
  /// The instructions of which the effect does not say all that their own closure says, in words.
  package func wrongEffects(among instructions: [Instruction]) -> [String] {
    let cache = EffectCache(architecture)
    let reader = EffectReader(architecture)
    return instructions.compactMap { instruction in
      guard let bytes = try? architecture.encode(instruction),
        let decoded = try? architecture.decode(bytes[...], at: 0), decoded.length == bytes.count
      else { return nil }
      let found = cache.effect(of: bytes.reduce(1) { $0 << 8 | UInt128($1) })
      let expected = reader.effect(of: decoded)
      if found.covers(expected) { return nil }
      return "\(bytes) \(architecture.text(of: decoded)): \(found), \(expected) was expected"
    }
  }

  /// The instructions of which it is judged otherwise than by making the state after them whether they may stand
  /// where a matcher is, and how many were compared.
  package func judgements(
    of instructions: [Instruction], at matcher: InstructionMatcher
  ) -> (compared: Int, wrong: [String]) {
    guard case .semantic(let core) = engine, case .semantic(let position) = matcher.position else {
      return (0, [])
    }
    let codes = instructions.compactMap { try? architecture.encode($0) }.filter {
      (try? architecture.decode($0[...], at: 0))?.length == $0.count
    }
    let texts = core.with { $0.walker.search.wrongJudgements(of: codes, at: position) }
    return (codes.count, texts)
  }
}

extension InstructionEffect {
  /// Whether all that another effect asks for and changes is in this one, and the rest is the same.
  fileprivate func covers(_ other: InstructionEffect) -> Bool {
    var closest = other
    closest.reads.formUnion(reads)
    closest.defines.formUnion(defines)
    closest.sources = sources
    return closest == self
      && Set(other.sources).subtracting(sources).allSatisfy { $0.source == .unknown }
  }
}

extension CompletionSearch {
  fileprivate func wrongJudgements(of codes: [[UInt8]], at position: Position) -> [String] {
    guard let state = position.semantics, position.begun == 1 else { return [] }
    return codes.compactMap { bytes in
      let number = effects.number(of: bytes.reduce(1) { $0 << 8 | UInt128($1) })
      let found = effects.effects[Int(number)]
      let judgement = machine.judge(state, effects.template(of: found), found)
      switch (judgement, machine.step(state, effects[number])) {
      case (.open, _), (.refused, .refused): return nil
      case (.legal(let cost), .legal(let reached)) where cost == reached.closing: return nil
      case (_, let outcome): return "\(bytes): \(judgement), but \(outcome)"
      }
    }
  }
}
