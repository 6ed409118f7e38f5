import BinVerify

/// What a counterexample does on this machine's CPU.
struct NativeAnswer {
  let lines: [String]
  let json: JSON

  init(replaying found: Counterexample, _ answer: ProofAnswer) throws {
    let replay = try NativeReplay(answer.code, answer.contract, found)
    let word =
      switch replay.finding {
      case .confirmed: "confirmed"
      case .differs: "differs"
      case .notShown: "not shown"
      }
    let text = InputText(
      contract: answer.contract, input: found.input, isVerbose: answer.output.verbose)
    lines = ["\(word): \(replay.message)"] + (replay.outcome.map(text.lines) ?? [])
    json = .object([("finding", .string(word)), ("message", .string(replay.message))])
  }
}
