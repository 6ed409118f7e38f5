/// A part of a manifest's kernels for one of several machines: part `number` of `count`.
///
/// A kernel's part follows from its name alone, so that adding one moves no other.
public struct Shard: Sendable, Hashable {
  /// From 1.
  public let number: Int
  public let count: Int

  /// The shard that `text` is: `2/5`; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], number >= 1,
      number <= count
    else { return nil }
    (self.number, self.count) = (number, count)
  }

  /// Whether the kernel called `name` is in this part.
  public func contains(_ name: String) -> Bool {
    let digits = Digest(of: name).hexadecimal.prefix(15)
    return (Int(digits, radix: 16) ?? 0) % count == number - 1
  }
}
