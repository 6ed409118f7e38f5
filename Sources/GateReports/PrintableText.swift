extension String {
  /// The text with U+FFFD for what XML cannot hold and for what changes the direction of writing or
  /// cannot be seen, so that a name looks like what it is.
  package var printable: String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0a: result.append(scalar)
      case 0..<0x20, 0x7f..<0xa0, 0xfffe, 0xffff, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f,
        0xfeff:
        result.append("\u{fffd}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// The same with U+FFFD for line ends and tabs too, so that what somebody else chose to call a thing
  /// never begins a line of its own.
  package var printableLine: String {
    var result = String.UnicodeScalarView()
    for scalar in printable.unicodeScalars {
      result.append(scalar.value < 0x20 ? "\u{fffd}" : scalar)
    }
    return String(result)
  }
}
