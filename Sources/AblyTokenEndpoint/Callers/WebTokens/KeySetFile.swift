public import AblyTokens

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

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

/// Reads a file, but never more than anybody would want.
enum BoundedFile {
  /// - Throws: 40000 for a file that cannot be read or is larger than `limit` bytes.
  static func read(_ path: String, limit: Int) throws(ErrorInfo) -> [UInt8] {
    let bytes: [UInt8]
    do {
      // A device or a pipe could go on for ever.
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      let target = attributes[.type] as? FileAttributeType
      guard target == .typeRegular || target == .typeSymbolicLink else { throw CocoaError(.fileReadUnknown) }
      if target == .typeRegular, let size = attributes[.size] as? Int, size > limit {
        throw CocoaError(.fileReadTooLarge)
      }
      bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw ErrorInfo(.badRequest, "the file \(PeerText.line(path, maximumCount: 256)) cannot be read")
    }
    guard bytes.count <= limit else {
      throw ErrorInfo(
        .badRequest, "the file \(PeerText.line(path, maximumCount: 256)) is larger than \(limit) bytes")
    }
    return bytes
  }
}
