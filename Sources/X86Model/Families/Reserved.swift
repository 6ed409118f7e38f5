/// All entries of the tables, and what the manual reserves.
extension Tables {
  static var entries: [Entry] {
    [
      arithmetic, logic, moves, shifts, multiplication, control, bitTests, doubleShifts,
      flagsAndLoops, bitManipulation, extensions, strings, systemFlags, machine, vectors,
      cryptography,
    ].flatMap(\.self)
  }

  /// Encodings that raise #UD in 64-bit mode by the manual (Intel SDM, volume 2, appendix A, and
  /// the instructions' own pages), in the notation of rows.
  static let reservedEncodings: [String] = [
    "06", "07", "0E", "16", "17", "1E", "1F", "27", "2F", "37", "3F", "60", "61", "82 /r", "9A",
    "CE", "D4", "D5", "D6", "EA", "8D /r 11:rrr:bbb",
    "FE /2", "FE /3", "FE /4", "FE /5", "FE /6", "FE /7", "FF /7",
    "0F 04", "0F 0A", "0F 0C", "0F 24", "0F 25", "0F 26", "0F 27", "0F 36",
    "0F 39", "0F 3B", "0F 3C", "0F 3D", "0F 3E", "0F 3F",
    "0F BA /0", "0F BA /1", "0F BA /2", "0F BA /3",
  ]
}
