internal import AblyTokens

/// A web address that the options hold, taken apart: the one that gives tokens, or says that there is a network.
struct AuthURL: Sendable, Hashable {
  let origin: Origin
  var target: RequestTarget

  /// - Throws: 40003 for text that is not a web address, and for one with user information, which some would
  ///   log and others ignore.
  init(_ text: String) throws(ErrorInfo) {
    guard let url = Self(parsing: text) else {
      throw ErrorInfo(
        .invalidParameterValue, "authURL is not a web address",
        remedy: "Give it whole, like https://example.com/auth; credentials belong in authHeaders.")
    }
    self = url
  }

  /// - Returns: `nil` for text that is not a web address, and for one with user information.
  init?(parsing text: String) {
    guard text.utf8.count <= 8192, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
    let rest = text[text.index(colon, offsetBy: 3)...].prefix { $0 != "#" }
    let authority = rest.prefix { !"/?".contains($0) }
    guard let origin = Origin(scheme: text[..<colon], authority: authority) else { return nil }
    let parts = rest[authority.endIndex...].split(
      separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts.first.map(String.init) ?? ""
    self.init(
      origin: origin,
      target: RequestTarget(
        path: path.isEmpty ? "/" : path, query: parts.count > 1 ? String(parts[1]) : nil))
  }

  private init(origin: Origin, target: RequestTarget) {
    self.origin = origin
    self.target = target
  }

  /// Where a redirect leads.
  ///
  /// - Throws: ``AuthAnswer/Unusable`` for no address, or one that would give up encryption.
  func redirected(to location: String?) throws(AuthAnswer.Unusable) -> AuthURL {
    guard let location, let url = resolving(location) else {
      throw AuthAnswer.Unusable("it is a redirect to no web address")
    }
    guard url.origin.isSecure || !origin.isSecure else {
      throw AuthAnswer.Unusable("it is a redirect from https to http")
    }
    return url
  }

  private func resolving(_ location: String) -> AuthURL? {
    if location.hasPrefix("//") { return Self(parsing: "\(origin.scheme):\(location)") }
    if let url = Self(parsing: location) { return url }
    do throws(ErrorInfo) {
      return AuthURL(origin: origin, target: try target.resolving(location, at: origin))
    } catch {
      return nil
    }
  }
}
