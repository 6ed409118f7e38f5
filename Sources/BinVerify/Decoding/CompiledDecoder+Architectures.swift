import ConstrainedDecoding
import MachineModel

extension CompiledDecoder {
  /// A constraint for one of this library's instruction sets, compiled for a vocabulary.
  ///
  /// - Throws: `DecoderError` for an unknown instruction set, a constraint that is refused, or a
  ///   vocabulary or budgets with which no code can be completed.
  public convenience init(
    constraint: DecodingConstraint, vocabulary: TokenVocabulary
  ) throws(DecoderError) {
    let tables: any Architecture
    do {
      tables = try architecture(named: constraint.isa)
    } catch {
      throw DecoderError(error.description)
    }
    try self.init(constraint: constraint, vocabulary: vocabulary, architecture: tables)
  }
}
