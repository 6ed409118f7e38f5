/// All entries on vector and mask registers.
extension Tables {
  static var vectors: [Entry] { packedSums }
}
