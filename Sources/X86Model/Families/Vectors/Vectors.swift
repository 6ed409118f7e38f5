/// All entries on vector and mask registers.
extension Tables {
  static var vectors: [Entry] {
    let lanewise = [packedSums, packedProducts, packedComparisons, packedHorizontal, packedShifts]
    let structural = [vectorLogic, vectorShuffles, vectorBlends, vectorMoves, scalarMoves]
    let others = [
      vectorElements, packedExtensions, vectorPermutes, maskedMoves, gathers, stringCompares,
    ]
    return (lanewise + structural + others + [maskRegisters, wideVectors]).flatMap(\.self)
  }
}
