import CCandidateWorkers
import Glibc

/// Candidates on their way through several workers, driven by one thread.
struct CandidateBatch {
  /// A worker at work on candidates.
  private struct Task {
    let worker: WorkerProcess
    /// The candidates that it was sent and has not answered: it is at work on the first.
    var queue: [Int]
    /// Since when it has been.
    var start: Int64
    /// Whether the worker was started for the first candidate, after another had ended over it.
    var isSecondTry: Bool
    /// The reward of the first candidate's tests, once they are done.
    var tested: Double?
    /// Whether it answered the last one quickly, so that others may be sent before it answers.
    var isQuick = false
  }

  /// The candidates that a worker has at a time, as long as it is quick: it need not wait for the next one. More would
  /// wait behind one that takes long, while other workers have nothing to do.
  private static let depth = 2
  /// An answer within so many nanoseconds is quick.
  private static let quick: Int64 = 2_000_000
  /// The most bytes of a candidate that is sent ahead. Those of all fit into the socket, so that sending never waits.
  private static let aheadLimit = 1_024

  private let pool: WorkerPool
  private let candidates: [[UInt8]]
  private let bank: CounterexampleBank
  private var next = 0
  /// Candidates that were sent to a worker which ended before it came to them.
  private var returned: [Int] = []
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
    while tasks.count < workers, hasMore { try start(nil) }
    while !tasks.isEmpty {
      for position in ready().reversed() { try advance(position) }
    }
    return results.compactMap(\.self)
  }

  private var hasMore: Bool { !returned.isEmpty || next < candidates.count }

  /// The next candidate, which nothing else is at work on.
  private mutating func takeNext() -> Int? {
    if let index = returned.popLast() { return index }
    guard next < candidates.count else { return nil }
    defer { next += 1 }
    return next
  }

  /// Hands the next candidate to a worker.
  private mutating func start(_ idle: WorkerProcess?) throws(CandidateError) {
    let worker: WorkerProcess
    if let idle { worker = idle } else { worker = try pool.take() }
    guard let index = takeNext() else { return pool.give(worker) }
    try assign(index, to: worker, isSecondTry: false)
  }

  private mutating func assign(
    _ index: Int, to worker: WorkerProcess, isSecondTry: Bool
  ) throws(CandidateError) {
    try pool.prepare(worker, bank)
    let task = Task(
      worker: worker, queue: [index], start: candidate_worker_now(), isSecondTry: isSecondTry)
    send(index, task)
    tasks.append(task)
  }

  private func send(_ index: Int, _ task: Task) {
    // A worker that is gone shows when its answer is read.
    try? task.worker.send(
      WorkerMessage([Array("judge".utf8), candidates[index]]), deadline: deadline(task))
  }

  /// When a task's worker is given up.
  private func deadline(_ task: Task) -> Int64 {
    task.start + WorkerPool.nanoseconds(pool.setup.options.seconds + WorkerPool.grace)
  }

  /// Sends a quick worker what comes next, but for the last few, which whoever is free first gets.
  private mutating func sendAhead(_ task: inout Task) {
    while task.isQuick, task.queue.count < CandidateBatch.depth, returned.isEmpty,
      candidates.count - next > tasks.count, candidates[next].count <= CandidateBatch.aheadLimit
    {
      send(next, task)
      task.queue.append(next)
      next += 1
    }
  }

  /// Waits for a message or a deadline; the positions of the tasks that have either.
  private func ready() -> [Int] {
    let known = tasks.indices.filter { tasks[$0].worker.hasMessage }
    if !known.isEmpty { return known }
    var polls = tasks.map { pollfd(fd: $0.worker.descriptor, events: Int16(POLLIN), revents: 0) }
    let now = candidate_worker_now()
    let left = tasks.map { Swift.max(0, deadline($0) - now) }.min() ?? 0
    let milliseconds = Int32(clamping: left / 1_000_000 + 1)
    _ = poll(&polls, nfds_t(polls.count), milliseconds)
    let after = candidate_worker_now()
    return tasks.indices.filter { polls[$0].revents != 0 || deadline(tasks[$0]) <= after }
  }

  /// Takes what a task's worker says, or ends it for its silence.
  private mutating func advance(_ position: Int) throws(CandidateError) {
    var task = tasks[position]
    do throws(MessageReader.Silence) {
      let message = try task.worker.receive(deadline: deadline(task))
      if message.text(0) == "tested" {
        task.tested = UInt64(message.text(1)).map(Double.init(bitPattern:))
        tasks[position] = task
        return
      }
      guard let result = CandidateResult(message) else { throw .ended }
      results[task.queue.removeFirst()] = result
    } catch {
      return try replace(position, error)
    }
    let now = candidate_worker_now()
    task.isQuick = now - task.start < CandidateBatch.quick
    (task.start, task.tested, task.isSecondTry) = (now, nil, false)
    sendAhead(&task)
    tasks[position] = task
    if task.queue.isEmpty {
      tasks.remove(at: position)
      try start(task.worker)
    }
  }

  /// Goes on without a worker that ended, or had to be ended.
  private mutating func replace(
    _ position: Int, _ silence: MessageReader.Silence
  ) throws(CandidateError) {
    let task = tasks.remove(at: position)
    returned += task.queue.dropFirst().reversed()
    if silence == .ended, !task.isSecondTry {
      // It may have ended for reasons of its own: only a fresh one tells.
      return try assign(task.queue[0], to: try pool.fresh(), isSecondTry: true)
    }
    results[task.queue[0]] = lost(task, silence)
    if hasMore { try start(nil) }
  }

  /// The result of a candidate whose worker was lost over it.
  private func lost(_ task: Task, _ silence: MessageReader.Silence) -> CandidateResult {
    let reason =
      silence == .timedOut
      ? "the time limit was reached" : "the worker ended: out of memory, or an error of binverify"
    return pool.setup.lost(reason, reward: task.tested ?? pool.setup.outOfBudget)
  }
}
