import BinVerify

/// What a counterexample does on this machine's CPU.
struct NativeAnswer {
  let lines = ["running on the CPU is not connected yet"]
  let json = JSON.object([])

  init(replaying found: Counterexample, _ answer: ProofAnswer) {}
}
