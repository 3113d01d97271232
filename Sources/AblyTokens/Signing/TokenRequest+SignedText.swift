extension TokenRequest {
  /// The exact text its MAC must cover, from the literal values that travelled: six lines, each ended by a
  /// line feed, an absent value being an empty line. It holds no secret.
  ///
  ///     keyName \n ttl \n capability \n clientId \n timestamp \n nonce \n
  public var signedText: String { String(decoding: signedUTF8, as: UTF8.self) }

  var signedUTF8: [UInt8] { WireWriter.bytes(signedBound) { writeSignedText(to: &$0) } }

  /// The most bytes that ``writeSignedText(to:)`` writes.
  var signedBound: Int {
    6 + keyName.utf8.count + (wireTTL?.bound ?? 0) + (capabilityText?.utf8.count ?? 0)
      + (clientId?.utf8.count ?? 0) + wireTimestamp.bound + wireNonce.bound(in: .url)
  }

  func writeSignedText(to writer: inout WireWriter) {
    writer.append(keyName)
    writer.append(0x0A)
    wireTTL?.append(to: &writer)
    writer.append(0x0A)
    if let capabilityText { writer.append(capabilityText) }
    writer.append(0x0A)
    if let clientId { writer.append(clientId) }
    writer.append(0x0A)
    wireTimestamp.append(to: &writer)
    writer.append(0x0A)
    wireNonce.append(in: .url, to: &writer)
    writer.append(0x0A)
  }
}
