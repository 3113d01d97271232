extension SignedValues {
  var utf8: [UInt8] { WireWriter.bytes(bound) { write(to: &$0) } }

  /// The most bytes that ``write(to:)`` writes.
  var bound: Int {
    let texts = keyName.utf8.count + (capability?.count ?? 0) + (clientId?.utf8.count ?? 0)
    let plain = 6 + texts + 2 * WireWriter.decimalBound + NonceText.count
    guard let foreign = spelling.foreign else { return plain }
    return plain + (foreign.ttl?.numberText?.utf8.count ?? 0)
      + (foreign.timestamp?.numberText?.utf8.count ?? 0)
      + (foreign.nonce?.utf8.count ?? 0)
  }

  /// Writes the text that ``TokenRequest/signedText`` shows.
  func write(to writer: inout WireWriter) {
    let foreign = spelling.foreign
    let lineFeed = UInt8(ascii: "\n")
    writer.append(line: keyName)
    if let ttl { writer.append(decimal: ttl, or: foreign?.ttl?.numberText) }
    writer.append(lineFeed)
    if let capability { writer.append(line: capability) } else { writer.append(lineFeed) }
    if let clientId { writer.append(line: clientId) } else { writer.append(lineFeed) }
    writer.append(decimal: timestamp, or: foreign?.timestamp?.numberText)
    writer.append(lineFeed)
    if let nonce = foreign?.nonce { writer.append(line: nonce) } else { writer.append(line: nonce) }
  }
}
