extension HistoryQuery {
  /// What a shared log is asked for so that the page can be made of it.
  func logQuery(of room: String, _ kind: LogEvent.Kind, _ serials: LogSerials) -> LogQuery {
    let isBackwards = direction == .backwards
    let cursor = cursor.flatMap(serials.sequence)
    let last = min(
      fromSerial.flatMap(serials.sequence) ?? .max, isBackwards ? cursor ?? .max : .max)
    let first = isBackwards ? 0 : cursor ?? 0
    let earliest = start ?? 0
    // Two more than the page holds: one to know that there is another page, and the one that the cursor lies in.
    return LogQuery(
      room: room, kind: kind, isBackwards: isBackwards, limit: limit + 2,
      times: earliest...max(earliest, end ?? .max), sequences: min(first, last)...last)
  }
}
