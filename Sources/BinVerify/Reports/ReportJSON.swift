import Contracts
import MachineModel
import Terms
import Verification

extension JSON {
  /// A value in decimal and hexadecimal, both as strings.
  package static func value(_ value: BitVector, _ type: ValueType?) -> [(String, JSON)] {
    [
      ("decimal", .string(decimal(value, type))),
      ("hex", .string("0x" + value.hexDigits)),
    ]
  }

  /// Milliseconds with three digits after the point.
  package static func milliseconds(_ seconds: Double) -> JSON {
    .number((seconds * 1_000_000).rounded() / 1000)
  }

  package static func obligations(_ reports: [ObligationReport]) -> JSON {
    .array(
      reports.map { report in
        .object(
          [
            ("name", .string(report.kind.rawValue)), ("meaning", .string(report.kind.meaning)),
            ("status", .string(report.status.rawValue)),
          ] + (report.stage.map { [("stage", .string($0.rawValue))] } ?? []) + [
            ("claims", .integer(report.claims)),
            ("milliseconds", .milliseconds(report.seconds)),
          ])
      })
  }

  package static func inconclusive(_ reason: Inconclusive) -> JSON {
    .object([
      ("obligation", .string(reason.obligation.rawValue)), ("reason", .string(reason.reason)),
    ])
  }

  package static func unsupported(_ error: UnsupportedCode) -> JSON {
    .object([
      ("address", .address(error.address)), ("bytes", .bytes(error.bytes)),
      ("reason", .string(error.reason)),
    ])
  }

  // MARK: Counterexamples

  /// - Parameter undefined: the registers and flags that decide though nothing defines them.
  package static func counterexample(
    _ found: Counterexample, _ contract: Contract, _ trace: TraceSource,
    undefined: [ConcreteInput.Container]
  ) -> JSON {
    var members: [(String, JSON)] = [
      ("obligation", .string(found.obligation.rawValue)), ("message", .string(found.message)),
    ]
    if let address = found.address { members += place(address, found.trace, trace) }
    members.append(("input", input(found.input, contract)))
    if !undefined.isEmpty { members.append(("undefined", .array(undefined.map(container)))) }
    if let allowed = found.allowed {
      members.append(("allowed", outcome(allowed, contract, found.input)))
    }
    if let done = found.outcome {
      members.append(("outcome", outcome(done, contract, found.input)))
    }
    if let other = found.alternative {
      members.append(("alternative", outcome(other, contract, found.input)))
    }
    members += [
      ("steps", .integer(found.steps)), ("trace", JSON.trace(found.trace, trace)),
    ]
    return .object(members)
  }

  package static func difference(
    _ found: Difference, _ contract: Contract, _ first: TraceSource, _ second: TraceSource
  ) -> JSON {
    var members: [(String, JSON)] = [
      ("obligation", .string(found.obligation.rawValue)), ("message", .string(found.message)),
    ]
    if let address = found.address { members += place(address, found.secondTrace, second) }
    members += [
      ("input", input(found.input, contract)),
      ("first", outcome(found.first, contract, found.input)),
    ]
    if let done = found.second {
      members.append(("second", outcome(done, contract, found.input)))
    }
    members += [
      ("firstTrace", trace(found.firstTrace, first)),
      ("secondTrace", trace(found.secondTrace, second)),
    ]
    return .object(members)
  }

  private static func place(
    _ address: UInt64, _ steps: [TraceStep], _ trace: TraceSource
  ) -> [(String, JSON)] {
    var members: [(String, JSON)] = [("address", .address(address))]
    if let step = steps.last(where: { $0.instruction.address == address }) {
      members.append(("instruction", .string(trace.architecture.text(of: step.instruction))))
    }
    if let line = trace.code.lines[address] { members.append(("source", source(line))) }
    return members
  }

  package static func source(_ line: SourceLine) -> JSON {
    .object([("file", .string(line.file)), ("line", .integer(line.line))])
  }

  /// The parameters in their order.
  package static func input(_ input: ConcreteInput, _ contract: Contract) -> JSON {
    .array(
      contract.parameters.compactMap { parameter in
        if let type = parameter.value, let bits = input.values[parameter.name] {
          return .object(
            [("name", .string(parameter.name))] + value(bits, type)
              + (input.containers[parameter.name].map { [("container", container($0))] } ?? []))
        }
        guard let buffer = input.buffers.first(where: { $0.name == parameter.name }) else {
          return nil
        }
        return .object([
          ("name", .string(buffer.name)), ("address", .address(buffer.address)),
          ("elements", elements(buffer.elements, buffer.type.element)),
        ])
      })
  }

  private static func container(_ found: ConcreteInput.Container) -> JSON {
    .object([("name", .string(found.name)), ("hex", .string("0x" + found.value.hexDigits))])
  }

  package static func elements(_ values: [BitVector], _ type: ValueType) -> JSON {
    .array(values.map { .object(value($0, type)) })
  }

  private static func outcome(
    _ outcome: Counterexample.Outcome, _ contract: Contract, _ input: ConcreteInput
  ) -> JSON {
    let outputs: [JSON] = contract.outputs.compactMap { output in
      outcome.outputs[output.name].map {
        .object([("name", .string(output.name))] + value($0, output.type))
      }
    }
    let buffers: [JSON] = zip(input.buffers, outcome.buffers).filter { !$0.0.type.isConst }.map {
      .object([
        ("name", .string($0.name + ".out")), ("elements", elements($1, $0.type.element)),
      ])
    }
    return .array(outputs + buffers)
  }

  private static func trace(_ steps: [TraceStep], _ trace: TraceSource) -> JSON {
    .array(
      steps.map { step in
        .object([
          ("address", .address(step.instruction.address)),
          ("bytes", .bytes(trace.bytes(of: step.instruction))),
          ("text", .string(trace.architecture.text(of: step.instruction))),
          (
            "changes",
            .array(
              step.changes.map {
                .object([
                  ("name", .string($0.name)), ("before", .string("0x" + $0.before.hexDigits)),
                  ("after", .string("0x" + $0.after.hexDigits)),
                ])
              })
          ),
          (
            "writes",
            .array(
              step.writes.map {
                .object([
                  ("address", .address($0.address)), ("value", .string("0x" + $0.value.hexDigits)),
                ])
              })
          ),
        ])
      })
  }
}
