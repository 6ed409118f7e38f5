import Terms

/// The text of a first specification for a prototype, with every declaration in place.
public struct SpecificationSkeleton: Hashable, Sendable {
  /// The specification, which `Contract.parse` reads.
  public let text: String

  public init(_ prototype: Prototype) {
    let contract = Contract(prototype: prototype)
    let usesArrays = contract.parameters.contains { $0.buffer != nil }
    var lines = [
      "; \(prototype.name): say here in one sentence what it computes.",
      "(set-logic \(usesArrays ? "QF_ABV" : "QF_BV"))",
      "(set-info :kernel \"\(SpecificationSkeleton.oneLine(prototype.text))\")",
    ]
    for name in contract.names {
      lines.append(
        "(declare-const \(name.name) \(name.sort.smtlib))  ; "
          + SpecificationSkeleton.comment(on: name, contract))
    }
    lines += [
      "", "; What callers promise; the less, the stronger the proof.",
      "(define-fun requires () Bool \(SpecificationSkeleton.requires(contract)))", "",
      "; What the code promises: replace true.", "(define-fun ensures () Bool true)",
    ]
    text = lines.joined(separator: "\n") + "\n"
  }

  private static func oneLine(_ text: String) -> String {
    text.split { $0.isWhitespace }.joined(separator: " ")
  }

  private static func comment(on name: Contract.Name, _ contract: Contract) -> String {
    switch name.role {
    case .value:
      let type = contract.parameters[name.index].value
      return words(type, "at entry")
    case .contents: return "contents at entry, by element index"
    case .contentsAfter: return "contents at the return"
    case .address: return "the address; delete the line unless requires speaks of alignment"
    case .output: return words(contract.outputs[name.index].type, "the return value")
    }
  }

  private static func words(_ type: ValueType?, _ what: String) -> String {
    if type?.isBool == true { return "\(what), 0 or 1" }
    switch type?.kind {
    case .floating: return "the bits of the \(type?.width == 32 ? "float" : "double") \(what)"
    case .vector: return "\(what), the first lane in the low bits"
    case .integer, nil: break
    }
    return "\(what), \(type?.isSigned == true ? "signed: bvslt" : "unsigned: bvult") and so on"
  }

  /// Bounds for the parameters that lengths depend on, 8 each, where there are any.
  private static func requires(_ contract: Contract) -> String {
    let named = Set(contract.parameters.compactMap(\.buffer).flatMap(\.length.parameters))
    let bounds = contract.parameters.compactMap { parameter -> String? in
      guard named.contains(parameter.name), let type = parameter.value, !type.isBool else {
        return nil
      }
      return "(bvule \(parameter.name) \(BitVector(8, width: type.width).smtlib))"
    }
    switch bounds.count {
    case 0: return "true"
    case 1: return bounds[0]
    default: return "(and \(bounds.joined(separator: " ")))"
    }
  }
}
