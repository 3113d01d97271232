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
    let timestamp = request.signed.timestamp
    return ofTTL(request) + [
      request.changed(
        "the timestamp was signed in seconds but sent in milliseconds", timestamp: timestamp / 1000),
      request.changed(
        "the timestamp was signed in milliseconds but sent in seconds", timestamp: timestamp &* 1000),
      request.changed(
        "the timestamp was signed in another spelling than it was sent", timestamp: timestamp),
    ]
  }

  private static func ofTTL(_ request: TokenRequest) -> [TextVariant] {
    guard let ttl = request.signed.ttl else {
      return [
        request.changed(
          "a ttl of 3600000 was signed but not sent; sign an empty line for what is not sent", ttl: 3_600_000)
      ]
    }
    return [
      request.changed(
        "the ttl was signed as an empty line but sent; send what was signed", ttl: .some(nil)),
      request.changed("the ttl was signed in seconds but sent in milliseconds", ttl: ttl / 1000),
      request.changed("the ttl was signed in milliseconds but sent in seconds", ttl: ttl &* 1000),
      request.changed("the ttl was signed in another spelling than it was sent", ttl: ttl),
    ]
  }

  private static func ofCapability(_ request: TokenRequest) -> [TextVariant] {
    guard let text = request.capabilityText.nonEmpty else {
      return [
        request.changed(
          "the capability {\"*\":[\"*\"]} was signed but not sent; sign an empty line for what is not sent",
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
    _ mistake: String, ttl: Int64?? = nil, capability: String?? = nil, clientId: String?? = nil,
    timestamp: Int64? = nil
  ) -> TextVariant {
    var texts = signed.spelling.foreign ?? WireSpelling.Texts()
    if ttl != nil { texts.ttl = nil }
    if timestamp != nil { texts.timestamp = nil }
    let changed = SignedValues(
      keyName: keyName, capability: capability.map { $0.map { CapabilityText($0) } } ?? signed.capability,
      clientId: clientId ?? self.clientId,
      ttl: ttl ?? signed.ttl, timestamp: timestamp ?? signed.timestamp, nonce: signed.nonce,
      spelling: WireSpelling(texts))
    return TextVariant(bytes: changed.utf8, mistake: mistake)
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
