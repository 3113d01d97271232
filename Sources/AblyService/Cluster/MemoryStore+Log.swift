extension MemoryStore: LogKeeper {
  /// What its nodes tell each other; `nil` where it is not shared.
  package var log: (any SharedLog)? { isShared ? memoryLog : nil }
}
