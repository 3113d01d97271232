internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore

/// Reads the body of a request, but never more than the service would ever want.
struct RequestBodyReader {
  enum Outcome {
    case whole([UInt8])
    /// More than allowed; the rest has been read or soon will be.
    case tooLarge
    /// More than anybody would wait for.
    case endless

    var isWhole: Bool {
      if case .whole = self { true } else { false }
    }

    /// What was read; nothing of a body that is too large.
    var bytes: [UInt8] {
      if case .whole(let bytes) = self { bytes } else { [] }
    }
  }

  private let body: RequestBody
  private let declaredBytes: Int?
  private let maximumBytes: Int
  private let maximumDrainedBytes: Int

  init(_ request: Request, _ limits: ServerLimits) {
    body = request.body
    maximumBytes = limits.bodyBytes
    maximumDrainedBytes = max(HTTPFront.maximumDrainedBytes, limits.bodyBytes)
    declaredBytes = request.headers[.contentLength].flatMap { Int($0) }
  }

  /// Believes a Content-Length that is too large without reading a byte.
  func read() async throws -> Outcome {
    if let declaredBytes, declaredBytes > maximumBytes {
      return declaredBytes > maximumDrainedBytes ? .endless : .tooLarge
    }
    var bytes: [UInt8] = []
    var count = 0
    for try await part in body {
      count += part.readableBytes
      if count > maximumDrainedBytes { return .endless }
      if count <= maximumBytes { bytes.append(contentsOf: part.readableBytesView) }
    }
    return count > maximumBytes ? .tooLarge : .whole(bytes)
  }
}
