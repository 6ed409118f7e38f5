import ArgumentParser
import BinVerify
import Terms

/// `binverify decode`: what may follow in code that a constraint accepts.
struct Decode: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Say which bytes may follow in acceptable code, or write random such code.",
    discussion: """
      echo "f7 d8" | binverify decode - --isa x86-64 --why 0f
      binverify decode --isa arm64 --max-instructions 4 --sample 10 --seed 1

      binverify decode - --isa x86-64 --contract abs32.smt < begun.hex

      binverify decode - --isa arm64 --tokenizer tokenizer.json --end '<eos>' --why 17 < ids.txt

      The code is hexadecimal text of what was written so far, or with --tokenizer the ids of tokens. With \
      --sample every program that fits the budgets is as likely as every other; they are counted first. \
      Where a constraint refuses almost all of them none may be found: --walk draws one allowed byte \
      after the other instead, which always leads to a program, but not evenly.
      """)

  @Argument(help: "The code so far: a file of hexadecimal text, or -; none with --sample.")
  var code: String?

  @Option(help: "The instruction set.")
  var isa: CodeOptions.ISA

  @Option(
    help: ArgumentHelp("Say why this byte, or this token, may not follow.", valueName: "byte"))
  var why: [String] = []

  @Option(help: ArgumentHelp("Write so many random programs.", valueName: "n"))
  var sample: Int?

  @Flag(help: "With --sample: draw one allowed byte after the other, not evenly over programs.")
  var walk = false

  @Option(help: "What the random programs depend on.")
  var seed: UInt64 = 0

  @OptionGroup(title: "Constraint") var rules: DecodeRules
  @OptionGroup(title: "Constraint") var cpuOptions: CPUOptions
  @OptionGroup(title: "Tokens") var tokenOptions: DecodeVocabulary
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if let sample, sample < 1 { throw ValidationError("--sample \(sample): at least 1") }
    if sample == nil, code == nil { throw ValidationError("CODE or --sample was expected") }
    if sample != nil, code != nil { throw ValidationError("CODE and --sample exclude each other") }
    if code == "-", rules.contract == "-" {
      throw ValidationError("only one of CODE and --contract can be standard input")
    }
    if walk, sample == nil { throw ValidationError("--walk needs --sample") }
    if sample != nil, !walk, rules.maxTokens != nil {
      throw ValidationError("--sample with --max-tokens needs --walk")
    }
    if sample != nil, !walk, tokenOptions.isGiven {
      throw ValidationError("--sample with --tokenizer needs --walk")
    }
    if sample != nil, rules.maxInstructions == nil, rules.maxBytes == nil {
      throw ValidationError("--sample needs --max-instructions or --max-bytes")
    }
    if rules.contract == nil {
      if rules.anyOffset { throw ValidationError("--any-offset needs --contract") }
      if rules.wideArguments { throw ValidationError("--wide-arguments needs --contract") }
    }
  }

  func run() throws {
    Job(inputs: [code, rules.contract, tokenOptions.tokenizer].compactMap { $0 }).run { context in
      let architecture = try cpuOptions.architecture(named: isa.rawValue)
      let constraint = try rules.constraint(
        isa: isa.rawValue, cpu: architecture.cpu.name, context)
      let decoder = try CompiledDecoder(
        constraint: constraint, vocabulary: tokenOptions.vocabulary(context))
      if let sample { return try samples(sample, decoder, architecture) }
      let name = code == "-" ? "standard input" : code ?? ""
      let tokens = try tokenOptions.tokens(try context.read(code ?? "-"), file: name)
      return try answer(tokens, decoder, architecture, name)
    }
  }

  // MARK: Random programs

  private func samples(
    _ count: Int, _ decoder: CompiledDecoder, _ architecture: any Architecture
  ) throws -> CommandOutcome {
    var random = SplitMix64(seed: seed)
    let sampler = walk ? nil : try ProgramSampler(decoder)
    let programs = try (0..<count).map { _ in
      guard let sampler else { return decoder.randomProgram(using: &random).program }
      guard let program = sampler.next(using: &random) else {
        throw Failure(
          "binverify: none of \(ProgramSampler.drawLimit) programs that were drawn evenly keeps the "
            + "constraint; --walk draws them by what may follow", status: .inconclusive)
      }
      return program
    }
    if output.json {
      return CommandOutcome(
        output: JSON.document(
          "decode",
          [
            ("isa", .string(isa.rawValue)), ("cpu", .string(architecture.cpu.name)),
          ] + (sampler.map { [("count", .string($0.count.description))] } ?? []) + [
            ("programs", .array(programs.map { .bytes($0.bytes) })), rules(of: decoder),
          ]
        ).text)
    }
    return CommandOutcome(output: programs.map { digits($0.bytes) + "\n" }.joined())
  }

  // MARK: What may follow

  private func answer(
    _ tokens: [Int], _ decoder: CompiledDecoder, _ architecture: any Architecture, _ name: String
  ) throws -> CommandOutcome {
    var matcher = decoder.matcher()
    for (index, token) in tokens.enumerated() where !matcher.accept(token: token) {
      let place =
        tokenOptions.isGiven
        ? "token \(index + 1) (\(token))" : "byte \(hexadecimal(UInt64(index)))"
      throw Failure(
        "\(name): error: \(place): " + (matcher.explain(token: token) ?? "cannot follow"))
    }
    let reasons = try why.map { word in
      let token = try tokenOptions.token(word)
      return (token, matcher.explain(token: token) ?? "it may follow")
    }
    return CommandOutcome(
      output: output.json
        ? json(matcher, reasons, architecture).text : text(matcher, reasons))
  }

  /// What may follow, the end not included where tokens are bytes.
  private func allowed(_ matcher: InstructionMatcher) -> [Int] {
    matcher.allowedTokens().filter { tokenOptions.isGiven || $0 < 256 }
  }

  /// A token as it is written: a byte in two digits, or an id.
  private func word(_ token: Int) -> String {
    tokenOptions.isGiven ? "\(token)" : digits([UInt8(truncatingIfNeeded: token)])
  }

  private func text(_ matcher: InstructionMatcher, _ reasons: [(Int, String)]) -> String {
    let unit = tokenOptions.isGiven ? "tokens" : "bytes"
    let allowed = allowed(matcher)
    var lines = ["complete  \(matcher.isCompleted ? "yes" : "no")"]
    if output.quiet { return lines[0] + "\n" }
    lines.append("shortest  \(matcher.minimumTokensToComplete) \(unit) to a complete code")
    lines.append("next      \(allowed.count) \(unit): \(ranges(allowed))")
    lines += reasons.map { "\(word($0.0).padded(to: 8))  \($0.1)" }
    lines += matcher.decoder.report.map { "rule      \($0.name): \(words($0.enforcement))" }
    return lines.joined(separator: "\n") + "\n"
  }

  private func json(
    _ matcher: InstructionMatcher, _ reasons: [(Int, String)], _ architecture: any Architecture
  ) -> JSON {
    let allowed = allowed(matcher)
    let isGiven = tokenOptions.isGiven
    return .document(
      "decode",
      [
        ("isa", .string(isa.rawValue)), ("cpu", .string(architecture.cpu.name)),
        ("complete", .bool(matcher.isCompleted)),
        ("shortest", .integer(matcher.minimumTokensToComplete)),
        isGiven
          ? ("nextTokens", .array(allowed.map { .integer($0) }))
          : ("next", .bytes(allowed.map { UInt8($0) })),
        (
          "why",
          .array(
            reasons.map { token, reason in
              .object([
                isGiven ? ("token", .integer(token)) : ("byte", .string(word(token))),
                ("reason", .string(reason)),
              ])
            })
        ),
        rules(of: matcher.decoder),
      ])
  }

  private func rules(of decoder: CompiledDecoder) -> (String, JSON) {
    (
      "rules",
      .array(
        decoder.report.map {
          .object([("name", .string($0.name)), ("kept", .string(words($0.enforcement)))])
        })
    )
  }

  private func words(_ enforcement: Enforcement) -> String {
    switch enforcement {
    case .enforced: "enforced"
    case .narrowed(let reason): "narrowed: \(reason)"
    case .overApproximated(let reason): "over-approximated: \(reason)"
    case .refused(let reason): "refused: \(reason)"
    }
  }

  /// `00-0f 48`: runs of tokens.
  private func ranges(_ tokens: [Int]) -> String {
    var runs: [(Int, Int)] = []
    for token in tokens {
      if let last = runs.last, last.1 + 1 == token {
        runs[runs.count - 1].1 = token
      } else {
        runs.append((token, token))
      }
    }
    return runs.map { $0 == $1 ? word($0) : "\(word($0))-\(word($1))" }.joined(separator: " ")
  }
}
