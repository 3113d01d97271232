public import AblyTokens

/// A JWKS in a file. It is read again when it has aged, as one from the network is.
public struct KeySetFile: KeySetSource {
  private let path: String

  /// Names a file.
  public init(path: String) { self.path = path }

  /// Reads it.
  public func load(limit: Int, timeout: Duration) async throws(ErrorInfo) -> [UInt8] {
    try BoundedFile.read(path, limit: limit)
  }
}
