import BinVerify
import CBinVerifyABI

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_constraint) @implementation
public func binverify_constraint(
  _ specification: UnsafePointer<CChar>!, _ isa: UnsafePointer<CChar>!,
  _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int, _ size: UnsafeMutablePointer<Int>!
) -> binverify_status {
  binverify_constraint_with(specification, isa, nil, buffer, capacity, size)
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_constraint_with) @implementation
public func binverify_constraint_with(
  _ specification: UnsafePointer<CChar>!, _ isa: UnsafePointer<CChar>!,
  _ options: UnsafePointer<binverify_constraint_options>!,
  _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int, _ size: UnsafeMutablePointer<Int>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let contract = try contract(try text(specification, "specification"))
    let isa = try text(isa, "isa")
    let room = try Room(buffer, capacity, "buffer")
    let wideArguments = try options.map { (pointer) throws(Failure) in
      try structure(pointer, "options").wide_arguments != 0
    }
    let made = try library.decoding { () throws(DecoderError) in
      try DecodingConstraint(
        contract: contract, isa: isa, wideArguments: wideArguments ?? false)
    }
    room.write(made.json, size: size)
  }
}

/// The contract of a specification's text.
private func contract(_ text: String) throws(Failure) -> Contract {
  do {
    return try Contract.parse(text: text, file: "specification")
  } catch {
    throw Failure(.specification("\(error.file):\(error.position): error: \(error.message)"))
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_decoder_compile) @implementation
public func binverify_decoder_compile(
  _ constraint: UnsafePointer<CChar>!, _ vocabulary: binverify_vocabulary,
  _ decoder: UnsafeMutablePointer<binverify_decoder>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let place = try place(decoder, "decoder")
    let constraint = try text(constraint, "constraint")
    let vocabulary = try library.handles.vocabulary(vocabulary)
    let made = try library.decoding { () throws(DecoderError) in
      try CompiledDecoder(
        constraint: try DecodingConstraint(json: constraint), vocabulary: vocabulary)
    }
    place.pointee = library.handles.add(.decoder(made))
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_decoder_with) @implementation
public func binverify_decoder_with(
  _ decoder: binverify_decoder, _ constraint: UnsafePointer<CChar>!,
  _ other: UnsafeMutablePointer<binverify_decoder>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let place = try place(other, "other")
    let constraint = try text(constraint, "constraint")
    let decoder = try library.handles.decoder(decoder)
    let made = try library.decoding { () throws(DecoderError) in
      try decoder.with(try DecodingConstraint(json: constraint))
    }
    place.pointee = library.handles.add(.decoder(made))
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_decoder_report) @implementation
public func binverify_decoder_report(
  _ decoder: binverify_decoder, _ buffer: UnsafeMutablePointer<CChar>!, _ capacity: Int,
  _ size: UnsafeMutablePointer<Int>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let decoder = try library.handles.decoder(decoder)
    try Room(buffer, capacity, "buffer").write(decoder.reportJSON, size: size)
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_decoder_memory) @implementation
public func binverify_decoder_memory(
  _ decoder: binverify_decoder, _ bytes: UnsafeMutablePointer<Int>!
) -> binverify_status {
  library.call { () throws(Failure) in
    try place(bytes, "bytes").pointee = try library.handles.decoder(decoder).memory
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_decoder_free) @implementation
public func binverify_decoder_free(_ decoder: binverify_decoder) -> binverify_status {
  library.call { () throws(Failure) in
    try library.handles.remove(decoder, "decoder") {
      if case .decoder = $0 { true } else { false }
    }
  }
}
