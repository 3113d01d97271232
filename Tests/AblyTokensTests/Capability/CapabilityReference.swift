/// The matching rules once more, written for a reader instead of for speed, to hold the real ones against.
enum CapabilityReference {
  static func resource(_ resource: String, matches name: String) -> Bool {
    guard let resource = split(resource), let name = split(name) else { return false }
    guard resource.word == ["*"] || resource.word == name.word else { return false }
    return pattern(resource.segments[...], matches: name.segments[...])
  }

  private typealias Scalars = [Unicode.Scalar]

  private static func pattern(_ pattern: ArraySlice<Scalars>, matches name: ArraySlice<Scalars>) -> Bool {
    guard let segment = pattern.first else { return name.isEmpty }
    guard let own = name.first else { return false }
    if segment == ["*"], pattern.count == 1 { return true }
    return (segment == ["*"] || segment == own)
      && self.pattern(pattern.dropFirst(), matches: name.dropFirst())
  }

  /// Only brackets that can be read.
  private static func split(_ text: String) -> (word: Scalars, segments: [Scalars])? {
    var rest = Array(text.unicodeScalars)
    var word: Scalars = []
    if rest.first == "[" {
      guard let close = rest.firstIndex(of: "]") else { return nil }
      word = Array(rest[1..<close].prefix { $0 != "?" && $0 != "=" })
      rest.removeSubrange(...close)
    }
    let segments = rest.split(separator: ":", omittingEmptySubsequences: false).map(Array.init)
    return rest.isEmpty ? nil : (word, segments)
  }
}
