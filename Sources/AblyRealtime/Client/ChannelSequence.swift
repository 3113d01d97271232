public import AblyTokens

/// What comes on a channel, for one reader: messages, or news of who is present.
///
/// It has everything in order, from the moment it was asked for. A reader who falls too far behind is not
/// left with a gap: its sequence ends with an error. It ends by itself when the channel is released or the
/// client is over.
public struct ChannelSequence<Element: Sendable>: AsyncSequence, Sendable {
  /// Made where the type of the elements is known: there it costs least.
  typealias Next = @Sendable (isolated (any Actor)?) async throws(ErrorInfo) -> Element?

  private let next: Next

  init(_ next: @escaping Next) { self.next = next }

  /// Gives what comes in turn.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let base: Next

    /// The next one; `nil` after the last, or when the task is cancelled.
    ///
    /// - Throws: 40033 when more came than may wait for its reader.
    public mutating func next() async throws(ErrorInfo) -> Element? { try await base(nil) }

    /// The next one; `nil` after the last, or when the task is cancelled.
    ///
    /// - Throws: 40033 when more came than may wait for its reader.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(ErrorInfo) -> Element? {
      try await base(actor)
    }
  }

  /// Begins to read.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: next) }
}
