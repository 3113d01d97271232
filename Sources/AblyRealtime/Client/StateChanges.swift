/// What happens to a connection or a channel, for one reader.
///
/// It has every change from the moment it was asked for. Whoever does not read keeps the latest 1024. It ends
/// when the client is over, and that of a channel when the channel is released.
public struct StateChanges<Change: Sendable>: AsyncSequence, Sendable {
  /// What happened.
  public typealias Element = Change

  private let stream: AsyncStream<Change>

  init(_ stream: AsyncStream<Change>) { self.stream = stream }

  /// Gives the changes in turn.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var base: AsyncStream<Change>.AsyncIterator

    /// The next change; `nil` after the last, or when the task is cancelled.
    public mutating func next() async -> Change? { await base.next() }

    /// The next change; `nil` after the last, or when the task is cancelled.
    public mutating func next(isolation actor: isolated (any Actor)?) async -> Change? {
      await base.next(isolation: actor)
    }
  }

  /// Begins to read.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: stream.makeAsyncIterator()) }
}
