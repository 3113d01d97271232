public import AblyTokens
public import Logging

/// How a client authenticates and where it connects (TO3).
///
/// Nothing is checked before a client is made of it. Printing it shows no secret: neither the key's, nor the token,
/// nor the recovery key.
@dynamicMemberLookup
public struct ClientOptions: Sendable {
  package static let defaultOpenTimeout: Duration = .seconds(4)

  /// The key, the token, and the ways to obtain one (TO3j). Its members are members of the options too:
  /// `options.key`, `options.authCallback`.
  public var auth = AuthOptions()

  /// The identity of this client (TO3a): any text without `*`.
  public var clientId: String?

  /// What to ask for in a token where a call says nothing else (TO3j11). Its timestamp is ignored (TK2d).
  public var defaultTokenParams: TokenParams?

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

  /// How long an ``AuthCallback`` or an ``AuthOptions/authURL`` may take to give a token, and the service to
  /// answer on a connection, 10 s (TO3l11).
  public var realtimeRequestTimeout: Duration = .seconds(10)

  /// Hosts to try where ``endpoint`` is unreachable or unserviceable, instead of those that belong to it
  /// (TO3k6, REC2a2). Empty: none.
  public var fallbackHosts: [String]?

  /// How many fallback hosts one request is sent to at most, 3 (TO3l5).
  public var httpMaxRetryCount = 3

  /// How long after its beginning a request is sent to one more fallback host, 15 s (TO3l6).
  public var httpMaxRetryDuration: Duration = .seconds(15)

  /// How long requests go to a fallback host that answered before the endpoint is tried again, 10 minutes
  /// (TO3l10).
  public var fallbackRetryTimeout: Duration = .seconds(600)

  /// Whether values travel in MessagePack, which carries bytes as they are, or in JSON (TO3f).
  public var useBinaryProtocol = true

  /// Whether messages that are published without ids get some, so that one that is sent again, because its
  /// answer was lost, is published once (TO3n, RSL1k1).
  public var idempotentRestPublishing = true

  /// Whether each request carries an id, `request_id` in its query, which is also in its errors and the log
  /// (TO3p, RSC7c).
  public var addRequestIds = false

  /// The most bytes that one call may publish, 64 KiB (TO3l8). A connection goes by what the service says.
  public var maxMessageSize = 65_536

  /// The most bytes that the body of one ``RESTClient/request(_:_:version:params:body:headers:)`` may take,
  /// 512 KiB (TO3l9). A connection goes by what the service says of its frames.
  public var maxFrameSize = 524_288

  /// Whether a `RealtimeClient` connects as soon as it runs, or waits for `connect()` (TO3e, RTN3).
  public var autoConnect = true

  /// Whether a connection gets the messages back that were published on it (TO3h, RTC1a).
  public var echoMessages = true

  /// Whether what is published while there is no connection waits for one, or fails at once (TO3g). No more
  /// than 65 536 calls, or 64 MiB, wait.
  public var queueMessages = true

  /// What `createRecoveryKey()` gave for an earlier connection, which the first one takes up again (TO3i).
  public var recover: String?

  /// What to add to the query of a connection. It wins over what the library sends itself (RTC1f).
  public var transportParams: [String: String] = [:]

  /// How long after a lost connection the next attempt begins, at first, 15 s; later ones wait up to twice as
  /// long (TO3l1, RTB1).
  public var disconnectedRetryTimeout: Duration = .seconds(15)

  /// How long a suspended connection waits for its next attempt, 30 s (TO3l2).
  public var suspendedRetryTimeout: Duration = .seconds(30)

  /// How long a suspended channel waits for its next attempt to attach, at first, 15 s; later ones wait up to
  /// twice as long (TO3l7, RTB1).
  public var channelRetryTimeout: Duration = .seconds(15)

  /// Where a client asks whether there is a network at all, before it tries a fallback host (REC3).
  public var connectivityCheckURL = "https://internet-up.ably-realtime.com/is-the-internet-up.txt"

  /// Whether the key may travel without TLS to this very machine, for local services. Never to another:
  /// ``fallbackHosts`` have to be this machine as well.
  public var allowsBasicAuthOnLoopback = false

  /// Where the client logs to (TO3c). Unless you set another, warnings and errors only (RSC2).
  public var logger: Logger

  /// Options without credentials.
  public init() {
    logger = Logger(label: "ably-auth")
    logger.logLevel = .warning
  }

  /// The members of ``auth``.
  public subscript<Value>(dynamicMember member: WritableKeyPath<AuthOptions, Value>) -> Value {
    get { auth[keyPath: member] }
    set { auth[keyPath: member] = newValue }
  }
}
