public import AblyTokens

/// Which tokens of a key are revoked.
public struct RevocationTarget: Sendable {
  /// What tokens are told apart by.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// By the client id that they carry.
    case clientId
    /// By the revocation key that they carry.
    case revocationKey
    /// By a channel that their capability names.
    case channel
  }

  /// What they are told apart by.
  public let kind: Kind

  /// What it has to be, never empty.
  public let value: String

  /// Reads `type:value`.
  ///
  /// - Throws: 40000 for an unknown type or an empty value.
  public init(_ text: String) throws(ErrorInfo) {
    let type = text.prefix { $0 != ":" }
    let value = text.dropFirst(type.count + 1)
    guard let kind = Kind(rawValue: String(type)), !value.isEmpty else {
      throw ErrorInfo(
        .badRequest, "a target is 'clientId:', 'revocationKey:' or 'channel:' and a value", statusCode: 400)
    }
    self.init(kind, String(value))
  }

  init(_ kind: Kind, _ value: String) {
    self.kind = kind
    self.value = value
  }

  /// `type:value`, as ``init(_:)`` reads it.
  public var text: String { "\(kind.rawValue):\(value)" }

  /// The longest value that is revoked by, in bytes.
  static let maximumBytes = 2048
}

extension RevocationTarget: Hashable {
  /// Compared by bytes, as identities and channels are.
  public static func == (left: RevocationTarget, right: RevocationTarget) -> Bool {
    left.kind == right.kind && left.value.isSpelt(as: right.value)
  }

  /// By the bytes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(bytesOf: value)
  }
}
