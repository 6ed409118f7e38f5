import Contracts
import Glibc
import Isolation
import MachineModel
import ObjectFiles
import Terms
import Verification
import Z3Backend

/// A file and a specification as somebody might hand them in.
struct BadInput: Sendable {
  let file: [UInt8]
  let fileName: String
  let symbol: String?
  let isa: ISA?
  let specification: String

  /// What became of it.
  enum Fate: UInt8, CaseIterable, Sendable {
    case proved, refuted, inconclusive, unsupported, vacuous
    /// The specification or the object file is refused, with a position or a reason.
    case specificationError, fileError
    /// An error of no stage, or one that says nothing.
    case untyped
    /// The process was ended by a signal, ran out of memory, or did not come to an end.
    case crashed, outOfMemory, hung
  }

  /// Loads, reads and verifies, within tight limits.
  func fate() -> Fate {
    var options = VerificationOptions()
    options.seconds = 0.4
    options.memory = 512 << 20
    options.iterations = 16
    options.placements = 64
    do {
      let contract = try Contract.parse(text: specification, file: "s.smt")
      let loaded = try CodeLoader.load(
        bytes: file, name: fileName, symbol: symbol, isa: isa?.rawValue)
      let architecture = (ISA(rawValue: loaded.isa) ?? .x86).architecture
      let report = try Verifier(
        code: loaded.code, contract: contract, architecture: architecture, solvers: .standard(),
        options: options
      ).verify()
      switch report.verdict {
      case .proved: return .proved
      case .refuted: return .refuted
      case .inconclusive(let reason): return reason.reason.isEmpty ? .untyped : .inconclusive
      }
    } catch let error as SpecificationError {
      return error.position.line >= 1 && !error.message.isEmpty ? .specificationError : .untyped
    } catch let error as ObjectFileError {
      return error.message.isEmpty ? .untyped : .fileError
    } catch let error as UnsupportedCode {
      return error.reason.isEmpty ? .untyped : .unsupported
    } catch is VacuousSpecification {
      return .vacuous
    } catch {
      return .untyped
    }
  }

  /// The memory in bytes that one process may add.
  private static let memory: UInt64 = 3 << 30

  /// The fates of inputs, a batch in each process.
  static func fates(_ inputs: [BadInput]) -> [Fate] {
    var result: [Fate] = []
    for start in stride(from: 0, to: inputs.count, by: 50) {
      let batch = inputs[start..<min(start + 50, inputs.count)]
      let outcome = isolated(seconds: 30 + UInt(batch.count)) { batch.map { $0.fate().rawValue } }
      if case .finished(let bytes) = outcome, bytes.count == batch.count {
        result += bytes.map { Fate(rawValue: $0) ?? .crashed }
      } else {
        result += batch.map { $0.alone() }
      }
    }
    return result
  }

  /// Runs `body` in a process that may use the processor for so many seconds, as each process that it
  /// starts may. On a busy machine that can take many times as long; a process that only waits is
  /// stopped after 20 times as long.
  static func isolated(seconds: UInt, body: () -> [UInt8]) -> IsolatedOutcome {
    IsolatedProcess.run(timeout: Double(seconds) * 20, memory: memory) {
      var limit = rlimit(rlim_cur: rlim_t(seconds), rlim_max: rlim_t(seconds) + 1)
      setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
      return body()
    }
  }

  /// The fate of one in a process of its own.
  func alone() -> Fate {
    switch BadInput.isolated(seconds: 15, body: { [fate().rawValue] }) {
    case .finished(let bytes): return bytes.first.flatMap(Fate.init) ?? .crashed
    case .timedOut, .killed(SIGXCPU): return .hung
    case .outOfMemory: return .outOfMemory
    default: return .crashed
    }
  }

  /// All of it as text, to be kept.
  var report: String {
    let hex = file.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    return
      "\(fileName):\(symbol ?? "-") \(isa?.rawValue ?? "-") \(hex.prefix(4_000))\n\(specification)"
  }
}
