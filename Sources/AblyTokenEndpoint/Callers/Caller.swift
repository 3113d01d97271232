public import AblyTokens

/// Who asks, verified.
public struct Caller: Sendable, Hashable {
  /// The claims about them, such as those of their login's JWT.
  public var claims: [String: JSONValue]

  /// How they were known, such as `jwt` or `gateway`.
  public var way: String

  /// Describes a caller. You vouch for it.
  public init(claims: [String: JSONValue], way: String) {
    self.claims = claims
    self.way = way
  }

  /// Describes a caller by name alone.
  public init(subject: String, way: String) {
    self.init(claims: ["sub": .string(subject)], way: way)
  }

  /// The claim `sub`, if it is a text or a number, as a text.
  public var subject: String? { claims["sub"].flatMap(ClaimText.plain) }

  /// What an audit record calls them.
  var name: String? { subject.map { PeerText.line($0, maximumCount: 256) } }

  /// Under which name their requests are counted: by the claim `sub`, or else by all claims that are the same in
  /// the next token too. Long ones are not kept whole.
  var limitName: String {
    let name = subject.map { "=\($0)" } ?? JSONValue.object(claims.filter { !Self.isOfToken($0.key) }).text
    return name.utf8.count <= 200 ? "\(way)\(name)" : "\(way)#\(name.hashValue)"
  }

  private static func isOfToken(_ claim: String) -> Bool { ["exp", "iat", "nbf", "jti"].contains(claim) }
}
