import CCandidateWorkers
import Glibc

/// Candidates on their way through several workers, driven by one thread.
struct CandidateBatch {
  /// A worker at work on a candidate.
  private struct Task {
    let worker: WorkerProcess
    let index: Int
    let deadline: Int64
    /// Whether the worker was started for this candidate, after another had ended over it.
    let isSecondTry: Bool
    /// The reward of its tests, once they are done.
    var tested: Double?
  }

  private let pool: WorkerPool
  private let candidates: [[UInt8]]
  private let bank: CounterexampleBank
  private var next = 0
  private var tasks: [Task] = []
  private var results: [CandidateResult?]

  init(_ pool: WorkerPool, _ candidates: [[UInt8]], _ bank: CounterexampleBank) {
    self.pool = pool
    self.bank = bank
    self.candidates = candidates
    results = Array(repeating: nil, count: candidates.count)
  }

  /// The results in the order of the candidates, from at most `workers` workers at a time.
  mutating func run(workers: Int) throws(CandidateError) -> [CandidateResult] {
    while tasks.count < workers, next < candidates.count { try start(nil) }
    while !tasks.isEmpty {
      for position in ready().reversed() { try advance(position) }
    }
    return results.compactMap(\.self)
  }

  /// Hands the next candidate to a worker.
  private mutating func start(_ idle: WorkerProcess?) throws(CandidateError) {
    let worker: WorkerProcess
    if let idle { worker = idle } else { worker = try pool.take() }
    guard next < candidates.count else { return pool.give(worker) }
    try assign(next, to: worker, isSecondTry: false)
    next += 1
  }

  private mutating func assign(
    _ index: Int, to worker: WorkerProcess, isSecondTry: Bool
  ) throws(CandidateError) {
    try pool.prepare(worker, bank)
    let deadline = WorkerPool.deadline(after: pool.setup.options.seconds + WorkerPool.grace)
    // A worker that is gone shows when its answer is read.
    try? worker.send(WorkerMessage([Array("judge".utf8), candidates[index]]), deadline: deadline)
    tasks.append(
      Task(worker: worker, index: index, deadline: deadline, isSecondTry: isSecondTry))
  }

  /// Waits for a message or a deadline; the positions of the tasks that have either.
  private func ready() -> [Int] {
    var polls = tasks.map { pollfd(fd: $0.worker.descriptor, events: Int16(POLLIN), revents: 0) }
    let now = candidate_worker_now()
    let left = tasks.map { Swift.max(0, $0.deadline - now) }.min() ?? 0
    let milliseconds = Int32(clamping: left / 1_000_000 + 1)
    _ = poll(&polls, nfds_t(polls.count), milliseconds)
    let after = candidate_worker_now()
    return tasks.indices.filter { polls[$0].revents != 0 || tasks[$0].deadline <= after }
  }

  /// Takes what a task's worker says, or ends it for its silence.
  private mutating func advance(_ position: Int) throws(CandidateError) {
    var task = tasks[position]
    do throws(WorkerProcess.Silence) {
      let message = try task.worker.receive(deadline: task.deadline)
      if message.text(0) == "tested" {
        task.tested = UInt64(message.text(1)).map(Double.init(bitPattern:))
        tasks[position] = task
        return
      }
      guard let result = CandidateResult(message) else { throw .ended }
      results[task.index] = result
    } catch {
      tasks.remove(at: position)
      if error == .ended, !task.isSecondTry {
        // It may have ended for reasons of its own: only a fresh one tells.
        return try assign(task.index, to: try pool.fresh(), isSecondTry: true)
      }
      results[task.index] = lost(task, error)
      if next < candidates.count { try start(nil) }
      return
    }
    tasks.remove(at: position)
    try start(task.worker)
  }

  /// The result of a candidate whose worker was lost over it.
  private func lost(_ task: Task, _ silence: WorkerProcess.Silence) -> CandidateResult {
    let reason =
      silence == .timedOut
      ? "the time limit was reached" : "the worker ended: out of memory, or an error of binverify"
    return pool.setup.lost(reason, reward: task.tested ?? pool.setup.outOfBudget)
  }
}
