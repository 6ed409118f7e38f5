import Terms

extension Contract {
  /// Attributes of SMT-LIB itself that say nothing about the code.
  private static let ignoredAttributes: Set<String> = [
    "smt-lib-version", "source", "license", "category", "status", "notes",
  ]

  private static let limitKeyword = "instructions"

  /// The specification that `text` is; `file` is its name in errors.
  public static func parse(
    text: String, file: String
  ) throws(SpecificationError) -> Contract {
    let script = try Script.parse(text, file: file)
    var contract = try interface(of: script)
    contract.instructionLimit = try instructionLimit(of: script)
    try contract.checkNames(script)
    try contract.checkDefinitions(script)
    return contract
  }

  // MARK: The interface

  private static func interface(of script: Script) throws(SpecificationError) -> Contract {
    var found: Script.Attribute?
    for attribute in script.attributes {
      if ignoredAttributes.contains(attribute.keyword) || attribute.keyword == limitKeyword {
        continue
      }
      guard attribute.keyword == "kernel" || attribute.keyword == "fragment" else {
        throw SpecificationError(
          .unsupported, file: script.file, at: attribute.position,
          "unknown attribute :\(attribute.keyword.prefix(40)); expected :kernel, :fragment or "
            + ":\(limitKeyword)")
      }
      if let found {
        throw SpecificationError(
          .name, file: script.file, at: attribute.position,
          "a second interface; the first, :\(found.keyword), is at \(found.position)")
      }
      found = attribute
    }
    guard let found else {
      throw SpecificationError(
        .name, file: script.file, at: script.end,
        "expected (set-info :kernel \"PROTOTYPE\") or (set-info :fragment \"in: …; out: …\")")
    }
    guard found.kind == .string, let value = found.value else {
      throw SpecificationError(
        .syntax, file: script.file, at: found.valuePosition,
        "expected a string after :\(found.keyword)")
    }
    return found.keyword == "kernel"
      ? try function(value, found, script) : try fragment(value, found, script)
  }

  private static func instructionLimit(
    of script: Script
  ) throws(SpecificationError) -> Int? {
    let found = script.attributes.filter { $0.keyword == limitKeyword }
    guard let first = found.first else { return nil }
    if found.count > 1 {
      throw SpecificationError(
        .name, file: script.file, at: found[1].position,
        "a second number of instructions; the first is at \(first.position)")
    }
    guard first.kind == .numeral, let limit = first.value.flatMap({ Int($0) }),
      instructionLimits.contains(limit)
    else {
      throw SpecificationError(
        .syntax, file: script.file, at: first.valuePosition,
        "expected a number from \(instructionLimits.lowerBound) to "
          + "\(instructionLimits.upperBound) after :\(limitKeyword)")
    }
    return limit
  }

  private static func function(
    _ text: String, _ attribute: Script.Attribute, _ script: Script
  ) throws(SpecificationError) -> Contract {
    let start = attribute.valuePosition
    let prototype = try Prototype.parse(text, file: script.file, at: start)
    return Contract(
      file: script.file, interface: .function(prototype), parameters: prototype.parameters,
      outputs: outputs(of: prototype, at: start), script: script)
  }

  private static func fragment(
    _ text: String, _ attribute: Script.Attribute, _ script: Script
  ) throws(SpecificationError) -> Contract {
    var reader = try DeclarationReader(text, file: script.file, at: attribute.valuePosition)
    let declared = try reader.fragment()
    let parameters = try reader.parameters(of: declared, script)
    var outputs: [Output] = []
    for binding in declared.outputs {
      let isTaken =
        parameters.contains { $0.name == binding.name }
        || outputs.contains { $0.name == binding.name }
      if isTaken {
        throw SpecificationError(
          .name, file: script.file, at: binding.position,
          "'\(binding.name)' is already bound; an output needs a name of its own")
      }
      guard case .value(let type) = try reader.declaredType(of: binding, script).base else {
        continue
      }
      outputs.append(Output(name: binding.name, type: type, position: binding.position))
    }
    return Contract(
      file: script.file, interface: .fragment(declared.fragment), parameters: parameters,
      outputs: outputs, script: script)
  }

  // MARK: Checks

  /// Fails unless each declared constant is a name of the interface, of its sort, and each of these
  /// names means what the interface says.
  private func checkNames(_ script: Script) throws(SpecificationError) {
    let known = names
    for name in known {
      guard let function = script.function(name.name) else { continue }
      throw SpecificationError(
        .name, file: file, at: function.position,
        "'\(name.name)' is a name of the interface: expected (declare-const \(name.name) "
          + "\(name.sort.smtlib)), not a definition")
    }
    for declaration in script.declarations {
      guard let name = known.first(where: { $0.name == declaration.name }) else {
        throw SpecificationError(
          .name, file: file, at: declaration.position, unbound(declaration.name, known))
      }
      guard name.sort == declaration.sort else {
        throw SpecificationError(
          .sort, file: file, at: declaration.sortPosition,
          "'\(name.name)': expected \(name.sort.smtlib), found \(declaration.sort.smtlib)")
      }
    }
  }

  private func unbound(_ name: String, _ known: [Name]) -> String {
    if let parameter = parameters.first(where: { $0.name + ".out" == name }) {
      return parameter.buffer == nil
        ? "'\(parameter.name)' is no buffer, so it has no contents at the return"
        : "'\(parameter.name)' is const, so it has no contents at the return; expected "
          + "'\(parameter.name)'"
    }
    let list = known.map { "'\($0.name)'" }.joined(separator: ", ")
    return "nothing binds '\(name)'; "
      + (list.isEmpty ? "the prototype has no names" : "expected \(list)")
  }

  /// Fails unless `requires` and `ensures` are conditions, and `requires` speaks of the entry.
  private func checkDefinitions(_ script: Script) throws(SpecificationError) {
    for name in ["requires", "ensures"] {
      guard let function = script.function(name) else {
        if name == "requires" { continue }
        throw SpecificationError(
          .name, file: file, at: script.end, "expected (define-fun ensures () Bool …)")
      }
      guard function.parameters.isEmpty, function.result == .bool else {
        throw SpecificationError(
          .sort, file: file, at: function.position,
          "expected (define-fun \(name) () Bool …): no parameters, and of sort Bool")
      }
    }
    let known = names
    for (declaration, position) in script.mentions(from: ["requires"]) {
      let name = known.first { $0.name == declaration.name }
      if name?.isInput == false {
        throw SpecificationError(
          .name, file: file, at: position,
          "'\(declaration.name)' is not known at entry, so requires cannot depend on it")
      }
    }
  }
}
