import MachineModel

extension DecodingConstraint {
  /// Whether it depends on what instructions do besides what their operands name.
  var needsEffects: Bool {
    allowedRegisters != nil || !allowsStores || !allowsLoads || !allowsStackChanges
      || !allowsCalleeSavedWrites || onlyDataIndependentTiming
  }

  /// The constraint but for the budgets of instructions, bytes and tokens.
  var withoutBudgets: DecodingConstraint {
    var result = self
    (result.maximumInstructions, result.maximumBytes, result.maximumTokens) = (nil, nil, nil)
    return result
  }

  /// - Throws: `DecoderError` for a budget that is not positive.
  func checkBudgets() throws(DecoderError) {
    for limit in [maximumInstructions, maximumBytes, maximumTokens] {
      if let limit, limit < 1 { throw DecoderError("a budget of \(limit)") }
    }
  }

  /// The constraint but for all that the choice of instructions does not depend on.
  var ofInstructions: DecodingConstraint {
    let any = DecodingConstraint(isa: isa)
    var result = withoutBudgets
    result.onlyDefinedReads = any.onlyDefinedReads
    result.onlyContractMemory = any.onlyContractMemory
    (result.addresses, result.balancesStack) = (any.addresses, any.balancesStack)
    (result.restoresCalleeSaved, result.mayChange) = (any.restoresCalleeSaved, any.mayChange)
    (result.flagsMayChange, result.maximumFrame) = (any.flagsMayChange, any.maximumFrame)
    (result.definedAtEntry, result.results) = (any.definedAtEntry, any.results)
    (result.buffers, result.stackArguments) = (any.buffers, any.stackArguments)
    result.stackArgumentBytes = any.stackArgumentBytes
    return result
  }

  /// Whether instructions that go on so may stand in the code.
  func allows(_ flow: Flow) -> Bool {
    switch branches {
    case .unchecked: true
    case .none: flow == .sequential || flow == .return
    case .forward, .loops:
      flow == .sequential || flow == .return || flow == .jump || flow == .conditionalJump
    }
  }
}
