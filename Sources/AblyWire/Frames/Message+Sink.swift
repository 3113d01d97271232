internal import AblyTokens

extension Message {
  /// Writes the message as it travels in this format: what ``json()`` says, without making it.
  ///
  /// - Throws: as ``json()``.
  func write<Sink: FrameSink>(to sink: inout Sink) throws(ErrorInfo) {
    let (payload, encoding) = try payload(asBytes: Sink.carriesBytes)
    let milliseconds = try timestamp.map { date throws(ErrorInfo) in try Milliseconds.of(date, "timestamp") }
    let message = sink.beginMap()
    sink.member("action", action?.rawValue)
    sink.member("annotations", annotations)
    sink.member("clientId", clientId)
    sink.member("connectionId", connectionId)
    sink.member("connectionKey", connectionKey)
    if let payload {
      sink.name("data")
      switch payload {
      case .text(let text): sink.text(text)
      case .bytes(let bytes): sink.binary(bytes)
      }
    }
    sink.member("encoding", encoding)
    sink.member("extras", extras)
    sink.member("id", id)
    sink.member("name", name)
    sink.member("serial", serial)
    sink.member("timestamp", milliseconds)
    knownVersion?.write(to: &sink)
    sink.endMap(message)
  }

  private enum Payload {
    case text(String)
    case bytes([UInt8])
  }

  /// The data as the format carries it, and the encodings that are left to be undone then (RSL4c, RSL4d).
  private func payload(asBytes: Bool) throws(ErrorInfo) -> (Payload?, encoding: String?) {
    switch data {
    case nil: return (nil, encoding)
    case .binary(let bytes):
      return (.bytes(bytes), asBytes ? encoding : encoding.map { "\($0)/base64" } ?? "base64")
    case .string(let text):
      guard asBytes, let steps = encoding?.stepsBeforeBase64, let bytes = Base64.standard.decode(text.utf8)
      else { return (.text(text), encoding) }
      return (.bytes(bytes), steps.isEmpty ? nil : steps.joined(separator: "/"))
    case .json:
      var encoded = self
      try encoded.encode()
      return (encoded.data?.string.map(Payload.text), encoded.encoding)
    }
  }

  /// About how many bytes it takes, trees left out.
  var roughSize: Int {
    let bytes =
      switch data {
      case .string(let text): text.utf8.count
      case .binary(let bytes): bytes.count
      case .json, nil: 0
      }
    return 256 + bytes + (name?.utf8.count ?? 0)
  }
}

extension MessageVersion {
  fileprivate func write(to sink: inout some FrameSink) {
    guard let usual else { return sink.member("version", json) }
    sink.name("version")
    let version = sink.beginMap()
    sink.member("serial", usual.serial)
    sink.member("timestamp", usual.timestamp)
    sink.endMap(version)
  }
}

extension String {
  /// The steps of an encoding whose last is base64, without that; `nil` for another.
  var stepsBeforeBase64: [Substring]? {
    var steps = split(separator: "/", omittingEmptySubsequences: false)
    return steps.popLast() == "base64" ? steps : nil
  }
}
