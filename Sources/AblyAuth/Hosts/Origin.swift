/// What a request is sent to: a scheme, a host and a port.
package struct Origin: Sendable, Hashable {
  /// `https` or `http`.
  let scheme: String

  /// The host, and the port where it is not the scheme's own, as they stand in a URL. In lower case.
  package let authority: String

  /// - Parameters:
  ///   - host: a name or an address in lower case, an IPv6 address without its brackets.
  ///   - port: 1 to 65535.
  package init(isSecure: Bool, host: String, port: Int) {
    scheme = isSecure ? "https" : "http"
    let name = Self.name(of: host)
    authority = port == Self.usualPort(isSecure: isSecure) ? name : "\(name):\(port)"
  }

  /// How a host stands in a URL.
  private static func name(of host: String) -> String {
    host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
  }

  /// The port that stands in no URL.
  private static func usualPort(isSecure: Bool) -> Int { isSecure ? 443 : 80 }

  /// What stands in front of the path of a URL: `https://host`.
  ///
  /// - Returns: `nil` for another scheme, and for an authority that is empty, holds user information, or
  ///   holds what no authority does.
  init?(scheme: some StringProtocol, authority: some StringProtocol) {
    let scheme = scheme.lowercased()
    guard scheme == "https" || scheme == "http" else { return nil }
    let isFit = authority.utf8.allSatisfy { byte in
      (0x21...0x7E).contains(byte) && !#"/?#@\"<>^`{|}"#.utf8.contains(byte)
    }
    let defaultPort = ":\(Self.usualPort(isSecure: scheme == "https"))"
    var name = authority.lowercased()
    if name.hasSuffix(defaultPort) { name.removeLast(defaultPort.count) }
    guard isFit, !name.isEmpty, !name.hasPrefix(":") else { return nil }
    self.scheme = scheme
    self.authority = name
  }

  /// Whether what travels there is encrypted.
  package var isSecure: Bool { scheme == "https" }

  /// The host alone, an IPv6 address without its brackets, and the port.
  package var hostAndPort: (host: String, port: Int) {
    let usual = Self.usualPort(isSecure: isSecure)
    if authority.hasPrefix("["), let end = authority.lastIndex(of: "]") {
      let rest = authority[authority.index(after: end)...]
      return (
        String(authority[authority.index(after: authority.startIndex)..<end]), Int(rest.dropFirst()) ?? usual
      )
    }
    let parts = authority.split(separator: ":", maxSplits: 1)
    return (String(parts.first ?? ""), parts.count > 1 ? Int(parts[1]) ?? usual : usual)
  }

  /// The host and the port, also where that is the scheme's own.
  var hostWithPort: String {
    let (host, port) = hostAndPort
    return "\(Self.name(of: host)):\(port)"
  }

  /// Whether it is this very machine, whatever the network says.
  package var isLoopback: Bool {
    if authority.hasPrefix("[::1]") { return true }
    let host = authority.prefix { $0 != ":" }
    return host == "localhost" || Self.isLoopbackAddress(host)
  }

  private static func isLoopbackAddress(_ host: Substring) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { $0.utf8.count <= 3 && $0.allSatisfy(\.isASCII) && UInt8($0) != nil }
  }
}
