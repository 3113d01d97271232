internal import AblyTokens

/// What an opaque token says about its bearer.
///
/// The service keeps no list of its tokens: each holds all that is known about it, so any node that has the
/// key can check it.
struct OpaqueToken: Sendable, Hashable {
  /// When it was issued, in milliseconds since 1970.
  let issued: Int64

  /// When it ends, in milliseconds since 1970.
  let expires: Int64

  /// What it may do, as JSON text.
  let capabilityText: String

  /// The identity bound to it: `nil` is none, `*` is any.
  let clientId: String?

  /// Sixteen random bytes as text, so that no two tokens are equal.
  let id: String

  /// The end of what it is not meant by though it may seem so, in milliseconds since 1970: see
  /// ``RevocationIndex/horizon(for:)``.
  var horizon: Int64?
}

extension OpaqueToken {
  /// What is sealed: a JSON object.
  var contentsUTF8: [UInt8] {
    var bytes = Array(#"{"issued":\#(issued),"expires":\#(expires),"id":"#.utf8)
    bytes.reserveCapacity(bytes.count + 64 + capabilityText.utf8.count + (clientId?.utf8.count ?? 0))
    JSONText.appendString(id, to: &bytes)
    bytes.append(contentsOf: #","capability":"#.utf8)
    JSONText.appendString(capabilityText, to: &bytes)
    if let clientId {
      bytes.append(contentsOf: #","clientId":"#.utf8)
      JSONText.appendString(clientId, to: &bytes)
    }
    if let horizon { bytes.append(contentsOf: #","horizon":\#(horizon)"#.utf8) }
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  /// `nil` for contents that this version does not write. The bytes have been authenticated, so that is a
  /// token of another version, not an attack.
  init?(contents bytes: some Sequence<UInt8>) {
    guard let json = try? JSONValue(parsing: bytes), let issued = json["issued"]?.number?.int64,
      let expires = json["expires"]?.number?.int64, let capability = json["capability"]?.string,
      let id = json["id"]?.string
    else { return nil }
    self.init(
      issued: issued, expires: expires, capabilityText: capability, clientId: json["clientId"]?.string,
      id: id,
      horizon: json["horizon"]?.number?.int64)
  }
}
