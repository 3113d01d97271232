/// What the parser of arguments complains about, without what may be a secret.
///
/// It quotes arguments, and any of them may be one: a key without its `--key`, a header without its colon. What can be
/// none is left, so that a slip can be seen.
struct Complaint {
  let arguments: [String]

  /// Options whose values are no secrets, and flags, after which no value stands.
  private static let harmless: Set<String> = [
    "--allow-public-plain-text", "--allow-reauth-margin", "--admin", "--dev", "--help",
    "--insecure-basic-on-loopback",
    "--json", "--no-auto-connect", "--no-tls", "--query-time", "--rest", "--revocable", "--use-token-auth",
    "--verbose",
    "--ably-port", "--auth-method", "--capability", "--channel", "--client-id", "--data-dir", "--endpoint",
    "--fallback-host", "--first-request-timeout", "--host", "--idle-timeout", "--issued-before",
    "--max-body-bytes",
    "--max-channels", "--max-connections", "--max-connections-per-address", "--max-depth",
    "--max-frame-bytes",
    "--max-header-bytes", "--max-reauthentications", "--path", "--port", "--protocol", "--publish-rate",
    "--request-timeout", "--response-timeout", "--silence-timeout", "--timestamp", "--tls-cert", "--tls-port",
    "--ttl", "--version", "--write-timeout",
    "--http-request-timeout", "--realtime-request-timeout", "--disconnected-retry-timeout",
    "--suspended-retry-timeout",
  ]

  /// What helps where an option seems to have no value, because that begins as an option does.
  func advice(on text: String) -> String? {
    guard let range = text.firstRange(of: "Missing value for '") else { return nil }
    let option = String(text[range.upperBound...].prefix { $0 != " " && $0 != "'" })
    guard let index = arguments.firstIndex(of: option), index + 1 < arguments.count,
      arguments[index + 1].hasPrefix("-")
    else { return nil }
    return "remedy: Join a value that begins with '-' to its option by '=': \(option)=-…"
  }

  func withoutSecrets(_ text: String) -> String {
    var text = text
    for (index, argument) in arguments.enumerated() {
      let before = index > 0 ? arguments[index - 1] : ""
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if argument.hasPrefix("-") {
        guard parts.count == 2, !Self.isHarmless(String(parts[1]), after: String(parts[0])) else { continue }
        text = text.replacing("'\(argument)'", with: "'\(parts[0])=…'").replacing(
          "'\(parts[1])'", with: "'…'")
      } else if !Self.isHarmless(argument, after: before) {
        text = text.replacing("'\(argument)'", with: "'…'")
      }
    }
    return text
  }

  private static func isHarmless(_ value: String, after option: String) -> Bool {
    guard !looksSecret(value) else { return false }
    return !option.hasPrefix("-") || harmless.contains(option)
  }

  // Keys hold a colon, tokens a dot; secrets alone are long.
  private static func looksSecret(_ value: String) -> Bool {
    value.contains(":") || value.utf8.count > 24 || (value.contains(".") && value.utf8.count > 12)
  }
}
