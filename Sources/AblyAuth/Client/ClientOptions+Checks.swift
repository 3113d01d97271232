internal import AblyTokens

extension ClientOptions {
  /// Refuses what no client can work with.
  func check() throws(ErrorInfo) {
    try checkClientId()
    try auth.check()
    let scheme = try authScheme()
    let endpoint = try Endpoint(self)
    if scheme == .basic, !tls, let remedy = insecurityRemedy(endpoint) {
      throw ErrorInfo(
        .basicAuthOverInsecureTransport, "an API key must not travel without TLS", remedy: remedy)
    }
    guard AuthURL(parsing: connectivityCheckURL) != nil else {
      throw ErrorInfo(
        .invalidParameterValue, "connectivityCheckURL is not a web address",
        remedy: "Give it whole, like https://example.com/is-the-internet-up.txt.")
    }
    let timeouts = [
      httpOpenTimeout, httpRequestTimeout, realtimeRequestTimeout, disconnectedRetryTimeout,
      suspendedRetryTimeout, channelRetryTimeout,
    ]
    guard timeouts.allSatisfy({ $0 > .zero }) else {
      throw ErrorInfo(.invalidParameterValue, "a timeout is not longer than nothing")
    }
  }

  /// Which scheme the credentials mean (RSA2, RSA4).
  ///
  /// - Throws: 40106 when they are not enough for any (RSC1b, RSA14).
  func authScheme() throws(ErrorInfo) -> AuthScheme {
    let hasToken = auth.givenToken != nil
    let meansTokens = hasToken || auth.authCallback != nil || auth.authURL != nil
    switch auth.useTokenAuth ?? meansTokens {
    case true where meansTokens || auth.key != nil: return .token
    case false where auth.key != nil: return .basic
    case true:
      throw ErrorInfo(
        .noAuthenticationMethod, "token authentication is asked for, without a token or a way to obtain one")
    case false:
      throw ErrorInfo(.noAuthenticationMethod, "the options hold no credentials to authenticate with")
    }
  }

  /// What to do so that no key travels to another machine without TLS, whichever host a request is sent to (RSC18,
  /// RSA1); `nil` when none does.
  private func insecurityRemedy(_ endpoint: Endpoint) -> String? {
    guard allowsBasicAuthOnLoopback else {
      return """
        Set tls, or use a token. For a service on this machine set allowsBasicAuthOnLoopback and leave \
        the endpoint at localhost, 127.0.0.1 or ::1.
        """
    }
    guard endpoint.primary.isLoopback else {
      return "allowsBasicAuthOnLoopback covers this machine only: set tls, or use a token."
    }
    guard endpoint.fallbacks.allSatisfy(\.isLoopback) else {
      return """
        allowsBasicAuthOnLoopback covers this machine only, in fallbackHosts too: set tls, use a token, or leave \
        other machines out of fallbackHosts.
        """
    }
    return nil
  }

  private func checkClientId() throws(ErrorInfo) {
    guard let clientId else { return }
    try ClientID.check(clientId)
    guard !clientId.isEmpty, clientId != ClientID.wildcard else {
      throw ErrorInfo(
        .invalidClientId,
        "ClientOptions.clientId is \(clientId.isEmpty ? "empty" : "'*', which is reserved")",
        remedy: """
          Leave clientId unset. For a token that may take any identity, set defaultTokenParams with the \
          client id '*'.
          """)
    }
  }
}
