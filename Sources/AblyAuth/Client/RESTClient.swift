public import AblyTokens
internal import Logging

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
  let logger: Logger
  let maxMessageSize: Int

  /// Makes a client of options.
  ///
  /// - Parameters:
  ///   - options: credentials and where to connect.
  ///   - transport: what carries the requests; async-http-client where it is absent.
  /// - Throws: 40106 when the options hold nothing to authenticate with (RSC1b, RSA14); 40103 when a key
  ///   would travel without TLS (RSC18, RSA1); 40012 for a client id that is empty or holds a `*` or a line
  ///   feed (RSA7c); 40102 when the token belongs to another client id (RSA15a); 40003 for an endpoint that
  ///   is no host, a port that does not exist, or a timeout of nothing.
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

  /// - Parameter clock: the clocks, for tests.
  package init(
    options: ClientOptions, transport: (any HTTPTransport)?, clock: HostClock
  ) throws(ErrorInfo) {
    try options.check()
    logger = options.logger
    maxMessageSize = options.maxMessageSize
    sender = try RequestSender(options, transport: transport ?? Self.transport(for: options), clock: clock)
    auth = try Auth(options, service: sender, clock: clock)
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

  /// Sends a request with credentials. When the service refuses the token it is renewed, once, and the
  /// request sent again, once (RSC10, RSA4b).
  func send(_ call: RESTCall) async throws(ErrorInfo) -> RESTAnswer {
    let credentials = try await auth.credentials()
    do throws(ErrorInfo) {
      return try await sender.send(call, authorization: credentials.header)
    } catch {
      guard error.isTokenError, credentials.isToken else { throw error }
      let renewed = try await auth.credentials(insteadOf: credentials, because: error)
      do throws(ErrorInfo) {
        return try await sender.send(call, authorization: renewed.header)
      } catch {
        if error.isTokenError { auth.forget(renewed) }
        throw error
      }
    }
  }
}
