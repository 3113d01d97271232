internal import AblyAuth
internal import AblyTokenEndpoint
internal import AblyTokens
internal import ArgumentParser

/// Where Ably is, for a policy that says `token: details`.
struct ServeUpstreamOptions: ParsableArguments {
  @Option(
    help:
      "Where Ably is, for `token: details`: a host name, an address, or the name of a routing policy. [ABLY_ENDPOINT]"
  )
  var endpoint: String?

  @Option(help: ArgumentHelp("Ably's port there, with or without TLS.", valueName: "port"))
  var ablyPort: Int?

  @Flag(help: "Do not use TLS towards Ably.")
  var noTls = false

  /// A client must hold something to authenticate with; what it exchanges is signed already.
  ///
  /// - Parameter port: Ably's port, where it was given otherwise.
  func obtaining(_ port: Int?) throws(WrongUsage) -> any TokenObtaining {
    var options = ClientOptions()
    options.token = "none"
    options.useTokenAuth = true
    options.endpoint = endpoint ?? Environment["ABLY_ENDPOINT"]
    options.tls = !noTls
    if let port = ablyPort ?? port {
      options.port = port
      options.tlsPort = port
    }
    return RESTTokenObtaining(
      client: try WrongUsage.unless { [options] () throws(ErrorInfo) in try RESTClient(options: options) })
  }
}

/// Exchanges token requests at Ably.
struct RESTTokenObtaining: TokenObtaining {
  let client: RESTClient

  func obtain(_ request: TokenRequest) async throws(ErrorInfo) -> TokenDetails {
    do throws(ErrorInfo) {
      return try await client.auth.requestToken(
        TokenParams(), options: AuthOptions(authCallback: { _ in .tokenRequest(request) }))
    } catch {
      // The callback cannot fail: what did is Ably, or the way to it.
      throw error.code == .tokenRequestCallbackFailed ? error.cause ?? error : error
    }
  }
}
