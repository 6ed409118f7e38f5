import Terms

/// From a solver's model to constants and to values that people read.
extension SpecificationCheck {
  /// The names that `isChosen` picks, each with its value in `model`.
  func substitution(
    _ model: Model, where isChosen: (Contract.Name) -> Bool
  ) -> [Term: Term] {
    var result: [Term: Term] = [:]
    for name in contract.names where isChosen(name) {
      if let variable = environment[name.name] { result[variable] = constant(variable, model) }
    }
    return result
  }

  /// The value of a variable in `model`; what the model leaves open is zero.
  private func constant(_ variable: Term, _ model: Model) -> Term {
    switch terms.sort(variable) {
    case .bool: return terms.bool(model.values[variable]?.isZero == false)
    case .bitVector(let width): return terms.constant(model.values[variable] ?? .zero(width))
    case .array(let index, let element):
      let value = model.arrays[variable] ?? ArrayValue(otherwise: .zero(element))
      let base = terms.constantArray(terms.constant(value.otherwise), index: index)
      let entries = value.entries.sorted { $0.key.isLess(unsigned: $1.key) }
      return entries.reduce(base) {
        terms.store($0, terms.constant($1.key), terms.constant($1.value))
      }
    }
  }

  /// `term` with all its variables replaced by their values in `model`.
  private func fix(_ term: Term, _ model: Model) -> Term {
    let variables = terms.freeVariables(of: [term])
    let values = Dictionary(
      uniqueKeysWithValues: variables.map { ($0, constant($0, model)) })
    return terms.substitute(values, in: [term])[0]
  }

  /// What `names` are in `model`; `reading` has the terms to read where they are not the variables
  /// themselves. Names the specification does not declare are left out.
  func values(
    of names: [Contract.Name], in model: Model, reading: [String: Term] = [:]
  ) -> [Assignment] {
    names.compactMap { name in
      guard contract.declares(name.name) || name.role == .output,
        let term = reading[name.name] ?? environment[name.name]
      else { return nil }
      let fixed = fix(term, model)
      switch name.role {
      case .value: return integer(name.name, fixed, contract.parameters[name.index].value)
      case .output: return integer(name.name, fixed, contract.outputs[name.index].type)
      case .address:
        return integer(name.name, fixed, ValueType(width: 64, isSigned: false))
      case .contents, .contentsAfter:
        guard let buffer = contract.parameters[name.index].buffer else { return nil }
        return elements(name.name, fixed, buffer, model)
      }
    }
  }

  private func integer(_ name: String, _ value: Term, _ type: ValueType?) -> Assignment? {
    guard let type, let value = terms.value(value) else { return nil }
    return Assignment(name: name, value: .integer(value), type: type)
  }

  private func elements(
    _ name: String, _ array: Term, _ buffer: BufferType, _ model: Model
  ) -> Assignment? {
    let length = buffer.length.value(environment: environment, in: terms)
    let count = terms.small(fix(length.count, model)) ?? 0
    let shown = Int(min(count, UInt64(SpecificationCheck.elementLimit)))
    let values = (0..<shown).compactMap {
      terms.value(terms.select(array, terms.constant(UInt64($0), width: 64)))
    }
    return Assignment(name: name, value: .elements(values), type: buffer.element)
  }
}
