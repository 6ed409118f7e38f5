/// A CPU as far as verification is concerned: the features whose instructions it has.
public struct CPUProfile: Sendable, Hashable {
  /// As the user named it: `x86-64-v3`, `armv8.2-a+sha3`; `any` for everything supported.
  public let name: String
  /// The features by the manual's names; nil for all.
  public let features: Set<String>?

  public init(_ name: String, features: Set<String>?) {
    self.name = name
    self.features = features
  }

  /// Every instruction that the tables have.
  public static let any = CPUProfile("any", features: nil)

  /// The features that `form` needs and this CPU does not have, in order of the form's.
  public func missing(for form: Form) -> [String] {
    guard let features else { return [] }
    return form.features.filter { !features.contains($0) }
  }

  /// Whether this CPU has the instructions of `form`.
  public func accepts(_ form: Form) -> Bool { missing(for: form).isEmpty }
}

extension Form {
  /// The features that the form needs, all of them: `AVX512BW AVX512VL` is two.
  public var features: [String] {
    feature.split { " ,+&".contains($0) }.map(String.init)
  }
}

/// The CPUs and features that an architecture has names for.
public struct CPUCatalogue: Sendable {
  /// The profiles with a name, the smallest first, `any` not included.
  public let profiles: [CPUProfile]
  /// What compilers call a feature or several: `lse`, `crypto`.
  public let names: [String: Set<String>]
  /// The features that a feature needs itself.
  public let implied: [String: Set<String>]

  public init(
    profiles: [CPUProfile], names: [String: Set<String>], implied: [String: Set<String>]
  ) {
    self.profiles = profiles
    self.names = names
    self.implied = implied
  }

  /// Every feature that a profile, a name or an implication mentions.
  public var features: Set<String> {
    var result = profiles.reduce(into: Set<String>()) { $0.formUnion($1.features ?? []) }
    for set in names.values { result.formUnion(set) }
    for (feature, needed) in implied { result.formUnion(needed.union([feature])) }
    return result
  }

  /// The features of `set` and all that they need.
  public func closure(of set: Set<String>) -> Set<String> {
    var result = set
    var rest = Array(set)
    while let next = rest.popLast() {
      for feature in implied[next] ?? [] where result.insert(feature).inserted {
        rest.append(feature)
      }
    }
    return result
  }
}

/// A CPU or a feature that no catalogue has.
public struct UnknownCPU: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was found and what is known.
  public let description: String

  public init(_ description: String) { self.description = description }
}

extension Architecture {
  /// The CPU that `text` names: a profile, and after each `+` a feature, in any case.
  public func profile(named text: String) throws(UnknownCPU) -> CPUProfile {
    let parts = text.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
    let base = parts[0].lowercased()
    let known = [CPUProfile.any] + catalogue.profiles
    guard let profile = known.first(where: { $0.name == base }) else {
      throw UnknownCPU(
        "'\(parts[0])' is no CPU of \(name); known are "
          + known.map(\.name).joined(separator: ", "))
    }
    guard var features = profile.features else {
      guard parts.count == 1 else { throw UnknownCPU("'any' has every feature already") }
      return profile
    }
    for part in parts.dropFirst() { features.formUnion(try self.features(named: part)) }
    return CPUProfile(text.lowercased(), features: catalogue.closure(of: features))
  }

  /// The features that a word after a `+` adds.
  private func features(named word: String) throws(UnknownCPU) -> Set<String> {
    let key = CPUCatalogue.key(word)
    if let set = catalogue.names.first(where: { CPUCatalogue.key($0.key) == key })?.value {
      return set
    }
    let all = featureNames
    if let name = all.first(where: { CPUCatalogue.key($0) == key }) { return [name] }
    let words = Set(catalogue.names.keys).union(all.map(CPUCatalogue.short))
    throw UnknownCPU(
      "'\(word)' is no feature of \(name); known are "
        + words.sorted().joined(separator: ", "))
  }

  /// Every feature that a row needs or the catalogue knows, sorted.
  public var featureNames: [String] {
    Set(forms.flatMap(\.features)).union(catalogue.features).sorted()
  }
}

extension CPUCatalogue {
  /// A name without what people write differently: `SSE4.1`, `sse4_1`, `FEAT_LSE`.
  fileprivate static func key(_ name: String) -> String {
    short(name).filter { $0.isLetter || $0.isNumber }
  }

  /// A feature's name as people type it: `lse` for `FEAT_LSE`.
  fileprivate static func short(_ name: String) -> String {
    let lower = name.lowercased()
    return lower.hasPrefix("feat_") ? String(lower.dropFirst(5)) : lower
  }
}
