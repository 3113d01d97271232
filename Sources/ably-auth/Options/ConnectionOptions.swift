internal import AblyAuth
internal import AblyTokens
internal import ArgumentParser
internal import Foundation

/// Where Ably is and how to authenticate: shared by the commands that talk to it.
struct ConnectionOptions: ParsableArguments {
  @OptionGroup var keyOption: KeyOption

  @Option(help: "A token instead of a key. [ABLY_TOKEN]")
  var token: String?

  @Option(help: ArgumentHelp("A web address that gives tokens.", valueName: "url"))
  var authUrl: String?

  @Option(help: ArgumentHelp("How the address is asked, GET (the default) or POST.", valueName: "method"))
  var authMethod = AuthMethodArgument.get

  @Option(help: ArgumentHelp("A header field for the address; may be repeated.", valueName: "name: value"))
  var authHeader: [HeaderArgument] = []

  @Option(help: ArgumentHelp("A parameter for the address; may be repeated.", valueName: "name=value"))
  var authParam: [ParameterArgument] = []

  @Flag(help: "Use token authentication although there is a key.")
  var useTokenAuth = false

  @Flag(help: "Ask the service for its time before signing, for a clock that may be wrong.")
  var queryTime = false

  @Option(help: ArgumentHelp("What to ask for in a token where no parameter is given.", valueName: "json"))
  var defaultTokenParams: String?

  @Option(help: "A host name, an address, or the name of a routing policy. [ABLY_ENDPOINT]")
  var endpoint: String?

  @Option(help: ArgumentHelp("A host to try where the endpoint fails; may be repeated.", valueName: "host"))
  var fallbackHost: [String] = []

  @Option(help: ArgumentHelp("How values travel, msgpack (the default) or json.", valueName: "format"))
  var `protocol` = WireProtocol.msgpack

  @Option(help: "The port without TLS (80).")
  var port: Int?

  @Option(help: "The port with TLS (443).")
  var tlsPort: Int?

  @Flag(help: "Do not use TLS.")
  var noTls = false

  @Option(help: ArgumentHelp("How long a request may take, in milliseconds (10000).", valueName: "ms"))
  var httpRequestTimeout: Int64?

  @Option(
    help: ArgumentHelp(
      "How long an auth server or, on a connection, the service may take to answer, in milliseconds (10000).",
      valueName: "ms"))
  var realtimeRequestTimeout: Int64?

  @Option(
    help: ArgumentHelp(
      "How long after a lost connection the next attempt begins, in milliseconds (15000).", valueName: "ms"))
  var disconnectedRetryTimeout: Int64?

  @Option(
    help: ArgumentHelp(
      "How long a suspended connection waits for its next attempt, in milliseconds (30000).", valueName: "ms")
  )
  var suspendedRetryTimeout: Int64?

  @Flag(help: "Allow the key to travel without TLS to this very machine.")
  var insecureBasicOnLoopback = false

  /// A client of these options.
  func client(clientId: String? = nil) throws(WrongUsage) -> RESTClient {
    try Self.client(of: clientOptions(clientId: clientId))
  }

  /// A client for calls that carry no credentials: the key signs here, and never travels.
  func clientWithoutBasicAuth() throws(WrongUsage) -> RESTClient {
    var options = try clientOptions()
    options.useTokenAuth = true
    // A client must hold something to authenticate with; these calls do not use it.
    if options.key == nil, options.token == nil, options.authURL == nil { options.token = "none" }
    return try Self.client(of: options)
  }

  private static func client(of options: ClientOptions) throws(WrongUsage) -> RESTClient {
    try WrongUsage.unless { () throws(ErrorInfo) in try RESTClient(options: options) }
  }

  /// The options of a client.
  ///
  /// - Parameter clientId: its own identity.
  func clientOptions(clientId: String? = nil) throws(WrongUsage) -> ClientOptions {
    var options = ClientOptions()
    options.key = try keyOption.key()
    options.token = token ?? Environment["ABLY_TOKEN"]
    options.authURL = authUrl
    options.authMethod = authMethod.method
    options.authHeaders = Dictionary(authHeader)
    options.authParams = Dictionary(authParam)
    options.clientId = clientId
    options.useTokenAuth = useTokenAuth ? true : nil
    options.queryTime = queryTime
    if let defaultTokenParams {
      let json = try JSONValue(
        defaultTokenParams, of: "--default-token-params", such: #"{"clientId":"bob","ttl":60000}"#)
      options.defaultTokenParams = try WrongUsage.unless { () throws(ErrorInfo) in
        try TokenParams(json: json)
      }
    }
    options.endpoint = endpoint ?? Environment["ABLY_ENDPOINT"]
    options.tls = !noTls
    if port != nil, tlsPort == nil, !noTls { noteUnusedPort() }
    if let port { options.port = port }
    if let tlsPort { options.tlsPort = tlsPort }
    if !fallbackHost.isEmpty { options.fallbackHosts = fallbackHost }
    options.useBinaryProtocol = self.protocol == .msgpack
    if let realtimeRequestTimeout { options.realtimeRequestTimeout = .milliseconds(realtimeRequestTimeout) }
    if let disconnectedRetryTimeout {
      options.disconnectedRetryTimeout = .milliseconds(disconnectedRetryTimeout)
    }
    if let suspendedRetryTimeout { options.suspendedRetryTimeout = .milliseconds(suspendedRetryTimeout) }
    if let httpRequestTimeout { options.httpRequestTimeout = .milliseconds(httpRequestTimeout) }
    options.allowsBasicAuthOnLoopback = insecureBasicOnLoopback
    return options
  }
}

extension ConnectionOptions {
  // A service on this machine has one port, and most often no TLS.
  private func noteUnusedPort() {
    Terminal.say(
      "note: --port is for connections without TLS and does nothing here. Give --no-tls with it, as for a service of "
        + "`\(Invocation.name) local`, or --tls-port.")
  }
}

/// The variables of the environment; an empty one counts as unset.
enum Environment {
  static subscript(name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
