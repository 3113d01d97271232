internal import AblyTokens

/// A token request that is about to be exchanged, all else about it having been found right.
public struct NonceUse: Sendable, Hashable {
  /// What it is known by.
  public let mark: NonceMark

  /// The request's timestamp, in milliseconds since 1970.
  public let timestamp: Int64

  /// Describes a request by what its nonce is unique for.
  ///
  /// - Parameters:
  ///   - keyName: the key that signed it.
  ///   - timestamp: the request's, in milliseconds since 1970.
  ///   - nonce: the request's.
  public init(keyName: String, timestamp: Int64, nonce: String) {
    mark = NonceMark(keyName: keyName, timestamp: timestamp, nonce: nonce)
    self.timestamp = timestamp
  }

  /// The last moment at which its timestamp is accepted, in milliseconds since 1970. Afterwards its nonce need
  /// not be remembered by a store whose clock only goes forward.
  public var expires: Int64 {
    let (sum, overflow) = timestamp.addingReportingOverflow(TokenAuthority.timestampTolerance)
    return overflow ? .max : sum
  }
}
