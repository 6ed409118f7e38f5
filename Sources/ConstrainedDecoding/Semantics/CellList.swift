/// Up to eight cells in one word.
struct CellList: Hashable, Sendable {
  private var bits: UInt64 = 0
  private var number: UInt8 = 0

  static let capacity = 8

  init() {}

  init(_ cells: some Sequence<Int>) {
    for cell in cells { append(cell) }
  }

  /// The cells in ascending order.
  var sorted: CellList { CellList((0..<count).map { self[$0] }.sorted()) }

  /// What each cell is with others in their place, in ascending order.
  func renamed(_ cell: (Int) -> Int) -> CellList {
    isEmpty ? self : CellList((0..<count).map { cell(self[$0]) }).sorted
  }

  var count: Int { Int(number) }
  var isEmpty: Bool { number == 0 }

  subscript(index: Int) -> Int { Int(bits >> UInt64(8 * index) & 0xFF) }

  mutating func append(_ cell: Int) {
    precondition(count < CellList.capacity && cell < 256, "cell \(cell) after \(count) others")
    bits |= UInt64(cell) << UInt64(8 * count)
    number += 1
  }

  func firstIndex(of cell: Int) -> Int? { (0..<count).first { self[$0] == cell } }

  func contains(_ cell: Int) -> Bool { firstIndex(of: cell) != nil }

  /// All of it in one word, for quick hashes.
  var digest: UInt64 { bits ^ UInt64(count) << 56 }
}
