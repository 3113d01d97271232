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
    // A float of four bytes is written in eight.
    expect(written.count <= 2 * bytes.count, "what is written is far longer")
    // By their bytes: a NaN is not equal to itself.
    guard let again = try? MessagePackValue(parsing: written) else {
      return expect(false, "what is written cannot be read")
    }
    expect(again.bytes == written, "what is written reads back otherwise")
    _ = try? WireFormat.messagePack.decode(bytes)
  }

  /// As clients read frames, and as both sides write them.
  static func readFrame(_ bytes: [UInt8]) {
    for format in WireFormat.allCases {
      let tree = (try? format.decode(bytes)).flatMap { try? ProtocolMessage(json: $0) }
      if let usual = format.usualFrame(of: bytes, maximumDepth: 64) {
        expect(tree != nil, "what is read in one pass cannot be read as a tree")
        // In MessagePack bytes may travel as such, which is no step of the encoding in one pass.
        if format == .json {
          expect((try? usual.json()) == (try? tree?.json()), "one pass reads otherwise than a tree")
        }
      }
      guard let frame = try? format.frame(of: bytes), let written = try? format.encode(frame) else {
        continue
      }
      guard let again = try? format.frame(of: written) else {
        return expect(false, "a frame that is written cannot be read")
      }
      expect((try? format.encode(again)) == written, "a frame that is written reads back otherwise")
    }
  }
}
