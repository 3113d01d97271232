/// The links of an answer (RFC 8288).
///
/// Links that are malformed are passed over. It reads at most 16 KiB.
struct LinkHeader: Sendable {
  private static let maximumCount = 16_384

  private var targets: [String: String] = [:]

  /// - Parameter values: the values of all `Link` fields of the answer.
  init(_ values: [String]) {
    guard values.reduce(0, { $0 + $1.utf8.count }) <= Self.maximumCount else { return }
    for value in values {
      var scanner = LinkScanner(value)
      while let link = scanner.next() {
        for relation in link.relations where targets[relation] == nil { targets[relation] = link.target }
      }
    }
  }

  /// The target of the first link with this relation.
  subscript(relation: String) -> String? { targets[relation] }
}

/// Takes the links out of one field, one by one.
private struct LinkScanner {
  private var rest: Substring

  init(_ value: String) { rest = value[...] }

  mutating func next() -> (target: String, relations: [String])? {
    while let start = rest.firstIndex(of: "<") {
      rest = rest[rest.index(after: start)...]
      guard let end = rest.firstIndex(of: ">") else { return nil }
      let target = String(rest[..<end])
      rest = rest[rest.index(after: end)...]
      let relations = parameters()
      if !relations.isEmpty { return (target, relations) }
    }
    return nil
  }

  /// Reads to the end of the link. Gives the values of its first `rel`.
  private mutating func parameters() -> [String] {
    var relations: [String] = []
    while skipSpace(), take(";") {
      _ = skipSpace()
      let name = takeToken().lowercased()
      var value = ""
      if skipSpace(), take("=") { value = takeValue() }
      if name == "rel", relations.isEmpty {
        relations = value.split(separator: " ").map { $0.lowercased() }
      }
    }
    return relations
  }

  private mutating func takeValue() -> String {
    _ = skipSpace()
    guard take("\"") else { return takeToken() }
    var value = ""
    while let character = rest.popFirst(), character != "\"" {
      value.append(character == "\\" ? rest.popFirst() ?? character : character)
    }
    return value
  }

  private mutating func takeToken() -> String {
    let token = rest.prefix { !" \t;,=\"<>".contains($0) }
    rest = rest[token.endIndex...]
    return String(token)
  }

  private mutating func take(_ character: Character) -> Bool {
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func skipSpace() -> Bool {
    while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
    return !rest.isEmpty
  }
}
