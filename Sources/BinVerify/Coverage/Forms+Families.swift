import MachineModel

extension [Form] {
  /// The forms by family, in their order.
  package var byFamily: [(family: Family, forms: [Form])] {
    var result: [(family: Family, forms: [Form])] = []
    var places: [String: Int] = [:]
    for form in self {
      if let place = places[form.family.title] {
        result[place].forms.append(form)
      } else {
        places[form.family.title] = result.count
        result.append((form.family, [form]))
      }
    }
    return result
  }
}
