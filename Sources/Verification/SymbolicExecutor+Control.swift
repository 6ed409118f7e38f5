import MachineModel
import Terms

/// Where a path goes on after an instruction.
extension SymbolicExecutor {
  /// Continues at every address that `target` may be.
  mutating func proceed(
    _ path: Path, to target: Term, _ instruction: Instruction, from key: Key
  ) throws {
    var path = path
    // Branches stay within the code, so its slide cancels out; a return address has none.
    let local = path.state.codeSlide.map { terms.subtract(target, $0) } ?? target
    if let choice = terms.choice(in: local) {
      // A target can have more ends than there is time for.
      try checkLimits()
      let parts = terms.children(choice)
      let isTaken = terms.decide(parts[0], given: path.condition)
      if isTaken != parts[0], let taken = terms.value(isTaken) {
        let end = terms.substitute(
          [choice: taken.isZero ? parts[2] : parts[1]], in: [target])[0]
        return try proceed(path, to: end, instruction, from: key)
      }
      var taken = path
      taken.condition = terms.and(path.condition, parts[0])
      path.condition = terms.and(path.condition, terms.not(parts[0]))
      terms.fixChance(parts[0], in: &taken.state)
      terms.fixChance(terms.not(parts[0]), in: &path.state)
      let ends = parts.dropFirst().map { terms.substitute([choice: $0], in: [target])[0] }
      try proceed(taken, to: ends[0], instruction, from: key)
      try proceed(path, to: ends[1], instruction, from: key)
      return
    }
    if path.condition == terms.false { return }
    settle(&path)
    if let address = terms.small(local) {
      if path.calls.last == address, instruction.form.family.flow == .return {
        path.calls.removeLast()
      }
      try enqueue(path, at: address, from: key)
    } else if instruction.form.family.flow == .return, let returnAddress {
      // Elsewhere may be in the code, where it goes on.
      add(
        .abi, terms.equal(target, returnAddress), on: path, at: instruction.address,
        "returns to somewhere else than its caller", isExact: false)
      leave(path)
    } else {
      try refuse(
        UnsupportedCode(
          address: instruction.address, bytes: stream.bytes(of: instruction),
          reason: "indirect control flow is not followed"), path)
    }
  }

  /// Decides the choices in what the last instruction wrote by the path's condition, so that one
  /// that both writes and branches (a repeated string instruction) does not pile them up.
  private func settle(_ path: inout Path) {
    let open = path.written.filter { terms.operation(path.state.cells[$0]) == .ifThenElse }
    path.written = []
    for cell in open {
      let parts = terms.children(path.state.cells[cell])
      guard let holds = terms.value(terms.decide(parts[0], given: path.condition)) else {
        continue
      }
      path.state.cells[cell] = holds.isZero ? parts[2] : parts[1]
    }
  }
}
