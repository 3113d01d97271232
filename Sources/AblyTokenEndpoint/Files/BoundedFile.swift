internal import AblyTokens

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Reads a file, but never more than anybody would want.
enum BoundedFile {
  /// - Throws: 40000 for a file that cannot be read or is larger than `limit` bytes.
  static func read(_ path: String, limit: Int) throws(ErrorInfo) -> [UInt8] {
    let bytes: [UInt8]
    do {
      // A device or a pipe could go on for ever, also one that a link leads to.
      let file = URL(filePath: path).resolvingSymlinksInPath()
      let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
      guard attributes[.type] as? FileAttributeType == .typeRegular else {
        throw CocoaError(.fileReadUnknown)
      }
      guard let size = attributes[.size] as? Int, size <= limit else { throw CocoaError(.fileReadTooLarge) }
      bytes = [UInt8](try Data(contentsOf: file))
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
