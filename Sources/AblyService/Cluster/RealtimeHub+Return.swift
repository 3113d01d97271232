/// What a hub does whose node was taken for dead, and is not: its connections are forgotten by the log, or will be.
extension RealtimeHub {
  /// So many connections and channels are noted at a time, roughly: the log has other things to do.
  static let maximumNotes = 10_000

  /// The node is back.
  ///
  /// - Parameter sequence: what the log held then, counted as in ``LogPosition``.
  mutating func comeBack(at sequence: Int64) {
    sharing?.unnoted = NodeTerms.Unnoted(sequence: sequence, connections: Array(sessions.keys))
  }

  /// Notes some of them again, once this node has heard which of them go on elsewhere.
  mutating func noteAgain(atMost maximum: Int = maximumNotes) {
    guard let sharing, let unnoted = sharing.unnoted, sharing.position.sequence >= unnoted.sequence else {
      return
    }
    var count = 0
    while count < maximum, let id = self.sharing?.unnoted?.connections.popLast() {
      guard sessions[id] != nil else { continue }
      let addresses = addresses(of: id)
      tell(.about(.opened, id))
      for address in addresses { tellAttachment(of: id, to: address) }
      count += 1 + addresses.count
    }
    if self.sharing?.unnoted?.connections.isEmpty == true { self.sharing?.unnoted = nil }
  }
}
