public import AblyTokens

/// The API keys that an endpoint signs with, each under a name of its own.
public struct KeyRing: Sendable {
  /// A key and what is known about it.
  public struct Entry: Sendable {
    /// What rules and grants call it.
    public let name: String

    /// What it may do, where that is known.
    public let capability: Capability?

    /// Whether its tokens can be revoked, so that they live for an hour at most.
    public let revocableTokens: Bool

    let key: APIKey
    let requests: TokenRequestSigner
    let tokens: AblyJWTSigner

    /// Prepares a key for signing.
    public init(
      name: String = "default", key: APIKey, capability: Capability? = nil, revocableTokens: Bool = false
    ) {
      self.name = name
      self.key = key
      self.capability = capability
      self.revocableTokens = revocableTokens
      requests = TokenRequestSigner(key: key)
      tokens = AblyJWTSigner(key: key)
    }
  }

  private let first: Entry
  private let named: [String: Entry]

  /// A ring with one key.
  public init(_ key: APIKey) { self.init(first: Entry(key: key), others: []) }

  /// A ring whose first key signs where a grant names none.
  ///
  /// - Throws: 40003 for no key at all, or two of one name.
  public init(_ entries: [Entry]) throws(ErrorInfo) {
    guard let first = entries.first else {
      throw ErrorInfo(.invalidParameterValue, "there is no key to sign with")
    }
    guard Set(entries.map(\.name)).count == entries.count else {
      throw ErrorInfo(.invalidParameterValue, "two keys have the same name")
    }
    self.init(first: first, others: Array(entries.dropFirst()))
  }

  private init(first: Entry, others: [Entry]) {
    self.first = first
    named = Dictionary(([first] + others).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The names of the keys, sorted.
  public var names: [String] { named.keys.sorted() }

  /// A key by its name; the first one for `nil`.
  public subscript(name: String?) -> Entry? {
    guard let name else { return first }
    return named[name]
  }
}

extension KeyRing: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The names of the keys.
  public var description: String { "KeyRing(\(names.joined(separator: ", ")))" }

  /// The same as ``description``.
  public var debugDescription: String { description }

  /// Shows the names alone, so that `dump` prints no secret.
  public var customMirror: Mirror { Mirror(self, children: ["names": names]) }
}
