package import AblyTokens

/// Tells what this machine's user asks for from what a foreign page in their browser does.
///
/// A browser lets any page send requests to the machine it runs on. It tells where they come from, in `Origin` and
/// `Sec-Fetch-Site`. A page whose host name was made to lead to this machine (DNS rebinding) is of the service's
/// own origin, but that name stands in `Host`.
package enum OwnPage {
  /// Why a request is not answered: 40300, or `nil` where there is no reason. Who is no browser sends none of the
  /// three, or no more than `Host`.
  ///
  /// - Parameters:
  ///   - isSecure: whether the request came over TLS.
  ///   - host: the value of `Host`.
  ///   - origin: the value of `Origin`.
  ///   - fetchSite: the value of `Sec-Fetch-Site`.
  package static func refusal(
    isSecure: Bool, host: String?, origin: String?, fetchSite: String?
  ) -> ErrorInfo? {
    guard let host else { return origin == nil && fetchSite == nil ? nil : foreign }
    guard Loopback.contains(host: name(in: host)) else {
      return ErrorInfo(
        .forbidden, "the request names another host than this machine", statusCode: 403,
        remedy: "Ask by 127.0.0.1, [::1] or localhost.")
    }
    return foreignOrigin(isSecure: isSecure, host: host, origin: origin, fetchSite: fetchSite)
  }

  /// The same where the service may be reached by any name: 40300 for what a page of another origin asks for.
  package static func foreignOrigin(
    isSecure: Bool, host: String?, origin: String?, fetchSite: String?
  ) -> ErrorInfo? {
    if let fetchSite, fetchSite != "same-origin", fetchSite != "none" { return foreign }
    if let origin, origin != "\(isSecure ? "https" : "http")://\(host ?? "")" { return foreign }
    return nil
  }

  private static let foreign = ErrorInfo(
    .forbidden, "the request comes from a page of another origin", statusCode: 403)

  /// The host without its port and brackets.
  private static func name(in host: String) -> String {
    if host.hasPrefix("[") { return String(host.dropFirst().prefix { $0 != "]" }) }
    return String(host.prefix { $0 != ":" })
  }
}

extension ServiceRequest {
  /// Why the request is not one of this machine's user: 40300.
  var foreignness: ErrorInfo? {
    guard peer.isLoopback else {
      return ErrorInfo(
        .forbidden, "the service is administered from its own machine alone", statusCode: 403)
    }
    return localForeignness
  }

  /// Why the request is what a page makes a browser on this machine ask, or names another host: 40300.
  var localForeignness: ErrorInfo? {
    OwnPage.refusal(
      isSecure: peer.isSecure, host: headers["host"], origin: headers["origin"],
      fetchSite: headers["sec-fetch-site"])
  }

  /// Why the request is what a page of another origin makes a browser ask: 40300.
  var foreignOrigin: ErrorInfo? {
    OwnPage.foreignOrigin(
      isSecure: peer.isSecure, host: headers["host"], origin: headers["origin"],
      fetchSite: headers["sec-fetch-site"])
  }
}
