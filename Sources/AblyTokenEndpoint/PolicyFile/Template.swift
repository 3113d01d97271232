internal import AblyTokens

/// A text with claims in it, such as `chat:{org}:*`.
struct Template: Sendable, Hashable {
  enum Part: Sendable, Hashable {
    case text(String)
    case claim(String)
  }

  let parts: [Part]

  /// Says what is wrong with a text.
  struct Malformed: Error { let message: String }

  init(_ text: String) throws(Malformed) {
    var parts: [Part] = []
    var rest = text[...]
    while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      guard rest[brace] == "{" else { throw Malformed(message: "a } without a { before it") }
      if brace > rest.startIndex { parts.append(.text(String(rest[..<brace]))) }
      rest = rest[rest.index(after: brace)...]
      guard let end = rest.firstIndex(where: { $0 == "{" || $0 == "}" }), rest[end] == "}" else {
        throw Malformed(message: "a { without its }")
      }
      let name = String(rest[..<end])
      guard !name.isEmpty, name.first != " ", name.last != " " else {
        throw Malformed(message: "{\(name)} names no claim")
      }
      parts.append(.claim(name))
      rest = rest[rest.index(after: end)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    self.parts = parts
  }

  /// The text, if there is no claim in it.
  var constant: String? {
    switch parts.count {
    case 0: ""
    case 1: if case .text(let text) = parts[0] { text } else { nil }
    default: nil
    }
  }

  var claimNames: [String] {
    parts.compactMap { if case .claim(let name) = $0 { name } else { nil } }
  }

  /// The text as it was written.
  var source: String {
    parts.map {
      switch $0 {
      case .text(let text): text
      case .claim(let name): "{\(name)}"
      }
    }.joined()
  }

  /// The text with each claim's value in its place.
  ///
  /// - Throws: 40300 for a value that is missing or would change what the text means.
  func render(_ claims: [String: JSONValue]) throws(ErrorInfo) -> String {
    if let constant { return constant }
    var text = ""
    for part in parts {
      switch part {
      case .text(let constant): text += constant
      case .claim(let name): text += try ClaimText.of(name, in: claims)
      }
    }
    return text
  }
}

/// The value of a claim as a piece of text that means nothing but itself.
enum ClaimText {
  /// - Throws: 40300 with status 403 for a claim that is missing, neither text nor number, empty, or holds `:`,
  ///   `*`, `[`, `]`, `,` or a control character.
  static func of(_ name: String, in claims: [String: JSONValue]) throws(ErrorInfo) -> String {
    guard let claim = claims[name], claim != .null else { throw refused(name, "missing") }
    guard let text = plain(claim) else { throw refused(name, "neither a text nor a number") }
    if text.isEmpty { throw refused(name, "empty") }
    guard !text.unicodeScalars.contains(where: changesMeaning) else {
      throw refused(name, "not usable here: it holds : * [ ] , or a control character")
    }
    return text
  }

  /// A text as it is, a whole number in its shortest form, another number as it was written.
  static func plain(_ claim: JSONValue) -> String? {
    switch claim {
    case .string(let text): text
    case .number(let number): number.int64.map { String($0) } ?? number.literal
    default: nil
    }
  }

  private static func changesMeaning(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case ":", "*", "[", "]", ",": return true
    case "a"..."z", "A"..."Z", "0"..."9": return false
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }

  private static func refused(_ name: String, _ why: String) -> ErrorInfo {
    ErrorInfo(
      .forbidden, "the caller's claim \(PeerText.line(name, maximumCount: 120)) is \(why)", statusCode: 403)
  }
}
