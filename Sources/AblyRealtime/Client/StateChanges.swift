/// What happens to a connection or a channel, for one reader.
///
/// It has every change from the moment it was asked for. Whoever does not read keeps the latest 1024. It ends
/// when the client is over, and that of a channel when the channel is released.
public struct StateChanges<Change: Sendable>: AsyncSequence, Sendable {
  /// What happened.
  public typealias Element = Change

  private let stream: AsyncStream<Numbered<Change>>
  private let start: Int

  /// - Parameter start: the number of the first change that is told.
  init(_ stream: AsyncStream<Numbered<Change>>, from start: Int) {
    self.stream = stream
    self.start = start
  }

  /// Gives the changes in turn.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var base: AsyncStream<Numbered<Change>>.AsyncIterator
    fileprivate let start: Int

    /// The next change; `nil` after the last, or when the task is cancelled.
    public mutating func next() async -> Change? { await next(isolation: nil) }

    /// The next change; `nil` after the last, or when the task is cancelled.
    public mutating func next(isolation actor: isolated (any Actor)?) async -> Change? {
      while let news = await base.next(isolation: actor) {
        if news.number >= start { return news.change }
      }
      return nil
    }
  }

  /// Begins to read.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(base: stream.makeAsyncIterator(), start: start)
  }
}

/// A change, and its place among all that was to be done.
struct Numbered<Change: Sendable>: Sendable {
  let number: Int
  let change: Change
}
