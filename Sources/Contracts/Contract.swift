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

  public let file: String
  public let interface: Interface
  public let parameters: [Parameter]
  public let outputs: [Output]

  /// The specification that `text` is; `file` is its name in errors.
  public static func parse(
    text: String, file: String
  ) throws(SpecificationError) -> Contract {
    throw SpecificationError(
      .unsupported, file: file, at: .start, "specifications are not read yet")
  }

  /// A contract that requires and ensures nothing: what `equiv --prototype` works with.
  public init(prototype: Prototype, file: String = "prototype") {
    self.file = file
    interface = .function(prototype)
    parameters = prototype.parameters
    outputs =
      prototype.result.map { [Output(name: "result", type: $0, position: .start)] } ?? []
  }

  /// Where `architecture` puts parameters and outputs. An error for a fragment's register that the
  /// architecture does not have, or that has another width than its name's declaration.
  public func layout(
    for architecture: any Architecture
  ) throws(SpecificationError) -> Layout {
    throw SpecificationError(.unsupported, file: file, at: .start, "no layout yet")
  }

  /// Whether the specification declares `name`, so that `elaborate` functions may ask for it.
  public func declares(_ name: String) -> Bool { false }

  /// The precondition as a Boolean term over `environment`, which has a term of the right sort for
  /// each declared name that it mentions; a `bool` parameter is 0 or 1 besides.
  public func elaborateRequires(
    environment: [String: Term], in terms: TermManager
  ) throws(SpecificationError) -> Term {
    terms.true
  }

  /// The postcondition as a Boolean term over `environment`; a `bool` result is 0 or 1 besides.
  public func elaborateEnsures(
    environment: [String: Term], in terms: TermManager
  ) throws(SpecificationError) -> Term {
    terms.true
  }
}
