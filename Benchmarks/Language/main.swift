import ARM64Model
import MachineModel
import X86Model

// Writes the instructions of some mnemonics, or of all, as an automaton over half bytes, for
// Benchmarks/decoding.py:
//
//   InstructionAutomaton ISA [MNEMONIC...]
//
// The first line is the start. Each other line is a node, half a byte (hexadecimal) and where it leads: a
// node, `ret` at the end of a return, or `end` at that of another instruction. Branches are left out.

func write(_ automaton: InstructionAutomaton) {
  print(automaton.start)
  for node in 0..<Int32(automaton.nodeCount) {
    for half in UInt8(0)..<16 {
      let target = automaton.step(node, half: half)
      if target == InstructionAutomaton.Step.dead { continue }
      let name = ["end", "ret"][Swift.max(0, Swift.min(1, -2 - Int(target)))]
      print(node, String(half, radix: 16), target >= 0 ? "\(target)" : name)
    }
  }
}

func run(_ architecture: some Architecture, _ mnemonics: Set<String>) {
  let choice = InstructionChoice(
    accepts: { form, _ in
      let flow = form.family.flow
      return (mnemonics.isEmpty || mnemonics.contains(form.mnemonic))
        && (flow == .sequential || flow == .return)
    },
    register: nil, label: { $0.family.flow == .return ? 1 : 0 })
  let clock = ContinuousClock()
  let begun = clock.now
  let found = architecture.automaton(of: choice)
  if CommandLine.arguments.contains("--time") { print(clock.now - begun, found?.nodeCount ?? 0) }
  if let automaton = found { write(automaton) }
}

let arguments = CommandLine.arguments.dropFirst().filter { $0 != "--time" }
let mnemonics = Set(arguments.dropFirst())
if arguments.first == "arm64" {
  run(ARM64(), mnemonics)
} else {
  run(X86(), mnemonics)
}
