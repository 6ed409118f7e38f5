import Terms

/// Inputs that refute claims, found by evaluation.
extension Prover {
  /// An input that satisfies the assumptions and violates `claim`, if sampling finds one.
  func sample(_ claim: Term) -> Model? {
    let isBad = isBad(claim)
    if isBad == terms.false { return nil }
    var evaluator = Evaluator(terms, roots: [isBad], lanes: lanes)
    if let known = tryBank(isBad, &evaluator) { return known }
    var sampler = Sampler(terms, roots: [isBad], defaults: defaults)
    for round in 0..<4 {
      sampler.fill(&evaluator, terms, round: round)
      evaluator.run()
      if let lane = evaluator.firstLane(where: isBad) {
        let model = Model(evaluator, lane: lane, terms)
        bank.append(model)
        return model
      }
    }
    return nil
  }

  /// How many inputs are tried at once, in each of four rounds: many values of many terms would not stay
  /// in the processor's cache.
  private var lanes: Int { terms.count > 4_096 ? 16 : 64 }

  /// Sampled inputs that violate `claim`, at most `count`: others than the first may show what is
  /// wrong to a run.
  ///
  /// - Parameter inputs: terms whose variables differ between the samples, even if the claim does not
  ///   depend on them.
  func witnesses(against claim: Term, among inputs: [Term], count: Int) -> [Model] {
    let isBad = isBad(claim)
    if isBad == terms.false { return [] }
    var evaluator = Evaluator(terms, roots: [isBad] + inputs)
    var sampler = Sampler(terms, roots: [isBad], defaults: defaults)
    var (usual, unusual): ([Model], [Model]) = ([], [])
    for round in 1...4 {
      sampler.fill(&evaluator, terms, round: round)
      evaluator.run()
      for lane in 0..<evaluator.lanes where evaluator.word(isBad, lane: lane) == 1 {
        let model = Model(evaluator, lane: lane, terms)
        if Sampler.keepsDefaults(lane) { usual.append(model) } else { unusual.append(model) }
      }
    }
    return Array(usual.prefix(count / 2) + unusual.prefix(count / 2))
  }

  /// Samples the inputs for claims that are going to be decided, all at once since they have most of
  /// their terms in common; the first that a sample violates, if there is one.
  func screen(_ claims: [Term]) -> Term? {
    let open = claims.filter { $0 != terms.true && sampled[$0] == nil }
    guard stages.contains(.evaluate), open.count > 1, !assumptions.contains(terms.false) else {
      return nil
    }
    let simpler = assumed(open)
    guard let model = sample(terms.and(simpler)) else {
      for (claim, simple) in zip(open, simpler) { sampled[claim] = simple }
      return nil
    }
    return zip(open, simpler).first { !holds(model, [$0.1]) }?.0
  }

  private func tryBank(_ isBad: Term, _ evaluator: inout Evaluator) -> Model? {
    let recent = bank.suffix(evaluator.lanes)
    if recent.isEmpty { return nil }
    for (lane, model) in recent.enumerated() { evaluator.set(model, lane: lane) }
    evaluator.run()
    // Of a model only what this claim depends on: the rest is not what it fails for.
    for lane in 0..<recent.count where evaluator.word(isBad, lane: lane) == 1 {
      return Model(evaluator, lane: lane, terms)
    }
    return nil
  }
}
