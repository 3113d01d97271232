internal import NIOCore
internal import NIOHTTP1

/// A request as far as it has been read, but never more of its body than the service would ever want.
struct IncomingRequest: Sendable {
  let head: HTTPRequestHead
  let start = ContinuousClock.now
  private(set) var body: [UInt8] = []

  /// Whether it has been answered before its end.
  var isRefused = false

  private var count = 0
  private let declared: Int
  private let maximum: Int

  init(_ head: HTTPRequestHead, _ limits: ServerLimits) {
    self.head = head
    maximum = limits.bodyBytes
    declared = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
  }

  /// Whether its body is more than the service takes; what comes of it is thrown away.
  var isTooLarge: Bool { max(declared, count) > maximum }

  /// Whether not even its end is waited for.
  var isEndless: Bool { max(declared, count) > max(maximum, HTTPFront.maximumDrainedBytes) }

  /// Whether its client wants no other answer, or offers another protocol, which is ignored: after such an offer NIO's
  /// decoder reads no further request. ``UpgradeFilter`` has made the one of the other.
  var isLast: Bool { !head.isKeepAlive || isEndless }

  /// Whether its client sends the body only after it was told to (RFC 9110, 10.1.1).
  var expectsContinue: Bool {
    head.version == .http1_1
      && head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
  }

  mutating func add(_ part: ByteBuffer) {
    count += part.readableBytes
    if isTooLarge { body = [] } else { body.append(contentsOf: part.readableBytesView) }
  }
}
