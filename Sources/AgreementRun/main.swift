import DecoderAgreement
import FoundationEssentials
import Glibc

// Compares the decoders with other disassemblers, for Tests/agreement.sh:
//
//   AgreementRun PAGE COUNT ZYDIS VERSION x86-64|arm64:NAME=TEXT ...
//
// PAGE is written, COUNT random codes of each kind are compared besides the contents of the .text
// sections in the files TEXT; ZYDIS is the program of Tests/Oracles/zydis. The exit status is 1 if
// anything differs that no rule explains.

/// The codes of one kind, with a name for the page.
typealias Corpus = (name: String, codes: [[UInt8]])

@Sendable func compare(_ isa: String, _ corpus: Corpus, _ oracle: any DecoderOracle) throws
  -> AgreementPage.Entry
{
  let tally = try AgreementTally.comparing(corpus.codes, with: oracle)
  print(
    "\(isa) \(corpus.name), \(oracle.name): \(tally.count) codes,",
    "\(tally.explainedCount) differ by a rule, \(tally.differences.count) unexplained")
  for difference in tally.differences.prefix(10) { print("  \(difference)") }
  fflush(nil)
  return AgreementPage.Entry(
    isa: isa, corpus: corpus.name, oracle: oracle.name, tally: tally)
}

let arguments = CommandLine.arguments
guard arguments.count >= 5, let count = Int(arguments[2]) else {
  print("AgreementRun PAGE COUNT ZYDIS VERSION x86-64|arm64:NAME=TEXT ...")
  throw CocoaError(.featureUnsupported)
}

var x86: [Corpus] = []
var arm64: [Corpus] = []
for argument in arguments.dropFirst(5) {
  let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
  let bytes = [UInt8](try Data(contentsOf: URL(filePath: parts[1])))
  let (isa, name) = (parts[0].prefix { $0 != ":" }, parts[0].drop { $0 != ":" }.dropFirst())
  if isa == "arm64" {
    arm64.append(("`\(name)`", ARM64Corpus.sweep(bytes)))
  } else {
    x86.append(("`\(name)`", X86Corpus.sweep(bytes)))
  }
}
x86 += [
  ("random bytes", X86Corpus.random(count, seed: 21)),
  ("random opcodes of all maps", X86Corpus.opcodes(count, seed: 22)),
  ("rows with changed bytes", X86Corpus.mutated(count, seed: 23)),
]
arm64 += [
  ("random words", ARM64Corpus.random(count, seed: 24)),
  ("rows with changed bits", ARM64Corpus.mutated(count, seed: 25)),
]

// Each comparison waits for another program, so that several are made at a time.
let x86Oracles: [any DecoderOracle] = [
  X86Zydis(program: arguments[3], version: arguments[4]), X86LLVM(),
]
let arm64Oracles: [any DecoderOracle] = [ARM64Objdump(), ARM64LLVM()]
var page = AgreementPage()
page.entries = try await withThrowingTaskGroup(of: (Int, AgreementPage.Entry).self) { group in
  var count = 0
  for (isa, corpora, oracles) in [("x86-64", x86, x86Oracles), ("arm64", arm64, arm64Oracles)] {
    for corpus in corpora {
      for oracle in oracles {
        let place = count
        count += 1
        group.addTask { (place, try compare(isa, corpus, oracle)) }
      }
    }
  }
  var entries: [(Int, AgreementPage.Entry)] = []
  for try await entry in group { entries.append(entry) }
  return entries.sorted { $0.0 < $1.0 }.map(\.1)
}
try Data(page.markdown.utf8).write(to: URL(filePath: arguments[1]))
if page.differenceCount > 0 { exit(1) }
