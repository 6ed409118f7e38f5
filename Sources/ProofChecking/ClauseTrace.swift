/// Reads what a SAT solver traces, clauses that it learned and forgot in the binary form of DRAT, and has each checked.
///
/// A clause that is no consequence by unit propagation alone (a resolution asymmetric tautology) is none here.
public struct ClauseTrace {
  /// Why a trace is no proof.
  public enum Failure: Error, Hashable, Sendable {
    /// It is not in the form of DRAT from a byte on.
    case malformed(offset: Int)
    /// A clause does not follow, as far as unit propagation shows, from those before.
    case unproved(clause: Int)
    /// There was no time, or no memory, left to check it.
    case outOfTime, tooLarge
  }

  public private(set) var checker = ClauseChecker()
  /// The clauses that were read.
  public private(set) var count = 0
  private var offset = 0

  public init() {}

  /// Adds a clause that is taken for granted.
  public mutating func addAxiom(_ clause: [ClauseLiteral]) { checker.addAxiom(clause) }

  /// Whether a clause follows from what was read.
  public mutating func proves(_ clause: [ClauseLiteral]) -> Bool { checker.follows(clause) }

  /// Reads steps, of which none goes on in other bytes.
  ///
  /// - Parameter end: when to give up.
  public mutating func read(
    _ bytes: [UInt8], until end: ContinuousClock.Instant
  ) throws(Failure) {
    var next = 0
    var clause: [ClauseLiteral] = []
    while next < bytes.count {
      let start = next
      guard let isLemma = Self.step(bytes, &next, &clause) else {
        throw .malformed(offset: offset + start)
      }
      count += 1
      if !isLemma {
        checker.forget(clause)
      } else if !checker.addLemma(clause) {
        throw .unproved(clause: count)
      }
      if count & 63 == 0, end <= .now { throw .outOfTime }
    }
    offset += bytes.count
  }

  /// Reads one step: whether it adds a clause, else it forgets one; nil if there is none.
  private static func step(
    _ bytes: [UInt8], _ next: inout Int, _ clause: inout [ClauseLiteral]
  ) -> Bool? {
    let kind = bytes[next]
    guard kind == UInt8(ascii: "a") || kind == UInt8(ascii: "d") else { return nil }
    next += 1
    clause.removeAll(keepingCapacity: true)
    while let code = number(bytes, &next) {
      if code == 0 { return kind == UInt8(ascii: "a") }
      guard code >= 2 else { return nil }
      clause.append(ClauseLiteral(code: code))
    }
    return nil
  }

  /// Reads a number of at most 32 bits, seven in each byte, the lowest first; nil if there is none.
  private static func number(_ bytes: [UInt8], _ next: inout Int) -> UInt32? {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while next < bytes.count, shift < 35 {
      let byte = bytes[next]
      next += 1
      result |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return UInt32(exactly: result) }
      shift += 7
    }
    return nil
  }
}
