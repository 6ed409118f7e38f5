import BinVerify
import CBinVerifyABI

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_where) @implementation
public func binverify_matcher_where(
  _ matcher: binverify_matcher, _ place: UnsafeMutablePointer<binverify_matcher_place>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let found = try library.handles.matcher(matcher)
    let place = try CBinVerify.place(structure: place, "place")
    let (isTerminated, isCompleted, count) = found.with {
      ($0.isTerminated, $0.isCompleted, $0.tokenCount)
    }
    place.pointee.is_terminated = isTerminated ? 1 : 0
    place.pointee.is_completed = isCompleted ? 1 : 0
    place.pointee.tokens = UInt32(clamping: count)
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_tokens) @implementation
public func binverify_matcher_tokens(
  _ matcher: binverify_matcher, _ tokens: UnsafeMutablePointer<UInt32>!, _ capacity: Int,
  _ count: UnsafeMutablePointer<Int>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let count = try place(count, "count")
    let matcher = try library.handles.matcher(matcher).value
    try Room(tokens, capacity, "tokens").write(matcher.tokens.map { UInt32($0) }, count: count)
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_forced) @implementation
public func binverify_matcher_forced(
  _ matcher: binverify_matcher, _ tokens: UnsafeMutablePointer<UInt32>!, _ capacity: Int,
  _ count: UnsafeMutablePointer<Int>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let count = try place(count, "count")
    let matcher = try library.handles.matcher(matcher).value
    let room = try Room(tokens, capacity, "tokens")
    room.write(matcher.forcedTokens(limit: capacity).map { UInt32($0) }, count: count)
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_forced_text) @implementation
public func binverify_matcher_forced_text(
  _ matcher: binverify_matcher, _ buffer: UnsafeMutablePointer<UInt8>!, _ capacity: Int,
  _ size: UnsafeMutablePointer<Int>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let matcher = try library.handles.matcher(matcher).value
    try Room(buffer, capacity, "buffer").write(matcher.forcedText(), count: size)
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_minimum_tokens) @implementation
public func binverify_matcher_minimum_tokens(
  _ matcher: binverify_matcher, _ count: UnsafeMutablePointer<Int>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let count = try place(count, "count")
    count.pointee = try library.handles.matcher(matcher).value.minimumTokensToComplete
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_explain) @implementation
public func binverify_matcher_explain(
  _ matcher: binverify_matcher, _ token: UInt32, _ buffer: UnsafeMutablePointer<CChar>!,
  _ capacity: Int, _ size: UnsafeMutablePointer<Int>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let matcher = try library.handles.matcher(matcher).value
    let room = try Room(buffer, capacity, "buffer")
    room.write(matcher.explain(token: Int(token)) ?? "", size: size)
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_program) @implementation
public func binverify_matcher_program(
  _ matcher: binverify_matcher, _ bytes: UnsafeMutablePointer<UInt8>!, _ capacity: Int,
  _ size: UnsafeMutablePointer<Int>!, _ boundaries: UnsafeMutablePointer<Int>!,
  _ boundaryCapacity: Int, _ boundaryCount: UnsafeMutablePointer<Int>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let program = try library.handles.matcher(matcher).value.program
    let offsets = try Room(boundaries, boundaryCapacity, "boundaries")
    try Room(bytes, capacity, "bytes").write(program.bytes, count: size)
    offsets.write(program.boundaries, count: boundaryCount)
  }
}
