import CCandidateWorkers
import Glibc
import Synchronization

/// The workers of one verifier that wait for work; any thread may take one.
final class WorkerPool: Sendable {
  private struct Idle: ~Copyable {
    var workers: [WorkerProcess] = []
    /// The process that started them.
    var owner = getpid()
  }

  /// The seconds that a program has to say that it is a worker.
  static let greetingSeconds = 30.0
  /// The seconds beyond a candidate's own limit after which its worker is ended.
  static let grace = 3.0
  /// The workers that are kept waiting.
  private static let idleLimit = 64

  let setup: CandidateSetup
  private let program: WorkerProgram
  private let idle = Mutex(Idle())

  init(_ setup: CandidateSetup, _ program: WorkerProgram) {
    self.setup = setup
    self.program = program
  }

  /// A worker that is ready for a candidate: one that waits or a new one.
  func take() throws(CandidateError) -> WorkerProcess {
    if let worker = waiting() { return worker }
    return try fresh()
  }

  /// A new worker that is ready for a candidate.
  func fresh() throws(CandidateError) -> WorkerProcess {
    let worker = try WorkerProcess(program)
    do throws(MessageReader.Silence) {
      let patience = WorkerPool.deadline(after: WorkerPool.greetingSeconds)
      guard try worker.receive(deadline: patience) == CandidateWorker.greeting else {
        throw .ended
      }
    } catch {
      throw .worker(
        "\(program.path) does not answer as a worker of binverify \(version)"
          + (error == .timedOut ? " in time" : ""))
    }
    let message: WorkerMessage
    do throws(MessageReader.Silence) {
      // Finding tests may take as long as a proof.
      let deadline = WorkerPool.deadline(
        after: Swift.max(60, setup.options.seconds * 2 + WorkerPool.grace))
      try worker.send(setup.message, deadline: deadline)
      message = try worker.receive(deadline: deadline)
    } catch {
      throw .worker(
        error == .timedOut
          ? "no tests of the specification were found in time"
          : "a worker ended before it had tests of the specification: out of memory?")
    }
    switch message.text(0) {
    case "ready": return worker
    case "vacuous": throw .vacuous
    case "specification": throw .specification(message.text(1))
    default: throw .usage(message.text(1))
    }
  }

  /// Has a worker run candidates on the inputs of `bank` first.
  func prepare(_ worker: WorkerProcess, _ bank: CounterexampleBank) throws(CandidateError) {
    if worker.bank == bank { return }
    let answer: WorkerMessage
    do throws(MessageReader.Silence) {
      let deadline = WorkerPool.deadline(after: Swift.max(60, setup.options.seconds))
      try worker.send(
        WorkerMessage([Array("bank".utf8)] + bank.inputs.map { Array($0.utf8) }),
        deadline: deadline)
      answer = try worker.receive(deadline: deadline)
    } catch {
      throw .worker("the worker was lost over the bank of counterexamples")
    }
    guard answer.text(0) == "ready" else { throw .usage(answer.text(1)) }
    worker.bank = bank
  }

  /// Gives a worker back that is ready for another candidate.
  func give(_ worker: WorkerProcess) {
    idle.withLock {
      guard $0.owner == getpid(), $0.workers.count < WorkerPool.idleLimit else { return }
      $0.workers.append(worker)
    }
  }

  private func waiting() -> WorkerProcess? {
    idle.withLock {
      if $0.owner != getpid() {
        // This process was forked: the workers are the other's.
        for worker in $0.workers { worker.forget() }
        $0.workers = []
        $0.owner = getpid()
      }
      return $0.workers.popLast()
    }
  }

  /// A time of `candidate_worker_now`.
  static func deadline(after seconds: Double) -> Int64 {
    candidate_worker_now() + nanoseconds(seconds)
  }

  static func nanoseconds(_ seconds: Double) -> Int64 { Int64(Swift.min(seconds, 1e8) * 1e9) }
}
