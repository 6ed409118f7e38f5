import MachineModel
import Synchronization

/// The rows, each compiled when first needed: a command looks at few of them.
final class LazyRows: @unchecked Sendable {
  private let forms: [Form]
  private let layouts: LazyLayouts
  private let programs: UnsafeMutablePointer<Atomic<UInt>>

  init(_ forms: [Form]) {
    self.forms = forms
    layouts = LazyLayouts(forms.map { Row($0.syntax, $0.encoding) })
    programs = LazyLayouts.empty(forms.count)
  }

  /// The row of a form.
  func layout(_ index: Int) -> Layout { layouts[index] }

  /// The same row as decoding reads it. Two threads may make it at once; one of the two is kept.
  @inline(__always)
  func program(_ index: Int) -> UnsafePointer<RowProgram> {
    if let known = UnsafePointer<RowProgram>(
      bitPattern: programs[index].load(ordering: .acquiring))
    {
      return known
    }
    return newProgram(index)
  }

  @inline(never)
  private func newProgram(_ index: Int) -> UnsafePointer<RowProgram> {
    let new = UnsafeMutablePointer<RowProgram>.allocate(capacity: 1)
    new.initialize(to: RowProgram(forms[index], layout(index)))
    programs[index].store(UInt(bitPattern: new), ordering: .releasing)
    return UnsafePointer(new)
  }
}

/// Syntaxes and diagrams, each read when first needed.
final class LazyLayouts: @unchecked Sendable {
  private let rows: [Row]
  private let layouts: UnsafeMutablePointer<Atomic<UInt>>

  init(_ rows: [Row]) {
    self.rows = rows
    layouts = LazyLayouts.empty(rows.count)
  }

  fileprivate static func empty(_ count: Int) -> UnsafeMutablePointer<Atomic<UInt>> {
    let result = UnsafeMutablePointer<Atomic<UInt>>.allocate(capacity: count)
    for index in 0..<count { (result + index).initialize(to: Atomic(0)) }
    return result
  }

  /// The layout of the row at this position. Two threads may make it at once; one of the two is kept.
  subscript(index: Int) -> Layout {
    if let known = UnsafeRawPointer(bitPattern: layouts[index].load(ordering: .acquiring)) {
      return Unmanaged<Layout>.fromOpaque(known).takeUnretainedValue()
    }
    let new = Unmanaged.passRetained(
      Layout(syntax: rows[index].syntax, encoding: rows[index].encoding))
    let (isStored, old) = layouts[index].compareExchange(
      expected: 0, desired: UInt(bitPattern: new.toOpaque()), ordering: .acquiringAndReleasing)
    guard !isStored, let known = UnsafeRawPointer(bitPattern: old) else {
      return new.takeUnretainedValue()
    }
    new.release()
    return Unmanaged<Layout>.fromOpaque(known).takeUnretainedValue()
  }
}
