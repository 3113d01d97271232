/// The order of a channel's history (RSL2b2).
public enum HistoryDirection: String, Sendable, Hashable, CaseIterable {
  /// The newest message first.
  case backwards

  /// The oldest message first.
  case forwards
}
