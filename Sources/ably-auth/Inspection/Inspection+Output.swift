internal import AblyTokens

extension Inspection {
  /// The report for a machine.
  var json: JSONValue {
    var members: [String: JSONValue] = ["kind": .string(kind)]
    for fact in facts { members[fact.name] = fact.value }
    members["embedded"] = embedded.first?.json
    if let verdict {
      members["verifies"] = .bool(verdict.verifies)
      members["verdict"] = .string(verdict.sentence)
      members["mistakes"] = .array(verdict.mistakes.map(JSONValue.string))
      members["signedText"] = verdict.signedText.map(JSONValue.string)
      members["expectedText"] = verdict.expectedText.map(JSONValue.string)
    }
    return .object(members)
  }

  /// The report for a person.
  var text: String {
    let width =
      (facts.map(\.label.count) + [verdict == nil ? 0 : "verdict".count]).max(by: <).map { $0 + 2 } ?? 0
    var lines = [kind]
    for fact in facts {
      let label = fact.label.padding(to: width)
      let value = fact.value == .null ? "-" : Self.visible(fact.value.string ?? fact.value.text)
      lines.append("  \(label)\(value)" + (fact.remark.map { "  (\($0))" } ?? ""))
    }
    for inner in embedded {
      lines.append("  carries")
      lines += inner.text.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
    }
    guard let verdict else {
      return (lines + [note.map { "  not verified: \($0)" }].compactMap(\.self)).joined(separator: "\n")
    }
    lines.append("  \("verdict".padding(to: width))\(verdict.verifies ? "OK" : "NO"): \(verdict.sentence)")
    return (lines + signedTexts(verdict)).joined(separator: "\n")
  }

  /// Both texts side by side, line feeds and all: the first difference is marked.
  private func signedTexts(_ verdict: Verdict) -> [String] {
    guard let expected = verdict.expectedText else {
      guard let signed = verdict.signedText else { return [] }
      return ["", "  the text that was signed:", "    \(Self.visible(signed))"]
    }
    guard let signed = verdict.signedText, signed != expected else {
      return [
        "",
        verdict.verifies || verdict.signedText == expected
          ? "  the text that was signed:" : "  the text that should have been signed:",
      ]
        + Self.numbered(expected)
    }
    return ["", "  the text that was signed:"] + Self.numbered(signed)
      + ["", "  the text that should have been signed:"] + Self.numbered(expected)
  }

  private static func numbered(_ text: String) -> [String] {
    let names = ["keyName", "ttl", "capability", "clientId", "timestamp", "nonce"]
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().compactMap { index, line in
      let isLast = index == lines.count - 1
      guard !isLast || !line.isEmpty else { return nil }
      let name = (index < names.count ? names[index] : "?").padding(to: 12)
      return "    \(name)\(visible(String(line)))\(isLast ? "" : "\\n")"
    }
  }

  /// Control characters made visible, so that pasted text cannot drive a terminal.
  static func visible(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      let isControl =
        scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      result += isControl ? scalar.escaped(asASCII: true) : String(scalar)
    }
  }
}

extension String {
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
