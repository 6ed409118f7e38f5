import BinVerify
import CBinVerifyABI

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_start) @implementation
public func binverify_matcher_start(
  _ decoder: binverify_decoder, _ matcher: UnsafeMutablePointer<binverify_matcher>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let place = try place(matcher, "matcher")
    let decoder = try library.handles.decoder(decoder)
    place.pointee = library.handles.add(.matcher(SharedMatcher(decoder.matcher())))
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_fork) @implementation
public func binverify_matcher_fork(
  _ matcher: binverify_matcher, _ fork: UnsafeMutablePointer<binverify_matcher>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let place = try place(fork, "fork")
    let copy = try library.handles.matcher(matcher).value
    place.pointee = library.handles.add(.matcher(SharedMatcher(copy)))
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_accept) @implementation
public func binverify_matcher_accept(
  _ matcher: binverify_matcher, _ tokens: UnsafePointer<UInt32>!, _ count: Int,
  _ accepted: UnsafeMutablePointer<Int>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let accepted = try place(accepted, "accepted")
    let tokens = try array(tokens, count, "tokens")
    accepted.pointee = try library.handles.matcher(matcher).with { matcher in
      for (index, token) in tokens.enumerated() where !matcher.accept(token: Int(token)) {
        return index
      }
      return tokens.count
    }
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_accept_batch) @implementation
public func binverify_matcher_accept_batch(
  _ matchers: UnsafePointer<binverify_matcher>!, _ count: Int, _ tokens: UnsafePointer<UInt32>!,
  _ accepted: UnsafeMutablePointer<UInt8>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let found = try SharedMatcher.all(matchers, count)
    let tokens = try array(tokens, count, "tokens")
    if count == 0 { return }
    let accepted = try place(accepted, "accepted")
    for (index, matcher) in found.enumerated() {
      let token = Int(tokens[index])
      accepted[index] = matcher.with { $0.accept(token: token) } ? 1 : 0
    }
  }
}

extension SharedMatcher {
  /// The matchers of an array of handles.
  static func all(
    _ handles: UnsafePointer<binverify_matcher>?, _ count: Int
  ) throws(Failure) -> [SharedMatcher] {
    try library.handles.matchers(try array(handles, count, "matchers"))
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_validate) @implementation
public func binverify_matcher_validate(
  _ matcher: binverify_matcher, _ tokens: UnsafePointer<UInt32>!, _ count: Int,
  _ accepted: UnsafeMutablePointer<Int>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let accepted = try place(accepted, "accepted")
    let tokens = try array(tokens, count, "tokens")
    let matcher = try library.handles.matcher(matcher).value
    accepted.pointee = matcher.validate(tokens: tokens.lazy.map { Int($0) })
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_rollback) @implementation
public func binverify_matcher_rollback(
  _ matcher: binverify_matcher, _ count: Int
) -> binverify_status {
  library.call { () throws(Failure) in
    let (isDone, tokens) = try library.handles.matcher(matcher).with {
      ($0.rollback(count), $0.tokenCount)
    }
    if !isDone {
      throw .argument(
        "count: at most the \(tokens) tokens accepted were expected, found "
          + "\(UInt(bitPattern: count))")
    }
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_reset) @implementation
public func binverify_matcher_reset(_ matcher: binverify_matcher) -> binverify_status {
  library.call { () throws(Failure) in
    try library.handles.matcher(matcher).with { $0.reset() }
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_matcher_free) @implementation
public func binverify_matcher_free(_ matcher: binverify_matcher) -> binverify_status {
  library.call { () throws(Failure) in
    try library.handles.remove(matcher, "matcher") {
      if case .matcher = $0 { true } else { false }
    }
  }
}
