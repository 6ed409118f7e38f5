import ArgumentParser
import BinVerify

/// What a counterexample can be written as.
enum EmissionKind: String, CaseIterable {
  case c, gdb, json
}

/// `--emit KIND FILE`, joined to `KIND:FILE` before it is parsed.
struct Emission: ExpressibleByArgument {
  let kind: EmissionKind
  let path: String

  init?(argument: String) {
    guard let colon = argument.firstIndex(of: ":"),
      let kind = EmissionKind(rawValue: String(argument[..<colon]))
    else { return nil }
    self.kind = kind
    path = String(argument[argument.index(after: colon)...])
    if path.isEmpty { return nil }
  }
}
