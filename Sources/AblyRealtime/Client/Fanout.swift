internal import AblyTokens
internal import Synchronization

/// Hands what comes on a channel to everybody who wants it, in order.
final class Fanout<Element: Sendable>: Sendable {
  private struct Reader: Sendable {
    let limit: Int
    let wants: @Sendable (Element) -> Bool
    let stream: AsyncThrowingStream<Element, any Error>.Continuation
  }

  private struct Room: Sendable {
    var readers: [Int: Reader] = [:]
    var lastId = 0
    var isFinished = false
  }

  private let room = Locked(Room())

  /// Everything that comes from now on, as far as it is wanted.
  ///
  /// - Parameter limit: how much may wait for its reader.
  func subscribe(
    limit: Int, wants: @escaping @Sendable (Element) -> Bool
  ) -> ChannelSequence<Element> {
    let (stream, continuation) = AsyncThrowingStream.makeStream(
      of: Element.self, bufferingPolicy: .bufferingOldest(max(limit, 1)))
    let id: Int? = room.withLock { room in
      guard !room.isFinished else { return nil }
      room.lastId += 1
      room.readers[room.lastId] = Reader(limit: limit, wants: wants, stream: continuation)
      return room.lastId
    }
    guard let id else {
      continuation.finish()
      return ChannelSequence(stream)
    }
    continuation.onTermination = { [weak self] _ in
      self?.room.withLock { _ = $0.readers.removeValue(forKey: id) }
    }
    return ChannelSequence(stream)
  }

  func send(_ elements: [Element]) {
    let readers = room.withLock { Array($0.readers.values) }
    for reader in readers {
      for element in elements where reader.wants(element) {
        // Going on without it would hide that something is missing.
        if case .dropped = reader.stream.yield(element) {
          reader.stream.finish(throwing: ErrorInfo.tooSlow(reader.limit))
        }
      }
    }
  }

  /// Ends all sequences, those that are asked for later too.
  func finish() {
    let readers = room.withLock { room in
      room.isFinished = true
      defer { room.readers = [:] }
      return Array(room.readers.values)
    }
    for reader in readers { reader.stream.finish() }
  }
}

extension ErrorInfo {
  fileprivate static func tooSlow(_ limit: Int) -> ErrorInfo {
    ErrorInfo(
      .operationCanceled, "\(limit) messages wait to be read, and another came", statusCode: 0,
      remedy: "Read faster, or subscribe with a larger limit; then fetch what was missed from the history.")
  }
}
