/// Lists of candidates in few bytes: there are two for every beginning of an instruction that was met.
struct CandidateLists {
  struct Element {
    /// The rest of the instruction, as in `Position.plan`.
    var bytes: UInt128 = 1
    /// What it does; where `numbers` is a list, what the instructions do that those differ from in a number only.
    let effect: Int32
    /// The list of those that differ in a number only, or `none`.
    var numbers = CandidateLists.none
    fileprivate var next = CandidateLists.none

    init(_ bytes: UInt128, effect: Int32) {
      self.bytes = bytes
      self.effect = effect
    }

    init(numbers: Int32, like effect: Int32) {
      self.effect = effect
      self.numbers = numbers
    }
  }

  private struct List {
    let node: Int32
    /// The list whose elements are tried before.
    let earlier: Int32
    var first = CandidateLists.none
    var last = CandidateLists.none
    /// The list of the other instructions, to be tried after these.
    var later = CandidateLists.none
    /// Where the elements come from that were not made yet.
    var source = CandidateLists.none
    /// Whether there are no more elements to be made.
    var isWhole = false
  }

  /// No list, no element.
  static let none: Int32 = -1

  private var lists: [List] = []
  private var elements: [Element] = []

  /// Adds an empty list.
  mutating func add(of node: Int32, after earlier: Int32) -> Int32 {
    lists.append(List(node: node, earlier: earlier))
    return Int32(lists.count - 1)
  }

  /// Adds an element at the end of a list.
  mutating func append(_ element: Element, to list: Int32) -> Int32 {
    let number = Int32(elements.count)
    elements.append(element)
    let last = lists[Int(list)].last
    if last == CandidateLists.none {
      lists[Int(list)].first = number
    } else {
      elements[Int(last)].next = number
    }
    lists[Int(list)].last = number
    return number
  }

  subscript(element: Int32) -> Element { elements[Int(element)] }

  func node(of list: Int32) -> Int32 { lists[Int(list)].node }
  func earlier(than list: Int32) -> Int32 { lists[Int(list)].earlier }
  func later(than list: Int32) -> Int32 { lists[Int(list)].later }
  func isWhole(_ list: Int32) -> Bool { lists[Int(list)].isWhole }

  func source(of list: Int32) -> Int32 { lists[Int(list)].source }

  mutating func setSource(_ source: Int32, of list: Int32) { lists[Int(list)].source = source }
  mutating func setLater(_ later: Int32, than list: Int32) { lists[Int(list)].later = later }
  mutating func close(_ list: Int32) { lists[Int(list)].isWhole = true }

  /// The element after one, the first after `none`; `none` where no other was made yet.
  func element(after element: Int32, of list: Int32) -> Int32 {
    element == CandidateLists.none ? lists[Int(list)].first : elements[Int(element)].next
  }

  /// The last element that was made; nil if there is none.
  func last(of list: Int32) -> Int32? {
    lists[Int(list)].last == CandidateLists.none ? nil : lists[Int(list)].last
  }

  mutating func removeAll() {
    lists.removeAll()
    elements.removeAll()
  }

  /// The bytes that they take.
  var memory: Int {
    lists.count * MemoryLayout<List>.stride + elements.count * MemoryLayout<Element>.stride
  }
}
