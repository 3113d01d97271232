internal import AblyTokens

extension ProtocolMessage {
  /// Writes the frame as it travels: what ``json()`` says, without making it.
  ///
  /// - Throws: as ``json()``.
  func write(to sink: inout some FrameSink) throws(ErrorInfo) {
    let frame = sink.beginMap()
    sink.member("action", action.rawValue)
    if let accessToken {
      sink.name("auth")
      let auth = sink.beginMap()
      sink.member("accessToken", accessToken.text)
      sink.endMap(auth)
    }
    sink.member("channel", channel)
    sink.member("channelSerial", channelSerial)
    sink.member("connectionDetails", connectionDetails?.json)
    sink.member("connectionId", connectionId)
    sink.member("count", count)
    sink.member("error", error?.json)
    if !flags.isEmpty { sink.member("flags", flags.rawValue) }
    sink.member("id", id)
    if !messages.isEmpty {
      sink.name("messages")
      sink.beginArray(messages.count)
      // Where they stand: each is much to copy.
      for place in messages.indices { try messages[place].write(to: &sink) }
      sink.endArray()
    }
    sink.member("msgSerial", msgSerial)
    if !params.isEmpty { writeParams(to: &sink) }
    if !presence.isEmpty {
      sink.name("presence")
      sink.beginArray(presence.count)
      for message in presence { try message.message.write(to: &sink) }
      sink.endArray()
    }
    if !results.isEmpty { writeResults(to: &sink) }
    sink.member("timestamp", timestamp)
    sink.endMap(frame)
  }

  private func writeParams(to sink: inout some FrameSink) {
    sink.name("params")
    let map = sink.beginMap()
    for (name, value) in params.sorted(by: { $0.key < $1.key }) {
      sink.name(name)
      sink.text(value)
    }
    sink.endMap(map)
  }

  private func writeResults(to sink: inout some FrameSink) {
    sink.name("res")
    sink.beginArray(results.count)
    for serials in results {
      let result = sink.beginMap()
      sink.name("serials")
      sink.beginArray(serials.count)
      for serial in serials { if let serial { sink.text(serial) } else { sink.tree(.null) } }
      sink.endArray()
      sink.endMap(result)
    }
    sink.endArray()
  }

  /// About how many bytes it takes.
  var roughSize: Int {
    messages.reduce(256 + 256 * presence.count + 64 * results.count) { $0 + $1.roughSize }
  }
}
