import Terms

/// What `ensures` leaves open.
extension SpecificationCheck {
  /// One place that the code may change: an output, or an element of a writable buffer.
  private struct Place {
    let name: Contract.Name
    let index: Int?
    /// When it exists.
    let condition: Term
  }

  /// Outputs and elements that `ensures` says nothing about; where it says something about all, an
  /// input with two allowed outputs.
  func unconstrained(at position: SourcePosition) -> [SpecificationFinding] {
    var result: [SpecificationFinding] = []
    for name in contract.names where !name.isInput {
      var free: [(place: Place, finding: SpecificationFinding)] = []
      for place in places(of: name) {
        if let finding = freedom(of: place, at: position) { free.append((place, finding)) }
      }
      guard let first = free.first else { continue }
      result.append(
        SpecificationFinding(
          .unconstrained, at: position,
          words(name, free.compactMap(\.place.index)), example: first.finding.example,
          alternative: first.finding.alternative))
    }
    return result.isEmpty ? undetermined(at: position) : result
  }

  private func words(_ name: Contract.Name, _ indices: [Int]) -> String {
    if indices.isEmpty { return "ensures says nothing about '\(name.name)'" }
    let shown = indices.prefix(8).map(String.init).joined(separator: ", ")
    return "ensures says nothing about element\(indices.count == 1 ? "" : "s") \(shown)"
      + (indices.count > 8 ? ", …" : "") + " of '\(name.name)'"
  }

  private func places(of name: Contract.Name) -> [Place] {
    guard name.role == .contentsAfter, let buffer = contract.parameters[name.index].buffer
    else { return [Place(name: name, index: nil, condition: terms.true)] }
    let length = buffer.length.value(environment: environment, in: terms)
    let most = buffer.length.constant.map { min($0, SpecificationCheck.elementLimit) } ?? 4
    return (0..<most).map {
      Place(
        name: name, index: $0,
        condition: terms.unsignedLess(terms.constant(UInt64($0), width: 64), length.count))
    }
  }

  /// Two allowed outputs that differ in `place` only, if `ensures` never depends on it.
  private func freedom(
    of place: Place, at position: SourcePosition
  ) -> SpecificationFinding? {
    guard let variable = environment[place.name.name] else { return nil }
    var (old, changed) = (variable, variable)
    let other: Term
    if let index = place.index, case .array(_, let element) = place.name.sort {
      let index = terms.constant(UInt64(index), width: 64)
      old = terms.select(variable, index)
      other = terms.variable("\(place.name.name)'", width: element)
      changed = terms.store(variable, index, other)
    } else {
      other = terms.variable("\(place.name.name)'", place.name.sort)
      changed = other
    }
    let replaced = terms.substitute([variable: changed], in: [ensures])[0]
    let assumed = terms.and(requires, place.condition)
    guard case .unsatisfiable = ask([assumed, ensures, terms.not(replaced)]),
      case .satisfiable(let model) = ask([assumed, ensures, terms.distinct(old, other)])
    else { return nil }
    return SpecificationFinding(
      .unconstrained, at: position, "", example: values(of: contract.names, in: model),
      alternative: values(of: [place.name], in: model, reading: [place.name.name: changed]))
  }

  /// An input with two outputs that `ensures` allows.
  private func undetermined(at position: SourcePosition) -> [SpecificationFinding] {
    let outputs = contract.names.filter { !$0.isInput }
    var renamed: [Term: Term] = [:]
    var second: [String: Term] = [:]
    var differences = terms.false
    for name in outputs {
      guard let variable = environment[name.name] else { continue }
      let other = terms.variable("\(name.name)''", name.sort)
      renamed[variable] = other
      second[name.name] = other
      for place in places(of: name) {
        let differ = differs(place, variable, other)
        differences = terms.or(differences, terms.and(place.condition, differ))
      }
    }
    let other = terms.substitute(renamed, in: [ensures])[0]
    guard case .satisfiable(let model) = ask([requires, ensures, other, differences]) else {
      return []
    }
    return [
      SpecificationFinding(
        .undetermined, at: position, "ensures allows more than one output for this input",
        example: values(of: contract.names, in: model),
        alternative: values(of: outputs, in: model, reading: second))
    ]
  }

  private func differs(_ place: Place, _ left: Term, _ right: Term) -> Term {
    guard let index = place.index else { return terms.distinct(left, right) }
    let constant = terms.constant(UInt64(index), width: 64)
    return terms.distinct(terms.select(left, constant), terms.select(right, constant))
  }
}
