public import AblyTokens

/// Where a JWKS comes from.
public protocol KeySetSource: Sendable {
  /// The bytes of the JWKS.
  ///
  /// - Parameters:
  ///   - limit: how many bytes are read at most; more is an error.
  ///   - timeout: how long it may take, from the call to the last byte.
  /// - Throws: whatever kept it from being read.
  func load(limit: Int, timeout: Duration) async throws(ErrorInfo) -> [UInt8]
}
