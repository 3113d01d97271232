internal import AblyTokens
internal import Synchronization

/// Hands what is to be appended to the log, in its order: what collects while the log stores goes along the next time,
/// all at once.
final class LogAppender: Sendable {
  struct Item: Sendable {
    let entries: [LogEntry]
    let completion: Completion
    /// Why it is not even tried.
    var refusal: ErrorInfo?
  }

  /// Who is told what became of it.
  enum Completion: Sendable {
    /// Nobody: it has to happen, however long it takes.
    case owed
    case ticket(LogTicket)
    case caller(CheckedContinuation<Result<LogReceipt, ErrorInfo>, Never>)
  }

  private struct State {
    var items: [Item] = []
    var weight = 0
    /// Whether nobody appends any more. Before somebody begins to, what is to be appended waits.
    var isClosed = false
  }

  private let state = Locked(State())
  private let alarm = Alarm()

  private static let maximumWeight = 64 << 20
  private static let maximumOwedWeight = 256 << 20
  private static let maximumBatch = 256
  private static let maximumBatchWeight = 2 << 20

  /// Queues entries without waiting.
  func submit(_ entries: [LogEntry], _ ticket: LogTicket?) {
    put(Item(entries: entries, completion: ticket.map(Completion.ticket) ?? .owed))
  }

  /// Appends an entry, and waits until it is stored.
  ///
  /// - Throws: 50004 when it is not, or nobody can say whether it is.
  func append(_ entry: LogEntry) async throws(ErrorInfo) -> LogReceipt {
    try await withCheckedContinuation { continuation in
      put(Item(entries: [entry], completion: .caller(continuation)))
    }.get()
  }

  private func put(_ item: Item) {
    let isTaken = state.withLock { state in
      guard !state.isClosed else { return false }
      var item = item
      if item.completion.canBeRefused {
        // Refused in its turn, since answers keep their order; until then nothing of it is kept.
        if state.weight > Self.maximumWeight {
          item = Item(entries: [], completion: item.completion, refusal: Self.isFull)
        }
      } else if state.weight > (item.canBeForgotten ? Self.maximumWeight : Self.maximumOwedWeight) {
        return true
      }
      state.weight += item.weight
      state.items.append(item)
      return true
    }
    if isTaken { alarm.ring() } else { item.refuse(Self.isNotRunning) }
  }

  /// Appends what there is, as it comes, until the task is cancelled.
  func run(
    _ store: @Sendable ([LogEntry]) async throws(ErrorInfo) -> [LogReceipt],
    settle: @Sendable (LogTicket, Result<LogReceipt, ErrorInfo>) -> Void
  ) async {
    state.withLock { $0.isClosed = false }
    while !Task.isCancelled {
      let rings = alarm.rings
      let batch = take()
      if batch.isEmpty { await alarm.wait(after: rings) } else { await append(batch, store, settle) }
    }
    let rest = state.withLock { state in
      defer { state = State(isClosed: true) }
      return state.items
    }
    for item in rest { item.complete(.failure(Self.isNotRunning), settle) }
  }

  private func take() -> [Item] {
    state.withLock { state in
      var (count, entries, weight) = (0, 0, 0)
      for item in state.items {
        guard count == 0 || entries < Self.maximumBatch && weight < Self.maximumBatchWeight else { break }
        count += 1
        entries += item.entries.count
        weight += item.weight
      }
      state.weight -= weight
      let batch = Array(state.items.prefix(count))
      state.items.removeFirst(count)
      return batch
    }
  }

  private func append(
    _ batch: [Item], _ store: @Sendable ([LogEntry]) async throws(ErrorInfo) -> [LogReceipt],
    _ settle: @Sendable (LogTicket, Result<LogReceipt, ErrorInfo>) -> Void
  ) async {
    for item in batch { if let refusal = item.refusal { item.complete(.failure(refusal), settle) } }
    let items = batch.filter { $0.refusal == nil }
    guard !items.isEmpty else { return }
    do throws(ErrorInfo) {
      var receipts = try await store(items.flatMap(\.entries))[...]
      for item in items {
        let own = receipts.prefix(item.entries.count)
        receipts = receipts.dropFirst(item.entries.count)
        item.complete(.success(own.last ?? .nothing), settle)
      }
    } catch {
      await heed(error, items, store, settle)
    }
  }

  private func heed(
    _ error: ErrorInfo, _ items: [Item],
    _ store: @Sendable ([LogEntry]) async throws(ErrorInfo) -> [LogReceipt],
    _ settle: @Sendable (LogTicket, Result<LogReceipt, ErrorInfo>) -> Void
  ) async {
    if error.code != .serverBusy {
      // One of them cannot be stored at all; the others are not to suffer for it.
      guard items.count > 1 else { return items[0].complete(.failure(error), settle) }
      for item in items { await append([item], store, settle) }
      return
    }
    var owed: [Item] = []
    for item in items {
      if case .owed = item.completion { owed.append(item) } else { item.complete(.failure(error), settle) }
    }
    guard !owed.isEmpty else { return }
    state.withLock { [owed] state in
      state.items.insert(contentsOf: owed, at: 0)
      state.weight += owed.reduce(0) { $0 + $1.weight }
    }
    try? await Task.sleep(for: .milliseconds(250))
  }

  private static let isNotRunning = ErrorInfo.storeUnavailable("the node does not follow its store")
  private static let isFull = ErrorInfo.storeUnavailable("too much waits to be stored")
}

extension LogAppender.Item {
  /// Whether nothing is lost by it but that a connection can be taken up elsewhere.
  fileprivate var canBeForgotten: Bool { entries.allSatisfy { $0.kind == .attached || $0.kind == .opened } }

  fileprivate var weight: Int { entries.reduce(64) { $0 + $1.weight } }

  /// Nobody is left to tell a client, whose socket is gone as well.
  fileprivate func refuse(_ error: ErrorInfo) {
    if case .caller(let continuation) = completion { continuation.resume(returning: .failure(error)) }
  }

  fileprivate func complete(
    _ result: Result<LogReceipt, ErrorInfo>,
    _ settle: @Sendable (LogTicket, Result<LogReceipt, ErrorInfo>) -> Void
  ) {
    switch completion {
    case .owed: return
    case .ticket(let ticket): settle(ticket, result)
    case .caller(let continuation): continuation.resume(returning: result)
    }
  }
}

extension LogAppender.Completion {
  fileprivate var canBeRefused: Bool { if case .owed = self { false } else { true } }
}
