import ARM64Model
import MachineModel
import X86Model

// Writes the instructions of some mnemonics as an automaton over bytes, for Benchmarks/decoding.py:
//
//   InstructionAutomaton ISA MNEMONIC...
//
// Each line is a place, a byte (hexadecimal) and where it leads: a place, `ret` at the end of a return,
// or `end` at that of another instruction. Place 0 is before the first byte. Branches are left out.

/// The automaton of a language, its places numbered as they are found.
func write<Language: InstructionLanguage>(_ language: Language) {
  var numbers = [language.start: 0]
  var places = [language.start]
  var next = 0
  while next < places.count {
    for byte in UInt8(0)...255 {
      let target: String
      switch language.step(places[next], byte) {
      case .dead: continue
      case .end(let label): target = label == 1 ? "ret" : "end"
      case .inside(let place):
        if numbers[place] == nil {
          numbers[place] = places.count
          places.append(place)
        }
        target = "\(numbers[place] ?? 0)"
      }
      print(next, String(byte, radix: 16), target)
    }
    next += 1
  }
}

func run(_ architecture: some Architecture, _ mnemonics: Set<String>) {
  let choice = InstructionChoice(
    accepts: { form, _ in
      let flow = form.family.flow
      return mnemonics.contains(form.mnemonic) && (flow == .sequential || flow == .return)
    },
    register: nil, label: { $0.family.flow == .return ? 1 : 0 })
  if let language = architecture.language(of: choice) { write(language) }
}

let arguments = CommandLine.arguments.dropFirst()
let mnemonics = Set(arguments.dropFirst())
if arguments.first == "arm64" {
  run(ARM64(), mnemonics)
} else {
  run(X86(), mnemonics)
}
