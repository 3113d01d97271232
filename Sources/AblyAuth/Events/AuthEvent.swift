public import AblyTokens

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// Something that happened to a client's token.
public enum AuthEvent: Sendable, Hashable {
  /// A token is being obtained. Ends in `renewed` or `failed`, or in nothing when whoever needed it gave up.
  case renewing

  /// A token was taken into use; when it ends, as far as that is known.
  case renewed(expires: Date?)

  /// No token could be obtained. `willRetry` says whether the client tries again by itself: one for REST
  /// alone does so only when the next request needs a token.
  case failed(ErrorInfo, willRetry: Bool)
}

/// The events of one client's ``Auth``, for one reader.
public struct AuthEvents: AsyncSequence, Sendable {
  private let stream: AsyncStream<AuthEvent>

  init(_ stream: AsyncStream<AuthEvent>) { self.stream = stream }

  /// Gives the events in turn.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var base: AsyncStream<AuthEvent>.AsyncIterator

    /// The next event; `nil` after the client is gone, or when the task is cancelled.
    public mutating func next() async -> AuthEvent? { await base.next() }

    /// The next event; `nil` after the client is gone, or when the task is cancelled.
    public mutating func next(isolation actor: isolated (any Actor)?) async -> AuthEvent? {
      await base.next(isolation: actor)
    }
  }

  /// Begins to read.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: stream.makeAsyncIterator()) }
}
