internal import AblyTokens
internal import AblyWire

/// JSON, MessagePack and the frames in them.
enum Documents {
  static func readJSON(_ bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes) else { return }
    expect((try? JSONValue(parsing: value.utf8)) == value, "what is written reads back otherwise")
  }

  static func readMessagePack(_ bytes: [UInt8]) {
    guard let value = try? MessagePackValue(parsing: bytes) else { return }
    let written = value.bytes
    expect(written.count <= bytes.count, "the shortest form is longer")
    // By their bytes: a NaN is not equal to itself.
    guard let again = try? MessagePackValue(parsing: written) else {
      return expect(false, "what is written cannot be read")
    }
    expect(again.bytes == written, "what is written reads back otherwise")
    _ = try? WireFormat.messagePack.decode(bytes)
  }

  static func readFrame(_ bytes: [UInt8]) {
    for format in WireFormat.allCases {
      guard let json = try? format.decode(bytes), let frame = try? ProtocolMessage(json: json),
        let written = try? frame.json()
      else { continue }
      guard let again = try? ProtocolMessage(json: written) else {
        return expect(false, "a frame that is written cannot be read")
      }
      expect((try? again.json()) == written, "a frame that is written reads back otherwise")
    }
  }
}
