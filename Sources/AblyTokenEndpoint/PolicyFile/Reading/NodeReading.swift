internal import AblyTokens
internal import Yams

extension Node {
  /// A text, number or truth value as it was written; `nil` for anything else.
  var written: String? { scalar?.string }

  /// Whether nothing stands here.
  var isEmptyValue: Bool {
    guard let scalar else { return false }
    return scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  /// What a claim is compared with.
  var claimValue: JSONValue? {
    guard let scalar, !isEmptyValue else { return nil }
    guard scalar.style == .plain else { return .string(scalar.string) }
    switch scalar.string {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default: break
    }
    // What looks like a number and is none in JSON, such as 007 or +49170, is an id.
    if let first = scalar.string.utf8.first, (0x30...0x39).contains(first) || first == 0x2D,
      case .number(let number)? = try? JSONValue(parsing: scalar.string)
    {
      return .number(number)
    }
    return .string(scalar.string)
  }
}

extension ProblemList {
  /// The members of a mapping by their names, where each is one of `known`.
  mutating func members(_ node: Node, of what: String, known: [String]) -> [(
    name: String, key: Node, value: Node
  )] {
    let members = members(node, of: what)
    for member in members where !known.contains(member.name) {
      add(
        member.key,
        "\(what) has no key \"\(member.name)\"\(Self.nearest(member.name, known)); known are \(known.joined(separator: ", "))"
      )
    }
    return members.filter { known.contains($0.name) }
  }

  /// The members of a mapping by their names.
  mutating func members(_ node: Node, of what: String) -> [(name: String, key: Node, value: Node)] {
    guard let mapping = node.mapping else {
      add(node, "\(what) is not a mapping")
      return []
    }
    guard mapping.count <= 1000 else {
      add(node, "\(what) has more than 1000 members")
      return []
    }
    return mapping.compactMap { key, value in
      guard let name = key.written else {
        add(key, "a key of \(what) is not a text")
        return nil
      }
      return (name, key, value)
    }
  }

  mutating func elements(_ node: Node, of what: String) -> [Node] {
    guard let sequence = node.sequence else {
      add(node, "\(what) is not a list")
      return []
    }
    guard sequence.count <= 1000 else {
      add(node, "\(what) has more than 1000 entries")
      return []
    }
    return Array(sequence)
  }

  /// A text that is not empty.
  mutating func text(_ node: Node, of what: String) -> String? {
    guard let text = node.written, !node.isEmptyValue, !text.isEmpty else {
      add(node, "\(what) is not a text, or empty")
      return nil
    }
    return text
  }

  /// A text that is not empty, or a list of them.
  mutating func texts(_ node: Node, of what: String) -> [String] {
    guard node.sequence != nil else { return [text(node, of: what)].compactMap(\.self) }
    let nodes = elements(node, of: what)
    if nodes.isEmpty { add(node, "\(what) lists nothing") }
    return nodes.compactMap { text($0, of: what) }
  }

  mutating func template(_ node: Node, of what: String) -> Template? {
    guard let text = text(node, of: what) else { return nil }
    do throws(Template.Malformed) { return try Template(text) } catch {
      add(node, "\(what) is not a template: \(error.message)")
      return nil
    }
  }

  mutating func duration(_ node: Node, of what: String) -> Duration? {
    guard let text = text(node, of: what) else { return nil }
    guard let duration = DurationText.parse(text) else {
      add(node, "\(what) is not a duration such as 30m, 1h, 90s or 500ms: \"\(text)\"")
      return nil
    }
    return duration
  }

  /// Guesses at a slip of the pen.
  private static func nearest(_ name: String, _ known: [String]) -> String {
    func plain(_ text: String) -> String { text.lowercased().filter { $0 != "-" && $0 != "_" } }
    let near = known.first {
      plain($0) == plain(name) || plain($0) + "s" == plain(name) || plain($0) == plain(name) + "s"
    }
    return near.map { " (did you mean \"\($0)\"?)" } ?? ""
  }
}
