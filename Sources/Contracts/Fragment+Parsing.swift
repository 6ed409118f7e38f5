import Terms

/// A fragment's line as it was read: memory is declared, but its lengths are not looked up.
struct DeclaredFragment {
  var inputs: [Fragment.Binding] = []
  var outputs: [Fragment.Binding] = []
  var clobbers: [Fragment.Binding] = []
  var clobbersFlags = false
  var memory: [DeclaredParameter] = []

  /// The fragment without its memory.
  var fragment: Fragment {
    Fragment(
      inputs: inputs, outputs: outputs, clobbers: clobbers, clobbersFlags: clobbersFlags)
  }
}

/// Fragments: `in: x=edi; out: y=eax; clobbers: rcx, flags; memory: p[3] int32_t`.
extension DeclarationReader {
  /// Reads a fragment's line up to the end of the text.
  mutating func fragment() throws(SpecificationError) -> DeclaredFragment {
    var result = DeclaredFragment()
    var sections: Set<String> = []
    while current.kind != .end {
      let section = current
      guard ["in", "out", "clobbers", "memory"].contains(section.text) else {
        throw error("expected in:, out:, clobbers: or memory:, found \(section.shown)")
      }
      guard sections.insert(section.text).inserted else {
        throw error("'\(section.text):' stands twice")
      }
      advance()
      try expect(":")
      if !isAt(";"), current.kind != .end {
        repeat { try item(of: section.text, &result) } while skip(",")
      }
      if current.kind != .end { try expect(";", " or ','") }
    }
    return result
  }

  private mutating func item(
    of section: String, _ result: inout DeclaredFragment
  ) throws(SpecificationError) {
    switch section {
    case "in": result.inputs.append(try binding())
    case "out": result.outputs.append(try binding())
    case "clobbers":
      if skip("flags") {
        result.clobbersFlags = true
      } else {
        let token = try register()
        result.clobbers.append(
          Fragment.Binding(name: token.text, register: token.text, position: token.position))
      }
    default: result.memory.append(try memory())
    }
    let total = result.inputs.count + result.outputs.count + result.clobbers.count
    if total + result.memory.count > 4 * Prototype.parameterLimit {
      throw error(.limit, "a fragment with more than \(4 * Prototype.parameterLimit) entries")
    }
  }

  private mutating func binding() throws(SpecificationError) -> Fragment.Binding {
    guard current.kind == .word else {
      throw error("expected NAME=REGISTER, found \(current.shown)")
    }
    let name = advance()
    try expect("=", " and a register after '\(name.text)'")
    let token = try register()
    return Fragment.Binding(name: name.text, register: token.text, position: token.position)
  }

  private mutating func register() throws(SpecificationError) -> Token {
    guard current.kind == .word else {
      throw error("expected a register, found \(current.shown)")
    }
    return advance()
  }

  /// `p[3] int32_t`, `p[n] const uint8_t restrict`, or C's own `const uint8_t p[restrict n]`.
  private mutating func memory() throws(SpecificationError) -> DeclaredParameter {
    guard current.kind == .word, following.text == "[" else {
      let parameter = try parameter()
      guard parameter.length != nil else {
        throw error(
          "'\(parameter.name.text)' has no length; expected NAME[LENGTH] TYPE",
          at: parameter.name)
      }
      return parameter
    }
    let name = advance()
    var parameter = DeclaredParameter(
      name: name,
      type: DeclaredType(
        base: .value(ValueType(width: 8, isSigned: false)),
        position: name.position))
    try brackets(&parameter)
    let type = try type(allowsRestrict: true)
    guard case .value = type.base else {
      throw error("'\(name.text)' is an array of void; expected uint8_t", at: name)
    }
    var declared = DeclaredParameter(name: name, type: type, length: parameter.length)
    declared.isRestrict = parameter.isRestrict || type.isRestrict
    return declared
  }

  /// The parameters of `declared`: what `declarations` say of its inputs, and its memory.
  func parameters(
    of declared: DeclaredFragment, _ script: Script
  ) throws(SpecificationError) -> [Parameter] {
    var all: [DeclaredParameter] = []
    for input in declared.inputs {
      if let memory = declared.memory.first(where: { $0.name.text == input.name }) {
        all.append(memory)
        continue
      }
      let type = try declaredType(of: input, script)
      all.append(
        DeclaredParameter(
          name: Token(kind: .word, text: input.name, position: input.position, range: 0..<0),
          type: type))
    }
    for (index, memory) in declared.memory.enumerated()
    where declared.memory[..<index].contains(where: { $0.name.text == memory.name.text }) {
      throw error(.name, "'\(memory.name.text)' is given twice", at: memory.name)
    }
    for memory in declared.memory
    where !declared.inputs.contains(where: { $0.name == memory.name.text }) {
      throw error(
        .name,
        "no register has the address of '\(memory.name.text)'; expected "
          + "'in: \(memory.name.text)=REGISTER'", at: memory.name)
    }
    return try parameters(all)
  }

  /// The type that the declaration of `binding`'s name gives it.
  func declaredType(
    of binding: Fragment.Binding, _ script: Script
  ) throws(SpecificationError) -> DeclaredType {
    guard let declaration = script.declaration(binding.name) else {
      throw SpecificationError(
        .name, file: file, at: binding.position,
        "expected (declare-const \(binding.name) (_ BitVec WIDTH)) for the width of "
          + "\(binding.register)")
    }
    guard case .bitVector(let width) = declaration.sort else {
      throw SpecificationError(
        .sort, file: file, at: declaration.sortPosition,
        "'\(binding.name)' is in a register: expected (_ BitVec WIDTH), found "
          + declaration.sort.smtlib)
    }
    return DeclaredType(
      base: .value(ValueType(width: width, isSigned: false)), position: binding.position)
  }
}
