import BinVerify
import ObjectFiles

/// What a kernel's entry in the manifest names, read.
struct KernelInputs {
  let code: LoadedCode
  let reference: LoadedCode?
  let contract: Contract
  let specification: Digest
  /// Those of the code and of the reference, each for its CPU.
  let architectures: [any Architecture]

  /// The digests of what was read, in the order of the kernel's `files`.
  let files: [Digest]

  init(_ kernel: Manifest.Kernel, folder: String) throws {
    var files: [Digest] = []
    func read(_ path: String) throws -> [UInt8] {
      let bytes = try InputFile.readRegular(folder + path)
      files.append(Digest(of: bytes))
      return bytes
    }
    func load(_ path: String, _ symbol: String?) throws -> LoadedCode {
      try CodeLoader.load(
        bytes: try read(path), name: folder + path, symbol: symbol, isa: kernel.isa,
        withLines: true)
    }
    code = try load(kernel.code, kernel.symbol)
    let (path, prototype): (String?, String?)
    switch kernel.obligation {
    case .specification(let specification):
      reference = nil
      (path, prototype) = (specification, nil)
    case .reference(let argument, let specification, let declaration):
      reference = try load(argument.path, argument.symbol)
      (path, prototype) = (specification, declaration)
    }
    if let path {
      let bytes = try read(path)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw KernelError("\(folder + path):1:1: error: UTF-8 text was expected")
      }
      contract = try Contract.parse(text: text, file: folder + path)
      specification = Digest(of: bytes)
    } else {
      contract = Contract(prototype: try Prototype.parse(prototype ?? ""))
      specification = Digest(of: "prototype\n" + (prototype ?? ""))
    }
    self.files = files
    let names = [code.isa] + (reference.map { [$0.isa] } ?? [])
    architectures = try KernelInputs.architectures(names, kernel.cpus)
  }

  /// The architectures of `names`, each for that of `cpus` which is one of its own.
  private static func architectures(
    _ names: [String], _ cpus: [String]
  ) throws -> [any Architecture] {
    let bases = try names.map { try architecture(named: $0) }
    for cpu in cpus where !bases.contains(where: { (try? $0.profile(named: cpu)) != nil }) {
      if let base = bases.first { _ = try base.profile(named: cpu) }
    }
    return try bases.map { base in
      let own = cpus.compactMap { try? base.profile(named: $0) }
      guard own.count < 2 else {
        throw KernelError("two CPUs of \(base.name): \(own[0].name) and \(own[1].name)")
      }
      return base.restricted(to: own.first ?? .any)
    }
  }
}

/// Bad input, in words.
struct KernelError: Error {
  let message: String

  init(_ message: String) { self.message = message }

  /// The words for an error of the library.
  static func words(_ error: any Error) -> String {
    switch error {
    case let error as KernelError: return error.message
    case let error as SpecificationError:
      return "\(error.file):\(error.position): error: \(error.message)"
    case let error as ObjectFileError:
      switch error.position {
      case nil: return "\(error.file): error: \(error.message)"
      case .byte(let offset):
        return "\(error.file): error: byte 0x\(String(offset, radix: 16)): \(error.message)"
      case .text(let line, let column):
        return "\(error.file):\(line):\(column): error: \(error.message)"
      }
    default: return "\(error)"
    }
  }
}
