extension TokenRequest {
  /// Reads a token request from JSON text (TE6).
  ///
  /// - Throws: 40000 for text that is not a JSON object or lacks a member, 40003 for a ttl or timestamp that
  ///   is not a whole number. Unknown members are ignored, `null` counts as absent, numbers may be quoted.
  public init(json text: String) throws(ErrorInfo) {
    try self.init(json: JSONValue(parsing: text))
  }

  /// Reads a token request from a JSON object (TE6); throws as ``init(json:)-(String)``.
  public init(json: JSONValue) throws(ErrorInfo) {
    guard case .object = json else { throw ErrorInfo(.badRequest, "a token request must be a JSON object") }
    guard let timestamp = json["timestamp"] else {
      throw ErrorInfo(.badRequest, "the token request has no timestamp")
    }
    let ttl = json["ttl"]
    let ttlMilliseconds = try ttl.map { value throws(ErrorInfo) in try Milliseconds.of(value, "ttl") }
    let timestampMilliseconds = try Milliseconds.of(timestamp, "timestamp")
    self.init(
      keyName: try json.requiredText("keyName", of: "token request"),
      capabilityText: try json.optionalText("capability", of: "token request"),
      clientId: try json.optionalText("clientId", of: "token request"),
      ttl: ttlMilliseconds, timestamp: timestampMilliseconds,
      nonce: try json.requiredText("nonce", of: "token request"),
      mac: try json.requiredText("mac", of: "token request"),
      spelling: WireSpelling.Texts(
        ttl: ttlMilliseconds.flatMap { ttl?.spelling(of: $0) },
        timestamp: timestamp.spelling(of: timestampMilliseconds)))
  }

  /// The JSON text that travels.
  public var jsonText: String { String(decoding: jsonUTF8, as: UTF8.self) }

  /// The UTF-8 bytes of ``jsonText``. What was not given is absent (RSA5, RSA6).
  public var jsonUTF8: [UInt8] { WireWriter.bytes(jsonBound) { writeJSON(to: &$0) } }

  private var jsonBound: Int {
    let names = 80
    let plain = NonceText.count + MACBytes.base64Count + 2 * WireWriter.decimalBound
    let texts =
      JSONText.bound(keyName) + (signed.capability?.quotedCount ?? 0)
      + (clientId.map(JSONText.bound) ?? 0)
    guard let foreign = signed.spelling.foreign else { return names + plain + texts }
    return names + plain + texts + (foreign.ttl?.utf8.count ?? 0) + (foreign.timestamp?.utf8.count ?? 0)
      + (foreign.nonce.map(JSONText.bound) ?? 0) + (foreign.mac.map(JSONText.bound) ?? 0)
  }

  private func writeJSON(to writer: inout WireWriter) {
    let foreign = signed.spelling.foreign
    writer.append(literal: "{\"keyName\":")
    writer.append(json: keyName)
    if let ttl = signed.ttl {
      writer.append(literal: ",\"ttl\":")
      writer.append(decimal: ttl, or: foreign?.ttl?.text)
    }
    if let capability = signed.capability {
      writer.append(literal: ",\"capability\":")
      writer.append(json: capability)
    }
    if let clientId {
      writer.append(literal: ",\"clientId\":")
      writer.append(json: clientId)
    }
    writer.append(literal: ",\"timestamp\":")
    writer.append(decimal: signed.timestamp, or: foreign?.timestamp?.text)
    writer.append(literal: ",\"nonce\":")
    writer.append(json: signed.nonce, or: foreign?.nonce)
    writer.append(literal: ",\"mac\":")
    writer.append(json: macBytes, or: foreign?.mac)
    writer.append(UInt8(ascii: "}"))
  }
}

extension WireWriter {
  @inline(__always)
  fileprivate mutating func append(json nonce: NonceText, or foreign: String?) {
    if let foreign { return append(json: foreign) }
    append(UInt8(ascii: "\""))
    append(nonce)
    append(UInt8(ascii: "\""))
  }

  @inline(__always)
  fileprivate mutating func append(json mac: MACBytes, or foreign: String?) {
    if let foreign { return append(json: foreign) }
    append(UInt8(ascii: "\""))
    withUnsafeBytes(of: mac) { append($0, in: .standard) }
    append(UInt8(ascii: "\""))
  }
}
