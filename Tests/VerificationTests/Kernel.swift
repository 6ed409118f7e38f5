import ARM64Model
import BinVerify
import Contracts
import MachineModel
import Terms
import Testing
import Verification
import X86Model
import Z3Backend

/// An instruction set by name, for tables of tests.
enum ISA: String, Sendable {
  case x86 = "x86-64"
  case arm64

  var architecture: any Architecture { self == .x86 ? X86() : ARM64() }
}

/// What the verifier has to say.
enum Expectation: Sendable, Equatable {
  case proved
  case refuted(ObligationKind)
  /// Refuted or inconclusive, where no single run can show what is wrong.
  case notProved
  /// Inconclusive with a reason that contains the text.
  case inconclusive(String)
  case unsupported
  case vacuous
}

/// A small kernel, claims about it, and what the verifier has to say to each.
struct Kernel: Sendable, CustomTestStringConvertible {
  struct Claim: Sendable {
    let requires: String
    let ensures: String
    let expected: Expectation
  }

  let name: String
  let isa: ISA
  /// A C prototype, or a fragment's line.
  let interface: String
  /// Lines of assembly, separated by semicolons.
  let assembly: String
  let claims: [Claim]

  var testDescription: String { "\(name) (\(isa.rawValue))" }

  /// - Parameters:
  ///   - holds: postconditions that must be proved.
  ///   - fails: postconditions that must be refuted, each with a run that ends in another result.
  ///   - opens: postconditions that must not be proved.
  ///   - verdict: what has to be said when the postcondition is `true`.
  init(
    _ name: String, _ isa: ISA, _ interface: String, _ assembly: String,
    requires: String = "true", holds: [String] = [], fails: [String] = [], opens: [String] = [],
    verdict: Expectation? = nil
  ) {
    self.name = name
    self.isa = isa
    self.interface = interface
    self.assembly = assembly
    var claims = holds.map { Claim(requires: requires, ensures: $0, expected: .proved) }
    claims += fails.map { Claim(requires: requires, ensures: $0, expected: .refuted(.ensures)) }
    claims += opens.map { Claim(requires: requires, ensures: $0, expected: .notProved) }
    if let verdict {
      claims.append(Claim(requires: requires, ensures: "true", expected: verdict))
    }
    self.claims = claims
  }

  /// The bytes of the assembly, which stands at `address`.
  func code(at address: UInt64 = 0x40_0000) throws -> Code {
    let text = assembly.split(separator: ";").joined(separator: "\n")
    let lines = try assemble(text, isa.architecture, at: address, file: name)
    return Code(bytes: lines.flatMap(\.bytes), at: address, name: name)
  }

  /// The text of the specification with all its declarations.
  func specification(_ claim: Claim) throws -> String {
    let isFragment = interface.hasPrefix("in:")
    let head = "(set-logic ALL)\n(set-info :\(isFragment ? "fragment" : "kernel") \"\(interface)\")"
    let declarations: [String]
    if isFragment {
      declarations = fragmentDeclarations
    } else {
      let prototype = try Prototype.parse(interface)
      declarations = SpecificationSkeleton(prototype).text.split(separator: "\n")
        .filter { $0.hasPrefix("(declare-const") }
        .map { line in String(line.prefix { $0 != ";" }) }
    }
    return
      ([head] + declarations + [
        "(define-fun requires () Bool \(claim.requires))",
        "(define-fun ensures () Bool \(claim.ensures))",
      ]).joined(separator: "\n")
  }

  /// The declarations of a fragment whose values all have 64 bits.
  private var fragmentDeclarations: [String] {
    let sections = interface.split(separator: ";").filter {
      $0.contains("in:") || $0.contains("out:")
    }
    let names = sections.flatMap { section in
      section.drop { $0 != ":" }.dropFirst().split(separator: ",").compactMap { item in
        item.split(separator: "=").first.map { $0.filter { $0 != " " } }
      }
    }
    return names.map { "(declare-const \($0) (_ BitVec 64))" }
  }

  /// What the verifier says to a claim.
  func answer(
    _ claim: Claim, solvers: Solvers = .standard(), options: VerificationOptions = .short
  ) throws -> Expectation {
    let contract = try Contract.parse(text: specification(claim), file: name)
    do {
      let report = try Verifier(
        code: code(), contract: contract, architecture: isa.architecture, solvers: solvers,
        options: options
      ).verify()
      switch report.verdict {
      case .proved: return .proved
      case .refuted(let found): return .refuted(found.obligation)
      case .inconclusive(let reason): return .inconclusive(reason.reason)
      }
    } catch is UnsupportedCode {
      return .unsupported
    } catch is VacuousSpecification {
      return .vacuous
    }
  }

  /// Checks every claim.
  func check(options: VerificationOptions = .short) throws {
    for claim in claims {
      let answer = try answer(claim, options: options)
      #expect(
        Kernel.fits(answer, claim.expected),
        "\(testDescription): \(claim.ensures) is \(answer), expected \(claim.expected)")
    }
  }

  static func fits(_ answer: Expectation, _ expected: Expectation) -> Bool {
    switch (answer, expected) {
    case (.refuted, .notProved), (.inconclusive, .notProved): true
    case (.inconclusive(let reason), .inconclusive(let part)): reason.contains(part)
    default: answer == expected
    }
  }
}

extension VerificationOptions {
  /// For kernels that take no time.
  static var short: VerificationOptions {
    var options = VerificationOptions()
    options.seconds = 20
    return options
  }
}
