package import AblyTokens

/// Where requests go to (REC1, REC2, RSC25).
package struct Endpoint: Sendable, Hashable {
  /// Where a request is sent first.
  package let primary: Origin

  /// Where it may be sent instead, in no order (REC2).
  package let fallbacks: [Origin]

  /// - Throws: 40003 for an endpoint or a fallback host that is no host, and for a port that does not exist.
  package init(_ options: ClientOptions) throws(ErrorInfo) {
    let domains = try Domains(options.endpoint)
    let port = options.tls ? options.tlsPort : options.port
    guard (1...65535).contains(port) else {
      throw ErrorInfo(.invalidParameterValue, "there is no port \(port)")
    }
    var fallbacks = domains.fallbacks
    if let own = options.fallbackHosts {
      fallbacks = []
      for host in own { fallbacks.append(try Domains.host(host, of: "fallbackHosts")) }
    }
    primary = Origin(isSecure: options.tls, host: domains.primary, port: port)
    self.fallbacks = fallbacks.map { Origin(isSecure: options.tls, host: $0, port: port) }
  }
}

/// The hosts that an endpoint stands for.
private struct Domains {
  let primary: String
  let fallbacks: [String]

  init(_ endpoint: String?) throws(ErrorInfo) {
    let nonproduction = "nonprod:"
    switch endpoint {
    case nil:
      self.init(policy: "main", primary: "realtime.ably.net", fallback: "ably-realtime.com")
    case let name? where name.hasPrefix(nonproduction):
      self.init(
        policy: try Self.label(String(name.dropFirst(nonproduction.count)), of: "endpoint"),
        primary: "realtime.ably-nonprod.net", fallback: "ably-realtime-nonprod.com")
    case let name? where Self.isHost(name):
      self.init(primary: try Self.host(name, of: "endpoint"), fallbacks: [])
    case let name?:
      self.init(
        policy: try Self.label(name, of: "endpoint"), primary: "realtime.ably.net",
        fallback: "ably-realtime.com")
    }
  }

  private init(policy: String, primary: String, fallback: String) {
    self.init(
      primary: "\(policy).\(primary)",
      fallbacks: ["a", "b", "c", "d", "e"].map { "\(policy).\($0).fallback.\(fallback)" })
  }

  private init(primary: String, fallbacks: [String]) {
    self.primary = primary
    self.fallbacks = fallbacks
  }

  private static func isHost(_ name: String) -> Bool {
    name == "localhost" || name.contains("::") || name.utf8.contains(UInt8(ascii: "."))
  }

  static func host(_ name: String, of option: String) throws(ErrorInfo) -> String {
    name.contains("::") ? try address(name, of: option) : try label(name, of: option, isHost: true)
  }

  // Anything else could end the host early in a URL, and send credentials elsewhere.
  private static func label(
    _ text: String, of option: String, isHost: Bool = false
  ) throws(ErrorInfo) -> String {
    let isFit = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: isHost && byte == UInt8(ascii: ".")
      }
    }
    guard isFit, !text.isEmpty else { throw malformed(option) }
    return text.lowercased()
  }

  private static func address(_ text: String, of option: String) throws(ErrorInfo) -> String {
    var text = text[...]
    if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
    let isFit = text.allSatisfy { $0.isASCII && $0.isHexDigit || $0 == ":" || $0 == "." }
    guard isFit else { throw malformed(option) }
    return text.lowercased()
  }

  private static func malformed(_ option: String) -> ErrorInfo {
    ErrorInfo(
      .invalidParameterValue, "ClientOptions.\(option) is not a host or the name of a routing policy",
      remedy: "Give the host alone, without scheme, port or path: those are tls, port and tlsPort.")
  }
}
