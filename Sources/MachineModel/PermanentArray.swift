/// Elements in memory that lives as long as the process, so that reading one counts no references.
///
/// For tables that are made once; positions are checked.
@usableFromInline
package struct PermanentArray<Element: Sendable>: @unchecked Sendable {
  @usableFromInline let start: UnsafePointer<Element>
  @usableFromInline package let count: Int

  package init(_ elements: [Element]) {
    let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(elements.count, 1))
    _ = memory.initialize(from: elements)
    count = elements.count
    guard let base = memory.baseAddress else { preconditionFailure("memory without an address") }
    start = UnsafePointer(base)
  }

  @inlinable package subscript(position: Int) -> Element {
    unsafeAddress { address(of: position) }
  }

  /// The address of an element, which is valid as long as the process runs.
  @inlinable package func address(of position: Int) -> UnsafePointer<Element> {
    precondition(position >= 0 && position < count, "element out of range")
    return start + position
  }
}
