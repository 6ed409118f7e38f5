import MachineModel
import Terms

extension Contract {
  /// Where the registers of a fragment are.
  func layout(
    of fragment: Fragment, _ architecture: any Architecture
  ) throws(SpecificationError) -> Layout {
    var arguments: [ValueLocation] = []
    for (binding, parameter) in zip(fragment.inputs, parameters) {
      arguments.append(
        .register(try register(binding, width: parameter.width, architecture)))
    }
    var results: [ValueLocation] = []
    for (binding, output) in zip(fragment.outputs, outputs) {
      results.append(.register(try register(binding, width: output.type.width, architecture)))
    }
    var clobbers: [Register] = []
    for binding in fragment.clobbers {
      clobbers.append(try register(binding, width: nil, architecture))
    }
    try refuseSharing(fragment.inputs, arguments, "inputs")
    try refuseSharing(fragment.outputs, results, "outputs")
    return Layout(
      arguments: arguments, outputs: results, clobbers: clobbers,
      clobbersFlags: fragment.clobbersFlags, stackArgumentBytes: 0)
  }

  private func register(
    _ binding: Fragment.Binding, width: Int?, _ architecture: any Architecture
  ) throws(SpecificationError) -> Register {
    guard let register = architecture.register(named: binding.register), register.cell != nil
    else {
      throw SpecificationError(
        .name, file: file, at: binding.position,
        "\(architecture.name) has no register '\(binding.register)' to bind")
    }
    if let width, register.width != width {
      throw SpecificationError(
        .sort, file: file, at: binding.position,
        "'\(binding.name)' has \(width) bits, but \(binding.register) has \(register.width)")
    }
    return register
  }

  /// Fails where two names are bound to bits of the same register.
  private func refuseSharing(
    _ bindings: [Fragment.Binding], _ locations: [ValueLocation], _ what: String
  ) throws(SpecificationError) {
    var seen: [(register: Register, name: String)] = []
    for (binding, location) in zip(bindings, locations) {
      guard case .register(let register) = location else { continue }
      let bits = register.low..<register.low + register.width
      let other = seen.first {
        $0.register.cell == register.cell
          && bits.overlaps($0.register.low..<$0.register.low + $0.register.width)
      }
      if let other {
        throw SpecificationError(
          .name, file: file, at: binding.position,
          "the \(what) '\(other.name)' and '\(binding.name)' share the register "
            + binding.register)
      }
      seen.append((register, binding.name))
    }
  }
}
