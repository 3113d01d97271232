public import AblyTokens

/// What comes on a channel, for one reader: messages, or news of who is present.
///
/// It has everything in order, from the moment it was asked for. A reader who falls too far behind is not
/// left with a gap: its sequence ends with an error. It ends by itself when the channel is released or the
/// client is over.
public struct ChannelSequence<Element: Sendable>: AsyncSequence, Sendable {
  private let stream: AsyncThrowingStream<Element, any Error>

  init(_ stream: AsyncThrowingStream<Element, any Error>) { self.stream = stream }

  /// Gives what comes in turn.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var base: AsyncThrowingStream<Element, any Error>.AsyncIterator

    /// The next one; `nil` after the last, or when the task is cancelled.
    ///
    /// - Throws: 40033 when more came than may wait for its reader.
    public mutating func next() async throws(ErrorInfo) -> Element? { try await next(isolation: nil) }

    /// The next one; `nil` after the last, or when the task is cancelled.
    ///
    /// - Throws: 40033 when more came than may wait for its reader.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(ErrorInfo) -> Element? {
      do {
        return try await base.next(isolation: actor)
      } catch let error as ErrorInfo {
        throw error
      } catch {
        return nil
      }
    }
  }

  /// Begins to read.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: stream.makeAsyncIterator()) }
}
