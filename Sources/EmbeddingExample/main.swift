import BinVerify

// A worker of this program is this program, so this comes first.
WorkerProgram.serveIfAsked()

let specification = """
  (set-logic QF_BV)
  (set-info :kernel "int32_t abs32(int32_t x)")
  (declare-const x (_ BitVec 32))
  (declare-const result (_ BitVec 32))
  (define-fun requires () Bool true)
  (define-fun ensures () Bool
    (= result (ite (bvslt x #x00000000) (bvneg x) x)))
  """
let candidates: [[UInt8]] = [
  [0x89, 0xf8, 0xf7, 0xd8, 0x0f, 0x48, 0xc7, 0xc3],  // mov eax, edi; neg eax; cmovs eax, edi; ret
  [0x89, 0xf8, 0xf7, 0xd8, 0xc3],  // mov eax, edi; neg eax; ret
  [0x0f, 0xff],  // not an instruction
]
let verifier = try CandidateVerifier(
  specification: specification, isa: "x86-64", program: .thisProgram)
for result in try verifier.verify(many: candidates) {
  print(result.verdict, result.reward, result.reason)
}
