import BinVerify
import CBinVerifyABI
import Isolation

/// The rows of a host, which it lets one call at a time write.
private struct Rows: @unchecked Sendable {
  private let start: UnsafeMutablePointer<Int32>
  private let words: Int
  private let stride: Int

  init(
    _ start: UnsafeMutablePointer<Int32>?, _ count: Int, words: Int, stride: Int
  ) throws(Failure) {
    guard 0...1 << 24 ~= words, words <= stride, stride <= 1 << 32 else {
      throw .argument(
        "rows: at most 16777216 words, \(UInt(bitPattern: stride)) words apart, were expected, "
          + "found \(UInt(bitPattern: words))")
    }
    guard 0...1 << 24 ~= count else {
      throw .argument("rows: at most 16777216 were expected, found \(UInt(bitPattern: count))")
    }
    self.start = try place(start, "rows")
    self.words = words
    self.stride = stride
  }

  func row(_ index: Int) -> UnsafeMutableBufferPointer<Int32> {
    UnsafeMutableBufferPointer(start: start + index * stride, count: words)
  }

  /// Refuses rows that are too short for a matcher.
  func check(_ matcher: SharedMatcher) throws(Failure) {
    guard words >= matcher.words else {
      throw .argument("words: at least \(matcher.words) were expected, found \(words)")
    }
  }

  func fill(_ index: Int, _ matcher: InstructionMatcher) {
    matcher.fillNextTokenBitmask(into: row(index))
  }

  /// Writes the rows of a draft; tells which tokens are accepted.
  func fill(_ draft: MatcherDraft, _ matcher: inout InstructionMatcher) -> [Bool] {
    matcher.fillDraftBitmasks(draft) { row($0) }
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_fill) @implementation
public func binverify_matcher_fill(
  _ matcher: binverify_matcher, _ row: UnsafeMutablePointer<Int32>!, _ words: Int
) -> binverify_status {
  library.call { () throws(Failure) in
    let matcher = try library.handles.matcher(matcher)
    let rows = try Rows(row, 1, words: words, stride: words)
    try rows.check(matcher)
    matcher.with { rows.fill(0, $0) }
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_fill_batch) @implementation
public func binverify_matcher_fill_batch(
  _ matchers: UnsafePointer<binverify_matcher>!, _ count: Int, _ indices: UnsafePointer<UInt32>!,
  _ rows: UnsafeMutablePointer<Int32>!, _ rowCount: Int, _ words: Int, _ stride: Int,
  _ threads: UInt32
) -> binverify_status {
  library.call { () throws(Failure) in
    let found = try SharedMatcher.all(matchers, count)
    if count == 0 { return }
    let rows = try Rows(rows, rowCount, words: words, stride: stride)
    for matcher in found { try rows.check(matcher) }
    let places = try places(indices, count, rowCount)
    guard threads <= 1_024 else {
      throw .argument("threads: at most 1024 were expected, found \(threads)")
    }
    inParallel(count, threads: Int(threads)) { index in
      found[index].with { rows.fill(places[index], $0) }
    }
  }
}

/// The row of each matcher: as `indices` say, or in order.
private func places(
  _ indices: UnsafePointer<UInt32>?, _ count: Int, _ rowCount: Int
) throws(Failure) -> [Int] {
  let places: [Int]
  if indices == nil {
    places = Array(0..<count)
  } else {
    places = try array(indices, count, "indices").map { Int($0) }
  }
  if let bad = places.first(where: { $0 >= rowCount }) {
    throw .argument("rows: a row \(bad) was expected, found \(rowCount) rows")
  }
  guard indices == nil || Set(places).count == count else {
    throw .argument("indices: a row of its own for each matcher was expected")
  }
  return places
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_fill_draft) @implementation
public func binverify_matcher_fill_draft(
  _ matcher: binverify_matcher, _ tokens: UnsafePointer<UInt32>!,
  _ parents: UnsafePointer<Int32>!, _ count: Int, _ rows: UnsafeMutablePointer<Int32>!,
  _ words: Int, _ stride: Int, _ accepted: UnsafeMutablePointer<UInt8>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let shared = try library.handles.matcher(matcher)
    let tokens = try array(tokens, count, "tokens").map { Int($0) }
    let follows = parents == nil ? nil : try array(parents, count, "parents").map { Int($0) }
    let draft: MatcherDraft
    do throws(DecoderError) { draft = try MatcherDraft(tokens: tokens, parents: follows) } catch {
      throw Failure.argument(error.description)
    }
    let rows = try Rows(rows, count + 1, words: words, stride: stride)
    try rows.check(shared)
    let taken = shared.with { rows.fill(draft, &$0) }
    guard let accepted else { return }
    for index in 0..<count { accepted[index] = taken[index] ? 1 : 0 }
  }
}
