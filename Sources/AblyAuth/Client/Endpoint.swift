internal import AblyTokens

/// The host that requests go to (REC1, RSC25).
struct Endpoint: Sendable, Hashable {
  /// `https`, or `http` when there is no TLS (RSC18).
  let scheme: String

  /// The host, and the port where it is not the scheme's own, as they stand in a URL.
  let authority: String

  /// Whether the host is this very machine, whatever the network says.
  let isLoopback: Bool

  /// - Throws: 40003 for an endpoint that is no host, and for a port that does not exist.
  init(_ options: ClientOptions) throws(ErrorInfo) {
    let host = try Self.primaryDomain(options.endpoint)
    let port = options.tls ? options.tlsPort : options.port
    guard (1...65535).contains(port) else {
      throw ErrorInfo(.invalidParameterValue, "there is no port \(port)")
    }
    scheme = options.tls ? "https" : "http"
    let isAddress = host.utf8.contains(UInt8(ascii: ":"))
    let name = isAddress ? "[\(host)]" : host
    authority = port == (options.tls ? 443 : 80) ? name : "\(name):\(port)"
    isLoopback = host == "localhost" || host == "::1" || Self.isLoopbackAddress(host)
  }

  private static func primaryDomain(_ endpoint: String?) throws(ErrorInfo) -> String {
    guard let endpoint else { return "main.realtime.ably.net" }
    if endpoint == "localhost" { return endpoint }
    if endpoint.contains("::") { return try address(endpoint) }
    if endpoint.utf8.contains(UInt8(ascii: ".")) { return try label(endpoint, isHost: true) }
    let nonproduction = "nonprod:"
    if endpoint.hasPrefix(nonproduction) {
      return "\(try label(String(endpoint.dropFirst(nonproduction.count)))).realtime.ably-nonprod.net"
    }
    return "\(try label(endpoint)).realtime.ably.net"
  }

  // Anything else could end the host early in a URL, and send credentials elsewhere.
  private static func label(_ text: String, isHost: Bool = false) throws(ErrorInfo) -> String {
    let isFit = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: isHost && byte == UInt8(ascii: ".")
      }
    }
    guard isFit, !text.isEmpty else { throw malformed }
    return text.lowercased()
  }

  private static func address(_ text: String) throws(ErrorInfo) -> String {
    var text = text[...]
    if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
    let isFit = text.allSatisfy { $0.isASCII && $0.isHexDigit || $0 == ":" || $0 == "." }
    guard isFit else { throw malformed }
    return text.lowercased()
  }

  private static let malformed = ErrorInfo(
    .invalidParameterValue, "ClientOptions.endpoint is not a host or the name of a routing policy",
    remedy: "Give the host alone, without scheme, port or path: those are tls, port and tlsPort.")

  private static func isLoopbackAddress(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { $0.utf8.count <= 3 && $0.allSatisfy(\.isASCII) && UInt8($0) != nil }
  }
}
