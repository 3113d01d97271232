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
