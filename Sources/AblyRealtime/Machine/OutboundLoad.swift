internal import AblyTokens

/// How much is kept until it can be sent, or is confirmed: no more than memory should hold of it.
struct OutboundLoad: Sendable {
  static let maximumCount = 65_536
  static let maximumBytes = 64 << 20

  private(set) var count = 0
  private(set) var bytes = 0

  /// Whether a frame of this size may be kept as well.
  func takes(_ size: Int) -> Bool { count < Self.maximumCount && size <= Self.maximumBytes - bytes }

  static func + (left: OutboundLoad, right: OutboundLoad) -> OutboundLoad {
    OutboundLoad(count: left.count + right.count, bytes: left.bytes + right.bytes)
  }

  static func - (left: OutboundLoad, right: OutboundLoad) -> OutboundLoad {
    OutboundLoad(count: left.count - right.count, bytes: left.bytes - right.bytes)
  }

  mutating func add(_ size: Int) {
    count += 1
    bytes += size
  }

  mutating func remove(_ size: Int) {
    count -= 1
    bytes -= size
  }
}

extension ErrorInfo {
  /// More is handed over than goes out.
  static let tooMuchWaits = ErrorInfo(
    .connectionPublishRateExceeded,
    "\(OutboundLoad.maximumCount) calls, or \(OutboundLoad.maximumBytes >> 20) MiB, wait to be sent or confirmed",
    statusCode: 429, remedy: "Wait for what was published before, or publish less at a time.")
}
