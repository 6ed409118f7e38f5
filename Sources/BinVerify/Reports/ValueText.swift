import Contracts
import Terms
import Verification

/// Values in the words of a prototype: decimal, hexadecimal, arrays as lists.
package enum ValueText {
  /// The most elements of an array that are shown unless everything is.
  private static let elementLimit = 32

  /// `-1 (0xffffffff)`; one digit alone.
  package static func text(_ value: BitVector, _ type: ValueType?) -> String {
    if type?.kind == .vector { return "0x\(value.hexDigits)" }
    let number = decimal(value, type)
    return isOneDigit(number) ? number : "\(number) (0x\(value.hexDigits))"
  }

  /// What a register or flag holds: `0x1f`; one bit alone.
  package static func cell(_ value: BitVector) -> String {
    if value.width == 1 { return value.isZero ? "0" : "1" }
    return value.asUInt64.map(hexadecimal) ?? "0x" + value.hexDigits
  }

  private static func isOneDigit(_ text: String) -> Bool { text.count == 1 }

  /// `[1, -2]`, and in hexadecimal where that says more.
  package static func text(_ values: [BitVector], _ type: ValueType, all: Bool) -> String {
    if type.kind == .vector {
      let shown = all ? values : Array(values.prefix(elementLimit))
      let rest = shown.count < values.count ? ", … \(values.count) elements" : ""
      return "[\(shown.map { "0x" + $0.hexDigits }.joined(separator: ", "))\(rest)]"
    }
    let shown = all ? values : Array(values.prefix(elementLimit))
    let rest = shown.count < values.count ? ", … \(values.count) elements" : ""
    let decimals = shown.map { decimal($0, type) }
    let list = "[\(decimals.joined(separator: ", "))\(rest)]"
    if decimals.allSatisfy(isOneDigit) { return list }
    let hexadecimals = shown.map { "0x" + $0.hexDigits }
    return "\(list) ([\(hexadecimals.joined(separator: ", "))\(rest)])"
  }
}

/// An input and its outcomes, line by line.
package struct InputText {
  private let contract: Contract
  private let input: ConcreteInput
  private let isVerbose: Bool

  /// - Parameter isVerbose: whether arrays are shown in full and with their addresses.
  package init(contract: Contract, input: ConcreteInput, isVerbose: Bool) {
    self.contract = contract
    self.input = input
    self.isVerbose = isVerbose
  }

  /// The parameters in their order, then how buffers overlap, then what decides though nothing defines it;
  /// addresses too if `withAddresses`.
  package func lines(
    withAddresses: Bool, undefined: [ConcreteInput.Container] = []
  ) -> [String] {
    var lines: [String] = []
    for parameter in contract.parameters {
      if let type = parameter.value, let value = input.values[parameter.name] {
        lines.append(
          "\(parameter.name) = \(ValueText.text(value, type))" + container(of: parameter.name))
      } else if let buffer = input.buffers.first(where: { $0.name == parameter.name }) {
        let isShown = withAddresses || isVerbose || decides(addressOf: buffer)
        let place = isShown ? "  at \(hexadecimal(buffer.address))" : ""
        lines.append(
          "\(buffer.name) = "
            + ValueText.text(buffer.elements, buffer.type.element, all: isVerbose) + place)
      }
    }
    let note = "  at entry, where nothing defines it"
    return lines + overlaps
      + undefined.map { "\($0.name) = \(ValueText.cell($0.value))\(note)" }
  }

  /// Whether the specification speaks of a buffer's address, or it is none of those that buffers have if
  /// nothing else counts: at the start of a page, or beside another.
  private func decides(addressOf buffer: ConcreteInput.Buffer) -> Bool {
    contract.declares(buffer.name + ".addr")
      || buffer.address & 0xFFF != 0
        && !input.buffers.contains { $0.name != buffer.name && InputText.overlap($0, buffer) }
  }

  /// What comes after a narrow parameter above which something stands that is not zero.
  private func container(of name: String) -> String {
    input.containers[name].map {
      "  in \($0.name) = \(ValueText.cell($0.value)), whose upper bits may be anything"
    } ?? ""
  }

  /// `dst = src + 4` for each pair of buffers with bytes in common; distances in bytes.
  private var overlaps: [String] {
    input.buffers.indices.flatMap { high in
      input.buffers[..<high].compactMap { first in
        let second = input.buffers[high]
        guard InputText.overlap(first, second) else { return nil }
        let (low, top) = first.address <= second.address ? (first, second) : (second, first)
        let distance = top.address - low.address
        let bytes = distance == 1 ? "byte" : "bytes"
        return distance == 0
          ? "\(second.name) = \(first.name): the same address"
          : "\(top.name) = \(low.name) + \(distance) \(bytes): they overlap"
      }
    }
  }

  private static func overlap(_ first: ConcreteInput.Buffer, _ second: ConcreteInput.Buffer) -> Bool
  {
    let (low, top) = first.address <= second.address ? (first, second) : (second, first)
    return !top.bytes.isEmpty && top.address - low.address < UInt64(low.bytes.count)
  }

  /// The outputs and the writable buffers of an outcome.
  package func lines(_ outcome: Counterexample.Outcome) -> [String] {
    let outputs = contract.outputs.compactMap { output in
      outcome.outputs[output.name].map { "\(output.name) = \(ValueText.text($0, output.type))" }
    }
    let buffers = zip(input.buffers, outcome.buffers).filter { !$0.0.type.isConst }.map {
      "\($0.name).out = " + ValueText.text($1, $0.type.element, all: isVerbose)
    }
    return outputs + buffers
  }
}
