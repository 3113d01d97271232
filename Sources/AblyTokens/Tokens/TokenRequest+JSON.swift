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
    var wireTTL: WireNumber?
    if let ttl = json["ttl"] { wireTTL = try WireNumber(json: ttl, "ttl") }
    self.init(
      keyName: try json.requiredText("keyName", of: "token request"), wireTTL: wireTTL,
      capabilityText: try json.optionalText("capability", of: "token request"),
      clientId: try json.optionalText("clientId", of: "token request"),
      wireTimestamp: try WireNumber(json: timestamp, "timestamp"),
      wireNonce: NonceValue(try json.requiredText("nonce", of: "token request"), in: .url),
      wireMAC: MACValue(try json.requiredText("mac", of: "token request"), in: .standard))
  }

  /// The JSON text that travels.
  public var jsonText: String { String(decoding: jsonUTF8, as: UTF8.self) }

  /// The UTF-8 bytes of ``jsonText``. What was not given is absent (RSA5, RSA6).
  public var jsonUTF8: [UInt8] {
    WireWriter.bytes(jsonBound) { writer in
      writer.append("{\"keyName\":")
      writer.append(json: keyName)
      if let wireTTL {
        writer.append(",\"ttl\":")
        wireTTL.appendJSON(to: &writer)
      }
      if let capabilityText {
        writer.append(",\"capability\":")
        writer.append(json: capabilityText)
      }
      if let clientId {
        writer.append(",\"clientId\":")
        writer.append(json: clientId)
      }
      writer.append(",\"timestamp\":")
      wireTimestamp.appendJSON(to: &writer)
      writer.append(",\"nonce\":")
      wireNonce.append(jsonIn: .url, to: &writer)
      writer.append(",\"mac\":")
      wireMAC.append(jsonIn: .standard, to: &writer)
      writer.append(UInt8(ascii: "}"))
    }
  }

  private var jsonBound: Int {
    let names = 80
    let texts =
      WireWriter.jsonBound(keyName) + (capabilityText.map(WireWriter.jsonBound) ?? 0)
      + (clientId.map(WireWriter.jsonBound) ?? 0)
    return names + texts + (wireTTL?.bound ?? 0) + wireTimestamp.bound + wireNonce.bound(in: .url)
      + wireMAC.bound(in: .standard)
  }
}
