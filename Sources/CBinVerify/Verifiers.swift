import BinVerify
import CBinVerifyABI

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_compile) @implementation
public func binverify_compile(
  _ specification: UnsafePointer<CChar>!, _ isa: UnsafePointer<CChar>!,
  _ options: UnsafePointer<binverify_options>!,
  _ verifier: UnsafeMutablePointer<binverify_verifier>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let place = try place(verifier, "verifier")
    let specification = try text(specification, "specification")
    let isa = try text(isa, "isa")
    let judging = try Judging(options)
    let program = try library.program()
    let made = try library.judging { () throws(CandidateError) in
      try CandidateVerifier(
        specification: specification, isa: isa, cpu: judging.cpu, options: judging.limits,
        tests: judging.tests, reports: judging.reports, program: program)
    }
    place.pointee = library.handles.add(.verifier(made))
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_compile_equivalence) @implementation
public func binverify_compile_equivalence(
  _ contract: UnsafePointer<CChar>!, _ reference: binverify_code,
  _ referenceISA: UnsafePointer<CChar>!, _ candidateISA: UnsafePointer<CChar>!,
  _ options: UnsafePointer<binverify_options>!,
  _ verifier: UnsafeMutablePointer<binverify_verifier>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let place = try place(verifier, "verifier")
    place.pointee = library.handles.add(
      .verifier(try comparison(contract, reference, referenceISA, candidateISA, options)))
  }
}

/// A verifier of equivalence from arguments of the interface.
private func comparison(
  _ contract: UnsafePointer<CChar>?, _ reference: binverify_code,
  _ referenceISA: UnsafePointer<CChar>?, _ candidateISA: UnsafePointer<CChar>?,
  _ options: UnsafePointer<binverify_options>?
) throws(Failure) -> CandidateVerifier {
  let contract = try text(contract, "contract")
  let reference = try bytes(reference, "reference")
  let referenceISA = try text(referenceISA, "the ISA of the reference")
  let candidateISA = try text(candidateISA, "the ISA of the candidates")
  let judging = try Judging(options)
  let program = try library.program()
  return try library.judging { () throws(CandidateError) in
    try CandidateVerifier(
      reference: reference, isa: referenceISA, contract: contract, candidateISA: candidateISA,
      cpu: judging.cpu, options: judging.limits, reports: judging.reports, program: program)
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_prove) @implementation
public func binverify_prove(
  _ verifier: binverify_verifier, _ candidate: binverify_code,
  _ result: UnsafeMutablePointer<binverify_result>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let place = try place(result, "result")
    let judge = try library.handles.verifier(verifier)
    let code = try bytes(candidate, "candidate")
    let answer = try library.judging { () throws(CandidateError) in try judge.verify(code) }
    place.pointee = library.handles.add(.result(answer))
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_prove_batch) @implementation
public func binverify_prove_batch(
  _ verifier: binverify_verifier, _ candidates: UnsafePointer<binverify_code>!, _ count: Int,
  _ workers: UInt32, _ results: UnsafeMutablePointer<binverify_result>!
) -> binverify_status {
  library.call { () throws(Failure) in
    try prove(verifier, CounterexampleBank(), candidates, count, workers, results)
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_prove_batch_on) @implementation
public func binverify_prove_batch_on(
  _ verifier: binverify_verifier, _ inputs: UnsafePointer<UnsafePointer<CChar>?>!,
  _ inputCount: Int, _ candidates: UnsafePointer<binverify_code>!, _ count: Int,
  _ workers: UInt32, _ results: UnsafeMutablePointer<binverify_result>!
) -> binverify_status {
  library.call { () throws(Failure) in
    var texts: [String] = []
    for (index, input) in try array(inputs, inputCount, "inputs").enumerated() {
      texts.append(try text(input, "input \(index)"))
    }
    try prove(verifier, CounterexampleBank(texts), candidates, count, workers, results)
  }
}

/// Judges candidates on a bank, and writes the handles of as many results.
private func prove(
  _ verifier: binverify_verifier, _ bank: CounterexampleBank,
  _ candidates: UnsafePointer<binverify_code>?, _ count: Int, _ workers: UInt32,
  _ results: UnsafeMutablePointer<binverify_result>?
) throws(Failure) {
  let judge = try library.handles.verifier(verifier)
  let given = try array(candidates, count, "candidates")
  if given.isEmpty { return }
  let results = try place(results, "results")
  var codes: [[UInt8]] = []
  for (index, code) in given.enumerated() {
    codes.append(try bytes(code, "candidate \(index)"))
  }
  let many = codes
  let answers = try library.judging { () throws(CandidateError) in
    try judge.verify(many: many, bank: bank, workers: workers == 0 ? nil : Int(workers))
  }
  for (index, answer) in answers.enumerated() {
    results[index] = library.handles.add(.result(answer))
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_equiv) @implementation
public func binverify_equiv(
  _ contract: UnsafePointer<CChar>!, _ first: binverify_code, _ firstISA: UnsafePointer<CChar>!,
  _ second: binverify_code, _ secondISA: UnsafePointer<CChar>!,
  _ options: UnsafePointer<binverify_options>!, _ result: UnsafeMutablePointer<binverify_result>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let place = try place(result, "result")
    let code = try bytes(second, "second")
    let judge = try comparison(contract, first, firstISA, secondISA, options)
    let answer = try library.judging { () throws(CandidateError) in try judge.verify(code) }
    place.pointee = library.handles.add(.result(answer))
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_verifier_free) @implementation
public func binverify_verifier_free(_ verifier: binverify_verifier) -> binverify_status {
  library.call { () throws(Failure) in
    try library.handles.remove(verifier, "verifier") {
      if case .verifier = $0 { true } else { false }
    }
  }
}
