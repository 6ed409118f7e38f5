import BinVerify

var constraint = DecodingConstraint(isa: "x86-64")
constraint.allowedMnemonics = ["cmovs", "mov", "neg", "ret"]
constraint.maximumInstructions = 4
// A model's own vocabulary is TokenVocabulary(huggingFace:end:alphabet:width:).
let decoder = try CompiledDecoder(constraint: constraint, vocabulary: .rawBytes)
var matcher = decoder.matcher()
var row = [Int32](repeating: 0, count: decoder.vocabulary.maskWords)
for token in [0xF7, 0xD8, 0xC3] {
  // A model would choose among the tokens whose bits are one.
  matcher.fillNextTokenBitmask(into: &row)
  let isAllowed = row[token >> 5] >> Int32(token & 31) & 1 == 1
  print(isAllowed, matcher.accept(token: token), matcher.isCompleted)
}
print(matcher.explain(token: 0x06) != nil)  // why not
print(matcher.program.bytes, matcher.program.boundaries)
