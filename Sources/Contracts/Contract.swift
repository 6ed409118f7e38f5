import MachineModel
import Terms

/// A checked specification: what the code is given, what it hands back, and what it promises.
///
/// The names of its terms: `x` for an integer parameter, `p`, `p.out` and `p.addr` for a buffer,
/// `result` or a fragment's output names.
public struct Contract: Sendable {
  /// How the code is entered and left.
  public enum Interface: Hashable, Sendable {
    /// Called, and left by a return.
    case function(Prototype)
    /// Entered at its first byte and left past its last.
    case fragment(Fragment)
  }

  /// The largest buffer, in bytes.
  public static let bufferLimit = 65_536
  /// The most that `instructionLimit` may be.
  public static let instructionLimits = 1...50_000

  public let file: String
  public let interface: Interface
  public let parameters: [Parameter]
  public let outputs: [Output]
  /// The most instructions that the code may execute, from its entry through its return; nil for any
  /// finite number. A repeated string instruction counts at each repetition.
  public internal(set) var instructionLimit: Int?
  /// The script it was read from; nil where there is only a prototype.
  let script: Script?

  init(
    file: String, interface: Interface, parameters: [Parameter], outputs: [Output],
    script: Script?
  ) {
    self.file = file
    self.interface = interface
    self.parameters = parameters
    self.outputs = outputs
    self.script = script
  }

  /// A contract that requires and ensures nothing: what `equiv --prototype` works with.
  public init(prototype: Prototype, file: String = "prototype") {
    self.init(
      file: file, interface: .function(prototype), parameters: prototype.parameters,
      outputs: Contract.outputs(of: prototype, at: .start), script: nil)
  }

  /// The contract without what it says of how many instructions the code may execute.
  public var ofAnyLength: Contract {
    var contract = self
    contract.instructionLimit = nil
    return contract
  }

  static func outputs(of prototype: Prototype, at position: SourcePosition) -> [Output] {
    prototype.result.map { [Output(name: "result", type: $0, position: position)] } ?? []
  }

  /// The name to show: the function's, or "fragment".
  public var name: String {
    switch interface {
    case .function(let prototype): prototype.name
    case .fragment: "fragment"
    }
  }

  // MARK: Names

  /// A name that terms may use, and what it stands for.
  public struct Name: Hashable, Sendable {
    public enum Role: Hashable, Sendable {
      /// A parameter's value at entry, a buffer's contents at entry, its address.
      case value, contents, address
      /// A buffer's contents at the return, or an output.
      case contentsAfter, output
    }

    public let name: String
    public let sort: Sort
    public let role: Role
    /// The parameter's place, or the output's.
    public let index: Int

    /// Whether it is known at entry, so that `requires` may use it.
    public var isInput: Bool { role != .contentsAfter && role != .output }
  }

  /// Every name that terms may use, in order of the parameters and then the outputs.
  public var names: [Name] {
    var result: [Name] = []
    for (index, parameter) in parameters.enumerated() {
      let name = parameter.name
      switch parameter.kind {
      case .value(let type):
        result.append(
          Name(name: name, sort: .bitVector(type.width), role: .value, index: index))
      case .buffer(let buffer):
        let contents = Sort.array(index: 64, element: buffer.element.width)
        result.append(Name(name: name, sort: contents, role: .contents, index: index))
        if !buffer.isConst {
          result.append(
            Name(name: name + ".out", sort: contents, role: .contentsAfter, index: index))
        }
        result.append(
          Name(name: name + ".addr", sort: .bitVector(64), role: .address, index: index))
      }
    }
    for (index, output) in outputs.enumerated() {
      result.append(
        Name(
          name: output.name, sort: .bitVector(output.type.width), role: .output, index: index))
    }
    return result
  }

  /// Whether the specification declares `name`, so that the `elaborate` functions may ask for it.
  public func declares(_ name: String) -> Bool { script?.declaration(name) != nil }

  // MARK: Places

  /// Where `architecture` puts parameters and outputs. An error for a fragment's register that the
  /// architecture does not have, or that has another width than its name's declaration, and for a
  /// vector that the convention has no register for.
  public func layout(
    for architecture: any Architecture
  ) throws(SpecificationError) -> Layout {
    switch interface {
    case .function: return try layout(for: architecture.convention)
    case .fragment(let fragment): return try layout(of: fragment, architecture)
    }
  }

  /// Where `convention` puts the parameters and the result of a function. An error for a value that
  /// it has no register for.
  public func layout(
    for convention: CallingConvention
  ) throws(SpecificationError) -> Layout {
    try Layout(parameters, outputs, convention, file: file)
  }

  // MARK: Terms

  /// The precondition as a Boolean term over `environment`, which has a term of the right sort for
  /// each declared name that it mentions; a `bool` parameter is 0 or 1 besides.
  public func elaborateRequires(
    environment: [String: Term], in terms: TermManager
  ) throws(SpecificationError) -> Term {
    let bools = parameters.filter { $0.value?.isBool == true }.map(\.name)
    return terms.and(
      range(of: bools, environment, terms), try term("requires", environment, terms))
  }

  /// The postcondition as a Boolean term over `environment`; a `bool` result is 0 or 1 besides.
  public func elaborateEnsures(
    environment: [String: Term], in terms: TermManager
  ) throws(SpecificationError) -> Term {
    let bools = outputs.filter(\.type.isBool).map(\.name)
    return terms.and(
      range(of: bools, environment, terms), try term("ensures", environment, terms))
  }

  private func term(
    _ name: String, _ environment: [String: Term], _ terms: TermManager
  ) throws(SpecificationError) -> Term {
    guard let script, script.function(name) != nil else { return terms.true }
    return try script.term(name, environment: environment, in: terms)
  }

  /// Whether each of `bools` is 0 or 1.
  private func range(
    of bools: [String], _ environment: [String: Term], _ terms: TermManager
  ) -> Term {
    terms.and(
      bools.compactMap { environment[$0] }.map {
        terms.equal(
          terms.extract($0, terms.width($0) - 1, 1),
          terms.constant(0, width: terms.width($0) - 1))
      })
  }
}
