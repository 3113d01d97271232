public import AblyTokens
internal import AblyWire
internal import HTTPTypes
package import Logging

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// A client of the service's HTTP interface.
///
/// It holds no resource that must be given back: let go of it when it is no longer needed.
public final class RESTClient: Sendable {
  /// Credentials and tokens (RSC5).
  public let auth: Auth

  let sender: RequestSender
  package let logger: Logger
  package let maxMessageSize: Int
  let maxFrameSize: Int
  let makesMessageIds: Bool

  /// Makes a client of options.
  ///
  /// - Parameters:
  ///   - options: credentials and where to connect.
  ///   - transport: what carries the requests; async-http-client where it is absent.
  /// - Throws: 40106 when the options hold nothing to authenticate with (RSC1b, RSA14); 40103 when a key
  ///   would travel without TLS (RSC18, RSA1); 40012 for a client id that is empty or holds a `*` or a line
  ///   feed (RSA7c); 40102 when the token belongs to another client id (RSA15a); 40003 for an endpoint that
  ///   is no host, a port that does not exist, a timeout of nothing, or a ``ClientOptions/connectivityCheckURL``
  ///   that is no web address.
  public convenience init(
    options: ClientOptions, transport: (any HTTPTransport)? = nil
  ) throws(ErrorInfo) {
    try self.init(options: options, transport: transport, clock: .system)
  }

  /// Makes a client of a key or a token: a `:` means a key (RSC1a).
  ///
  /// - Throws: 40400 for a malformed key, else as ``init(options:transport:)``.
  public convenience init(_ keyOrToken: String) throws(ErrorInfo) {
    try self.init(options: ClientOptions(keyOrToken: keyOrToken))
  }

  /// - Parameters:
  ///   - clock: the clocks, for tests.
  ///   - telemetry: where figures and spans go, for tests.
  package init(
    options: ClientOptions, transport: (any HTTPTransport)?, clock: HostClock,
    telemetry: AuthTelemetry = AuthTelemetry()
  ) throws(ErrorInfo) {
    try options.check()
    logger = options.logger
    maxMessageSize = options.maxMessageSize
    maxFrameSize = options.maxFrameSize
    makesMessageIds = options.idempotentRestPublishing
    sender = try RequestSender(options, transport: transport ?? Self.transport(for: options), clock: clock)
    auth = try Auth(options, service: sender, clock: clock, telemetry: telemetry)
    logger.info(
      "client made",
      metadata: [
        "host": "\(sender.endpoint.primary.authority)", "tls": "\(options.tls)",
        "format": "\(sender.format.mediaType)",
      ])
  }

  private static func transport(for options: ClientOptions) -> AsyncHTTPClientTransport {
    options.httpOpenTimeout == ClientOptions.defaultOpenTimeout
      ? .shared : AsyncHTTPClientTransport(openTimeout: options.httpOpenTimeout)
  }

  /// The identity this client has, as ``Auth/clientId`` (RSC17).
  public var clientId: String? { auth.clientId }

  /// A channel by its name.
  public func channel(_ name: String) -> RESTChannel {
    RESTChannel(name: name, client: self)
  }

  /// The service's time, exact to the millisecond (RSC16). No credentials travel.
  ///
  /// - Throws: the service's refusal; 50003 when it does not answer in time, 80000 when it cannot be reached,
  ///   40013 when something else answers in its place.
  public func time() async throws(ErrorInfo) -> Date {
    try await sender.serverTime()
  }

  /// Sends a request with credentials.
  ///
  /// - Throws: the service's refusal, or why there is no answer that can be read.
  func send(_ call: RESTCall) async throws(ErrorInfo) -> RESTAnswer {
    let call = sender.identified(call)
    return try sender.read(await reply(to: call), to: call)
  }

  /// Sends a request with credentials. When the service refuses the token it is renewed, once, and the
  /// request sent again, once (RSC10, RSA4b).
  ///
  /// - Returns: the answer, whatever its status.
  /// - Throws: why there is none, or no token.
  func reply(to call: RESTCall) async throws(ErrorInfo) -> HTTPReply {
    let credentials = try await auth.credentials()
    let reply = try await sender.reply(to: call, authorization: credentials.header)
    guard credentials.isToken, let refusal = tokenError(in: reply, to: call) else { return reply }
    let renewed = try await auth.credentials(insteadOf: credentials, because: refusal)
    let second = try await sender.reply(to: call, authorization: renewed.header)
    if tokenError(in: second, to: call) != nil { auth.forget(renewed) }
    return second
  }

  private func tokenError(in reply: HTTPReply, to call: RESTCall) -> ErrorInfo? {
    guard reply.response.status == .unauthorized else { return nil }
    let refusal = ErrorInfo(refusal: reply, to: call, format: sender.format)
    return refusal.isTokenError ? refusal : nil
  }
}
