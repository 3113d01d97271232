internal import AblyTokens

extension ClientOptions {
  /// Refuses what no client can work with.
  func check() throws(ErrorInfo) {
    try checkClientId()
    try auth.check()
    let scheme = try authScheme()
    let endpoint = try Endpoint(self)
    if scheme == .basic, !tls, !(allowsBasicAuthOnLoopback && endpoint.primary.isLoopback) {
      throw ErrorInfo(
        .basicAuthOverInsecureTransport, "an API key must not travel without TLS",
        remedy: allowsBasicAuthOnLoopback
          ? "allowsBasicAuthOnLoopback covers this machine only: set tls, or use a token."
          : """
          Set tls, or use a token. For a service on this machine set allowsBasicAuthOnLoopback and leave \
          the endpoint at localhost, 127.0.0.1 or ::1.
          """)
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
