/// A text that signers sign by mistake.
struct TextVariant {
  let bytes: [UInt8]
  let mistake: String?

  /// The right text first, then each known mistake alone.
  static func all(of request: TokenRequest, expected: [UInt8]) -> [TextVariant] {
    [TextVariant(bytes: expected, mistake: nil)] + ofLines(expected) + ofTimes(request)
      + ofCapability(request) + ofClientId(request)
  }

  private static func ofLines(_ expected: [UInt8]) -> [TextVariant] {
    [
      TextVariant(
        bytes: expected.dropLast(), mistake: "the last line lacks its line feed; all six lines end with one"),
      TextVariant(
        bytes: expected.flatMap { $0 == 0x0A ? Array("\\n".utf8) : [$0] },
        mistake: "the lines are separated by the two characters \\ and n; use a line feed"),
      TextVariant(
        bytes: expected.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] },
        mistake: "the lines end with carriage return and line feed; use a line feed alone"),
    ]
  }

  private static func ofTimes(_ request: TokenRequest) -> [TextVariant] {
    let ttl = request.wireTTL?.milliseconds
    let timestamp = request.wireTimestamp.milliseconds
    return [
      request.changed(
        "the ttl was signed as an empty line but sent; send what was signed", ttl: .some(nil)),
      ttl.map {
        request.changed(
          "the ttl was signed in seconds but sent in milliseconds", ttl: WireNumber(milliseconds: $0 / 1000))
      },
      ttl.map {
        request.changed(
          "the ttl was signed in milliseconds but sent in seconds",
          ttl: WireNumber(milliseconds: $0.multipliedReportingOverflow(by: 1000).partialValue))
      },
      ttl == nil
        ? request.changed(
          "a ttl of 3600000 was signed but not sent; sign an empty line for what is not sent",
          ttl: WireNumber(milliseconds: 3_600_000)) : nil,
      ttl != nil
        ? request.changed(
          "the ttl was signed in another spelling than it was sent",
          ttl: ttl.map(WireNumber.init(milliseconds:)))
        : nil,
      request.changed(
        "the timestamp was signed in seconds but sent in milliseconds",
        timestamp: WireNumber(milliseconds: timestamp / 1000)),
      request.changed(
        "the timestamp was signed in milliseconds but sent in seconds",
        timestamp: WireNumber(milliseconds: timestamp.multipliedReportingOverflow(by: 1000).partialValue)),
    ].compactMap(\.self)
  }

  private static func ofCapability(_ request: TokenRequest) -> [TextVariant] {
    guard let text = request.capabilityText.nonEmpty else {
      return [
        request.changed(
          "the capability {\"*\":[\"*\"]} was signed but not sent; "
            + "sign an empty line for what is not sent",
          capability: #"{"*":["*"]}"#)
      ]
    }
    let other =
      "the capability was signed in another spelling than it was sent; sign the very text that travels"
    var variants = [
      request.changed("the capability was sent but an empty line signed", capability: .some(nil))
    ]
    for spelling in [CapabilitySpelling.compact(text), CapabilitySpelling.spaced(text)] {
      variants.append(request.changed(other, capability: spelling))
      variants.append(request.changed(other, capability: spelling.replacing("/", with: "\\/")))
    }
    if let canonical = (try? Capability(parsing: text))?.canonicalText {
      variants.append(request.changed(other, capability: canonical))
      variants.append(request.changed(other, capability: CapabilitySpelling.spaced(canonical)))
    }
    return variants
  }

  private static func ofClientId(_ request: TokenRequest) -> [TextVariant] {
    guard request.clientId.nonEmpty != nil else {
      return [
        request.changed("the client id * was signed but not sent", clientId: "*"),
        request.changed("the text null was signed for an absent client id", clientId: "null"),
      ]
    }
    return [
      request.changed("the client id was sent but an empty line signed", clientId: .some(nil)),
      request.changed("the client id was signed as *", clientId: "*"),
    ]
  }
}

extension TokenRequest {
  /// The text with some of its lines changed; the outer optional says whether, the inner one to what.
  fileprivate func changed(
    _ mistake: String, ttl: WireNumber?? = nil, capability: String?? = nil, clientId: String?? = nil,
    timestamp: WireNumber? = nil
  ) -> TextVariant {
    let changed = TokenRequest(
      keyName: keyName, wireTTL: ttl ?? wireTTL, capabilityText: capability ?? capabilityText,
      clientId: clientId ?? self.clientId, wireTimestamp: timestamp ?? wireTimestamp, wireNonce: wireNonce,
      wireMAC: wireMAC)
    return TextVariant(bytes: changed.signedUTF8, mistake: mistake)
  }
}

/// The same JSON text with other white space, which changes nothing but the MAC.
enum CapabilitySpelling {
  /// Without any space between tokens.
  static func compact(_ text: String) -> String {
    respell(text) { String($0) }
  }

  /// With a space after each comma and colon, as Python's `json.dumps` writes.
  static func spaced(_ text: String) -> String {
    respell(text) { $0 == "," || $0 == ":" ? "\($0) " : String($0) }
  }

  private static func respell(_ text: String, _ outside: (Character) -> String) -> String {
    var result = ""
    var inString = false
    var escaped = false
    for character in text {
      if inString {
        result.append(character)
        inString = escaped || character != "\""
        escaped = !escaped && character == "\\"
      } else if !character.isWhitespace {
        result += outside(character)
        inString = character == "\""
      }
    }
    return result
  }
}
