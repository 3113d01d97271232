internal import AblyTokens

extension Message {
  /// The size that counts against the service's limit (TM6), in bytes: name, data before it is encoded for
  /// its transport, client id and extras. Text counts in UTF-8.
  public var size: Int {
    (name?.utf8.count ?? 0) + (data?.size ?? 0) + (clientId?.utf8.count ?? 0) + (extras?.utf8.count ?? 0)
  }
}

extension MessageData {
  fileprivate var size: Int {
    switch self {
    case .string(let text): text.utf8.count
    case .binary(let bytes): bytes.count
    case .json(let value): value.utf8.count
    }
  }
}
