public import AblyTokens
public import Logging

/// How a client authenticates and where it connects (TO3).
///
/// Nothing is checked before a client is made of it. Printing it shows neither the key's secret nor the token.
public struct ClientOptions: Sendable {
  static let defaultOpenTimeout: Duration = .seconds(4)

  /// The API key (TO3j1). Alone it means Basic authentication: only for trusted processes.
  public var key: APIKey?

  /// A token and what is known about it (TO3j3). With one, the client uses token authentication.
  public var tokenDetails: TokenDetails?

  /// Whether tokens are used: `true` also when there is a key alone, from which the client then obtains its
  /// token; `false` not even when there is a token (RSA4). Unset, a token decides.
  public var useTokenAuth: Bool?

  /// The identity of this client (TO3a): any text without `*`.
  public var clientId: String?

  /// What to ask for in a token where a call says nothing else (TO3j11). Its timestamp is ignored (TK2d).
  public var defaultTokenParams: TokenParams?

  /// Whether token requests are stamped with the service's time, for a clock that may be wrong (TO3j10). It
  /// is asked for once.
  public var queryTime = false

  /// Where the service is: a host name or an address, the name of a routing policy, or `nonprod:` and such a
  /// name (TO3k8, REC1). `main.realtime.ably.net` where it is absent.
  public var endpoint: String?

  /// Whether to use TLS (TO3d). Without it only tokens may travel (RSC18).
  public var tls = true

  /// The port without TLS (TO3k4).
  public var port = 80

  /// The port with TLS (TO3k5).
  public var tlsPort = 443

  /// How long making a connection may take, 4 s (TO3l3). It concerns the transport that the client makes for
  /// itself, not one that is handed to it.
  public var httpOpenTimeout = defaultOpenTimeout

  /// How long a request may take, from the call to the last byte of its answer, 10 s (TO3l4).
  public var httpRequestTimeout: Duration = .seconds(10)

  /// The most bytes that one call may publish, 64 KiB (TO3l8).
  public var maxMessageSize = 65_536

  /// Whether the key may travel without TLS to this very machine, for local services. Never to another.
  public var allowsBasicAuthOnLoopback = false

  /// Where the client logs to (TO3c). Unless you set another, warnings and errors only (RSC2).
  public var logger: Logger

  /// Options without credentials.
  public init() {
    logger = Logger(label: "ably-auth")
    logger.logLevel = .warning
  }

  /// The token alone (TO3j2). Nothing else is known about it then (RSA16b).
  public var token: String? {
    get { tokenDetails?.token }
    set { tokenDetails = newValue.map { TokenDetails(token: $0) } }
  }
}
