import MachineModel

/// What tests compare: shortcuts with what they stand for.
extension CompiledDecoder {
  /// The instructions of which the effect does not say all that their own closure says, in words.
  package func wrongEffects(among instructions: [Instruction]) -> [String] {
    let cache = EffectCache(architecture)
    let reader = EffectReader(architecture, isSummarizing: false)
    return instructions.compactMap { instruction in
      guard let bytes = try? architecture.encode(instruction),
        let decoded = try? architecture.decode(bytes[...], at: 0), decoded.length == bytes.count
      else { return nil }
      let found = cache.effect(of: bytes.begun)
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

  /// The instructions that may not stand where a matcher is though one may that they are said to replace, or that may
  /// though they are said to be legal nowhere; and how many pairs were compared.
  package func replacements(
    among instructions: [Instruction], at matcher: InstructionMatcher
  ) -> (compared: Int, wrong: [String]) {
    guard case .semantic(let core) = engine, case .semantic(let position) = matcher.position else {
      return (0, [])
    }
    let codes = instructions.compactMap { try? architecture.encode($0) }
    return core.with { $0.walker.search.replacements(among: codes, at: position) }
  }

  /// The beginnings of instructions of which the candidates are others where what was not asked for is kept as it is,
  /// and how many beginnings were compared.
  package func candidates(
    ofBeginnings instructions: [Instruction]
  ) -> (compared: Int, wrong: [String]) {
    guard case .semantic(let core) = engine else { return (0, []) }
    let codes = instructions.compactMap { try? architecture.encode($0) }
    return core.with { $0.walker.search.candidates(ofBeginnings: codes) }
  }

  /// The instructions that have another effect where bytes of numbers in them are not told apart, and how many were
  /// compared that have such bytes.
  package func numbers(in instructions: [Instruction]) -> (compared: Int, wrong: [String]) {
    guard case .semantic(let core) = engine else { return (0, []) }
    let codes = instructions.compactMap { try? architecture.encode($0) }
    return core.with { $0.walker.search.numbers(in: codes) }
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
      let number = effects.number(of: bytes.begun)
      let found = effects.effects[number]
      let judgement = machine.judge(state, effects.template(of: found), found)
      switch (judgement, machine.step(state, effects[number])) {
      case (.open, _), (.refused, .refused): return nil
      case (.legal(let cost), .legal(let reached)) where cost == reached.closing: return nil
      case (_, let outcome): return "\(bytes): \(judgement), but \(outcome)"
      }
    }
  }

  fileprivate func replacements(
    among codes: [[UInt8]], at position: Position
  ) -> (compared: Int, wrong: [String]) {
    guard let state = position.semantics, position.begun == 1 else { return (0, []) }
    let all = codes.map { bytes in
      let effect = effects.numbered(bytes.begun)
      let number = effects.number(of: effect)
      let isLegal = if case .legal = machine.step(state, effects[number]) { true } else { false }
      let described = SemanticMachine.Described(effects.template(of: effect), effect)
      return (bytes: bytes, described: described, isLegal: isLegal)
    }
    var compared = 0
    var wrong: [String] = []
    for one in all {
      if one.isLegal, machine.isNeverLegal(one.described) { wrong.append("\(one.bytes) is legal") }
      for other in all where machine.replaces(one.described, other.described) {
        if machine.isNeverLegal(one.described) { continue }
        compared += 1
        if other.isLegal, !one.isLegal { wrong.append("\(one.bytes) for \(other.bytes)") }
      }
    }
    return (compared, wrong)
  }

  fileprivate func numbers(in codes: [[UInt8]]) -> (compared: Int, wrong: [String]) {
    var compared = 0
    var wrong: [String] = []
    for bytes in codes {
      for count in 1..<max(bytes.count, 2) {
        trim()
        let node = tree.target(InstructionTree.root, bytes.prefix(count))
        guard node >= 0 else { break }
        let whole = tree.target(node, bytes.dropFirst(count))
        guard let instruction = InstructionTree.instruction(whole), tree.isFreeNumber[Int(node)]
        else {
          continue
        }
        compared += 1
        let all = bytes.begun
        if effects.numbered(all) != effects.effects[tree.effectNumbers[instruction]] {
          wrong.append("\(bytes) after \(count)")
        }
      }
    }
    return (compared, wrong)
  }
}

extension InstructionTree {
  /// Where bytes lead; not a node if they end an instruction or are none of any.
  fileprivate func target(_ node: Int32, _ bytes: some Sequence<UInt8>) -> Int32 {
    bytes.flatMap { [$0 >> 4, $0 & 15] }.reduce(node) { $0 < 0 ? $0 : step($0, half: $1) }
  }
}

extension CompletionSearch {
  /// See `CompiledDecoder.candidates`.
  fileprivate func candidates(ofBeginnings codes: [[UInt8]]) -> (compared: Int, wrong: [String]) {
    trim()
    let whole = Candidates(automaton, machine, effects, examples, tree, isCompact: false)
    var compared = 0
    var wrong: [String] = []
    for bytes in codes {
      for count in 0..<bytes.count {
        let node = tree.target(InstructionTree.root, bytes.prefix(count))
        guard node >= 0 else { break }
        compared += 1
        if candidates.elements(of: node) != whole.elements(of: node) {
          wrong.append("\(bytes.prefix(count))")
        }
      }
    }
    return (compared, wrong)
  }
}

extension Candidates {
  /// The rests of the instructions that are tried to complete a node, in order.
  fileprivate func elements(of node: Int32) -> [UInt128] {
    elements(in: examples(of: node)) + elements(in: others(of: node))
  }

  private func elements(in list: Int32) -> [UInt128] {
    var result: [UInt128] = []
    var element = element(after: CandidateLists.none, of: list)
    while element != CandidateLists.none {
      let found = self[element]
      result += found.numbers == CandidateLists.none ? [found.bytes] : elements(in: found.numbers)
      element = self.element(after: element, of: list)
    }
    return result
  }
}
