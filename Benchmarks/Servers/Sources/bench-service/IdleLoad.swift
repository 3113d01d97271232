internal import AblyTokens
internal import Measuring
internal import NIOCore

/// Connections that do nothing.
struct IdleLoad {
  let port: Int
  let process: String
  let count: Int
  let path: String

  private static let patience: Duration = .seconds(2)

  func run() async throws {
    // Some first, so that what is made once is not counted.
    let first = try await Crowd.connect(64, to: port, path: path)
    let before = residentKiB(of: process) ?? 0
    let start = ContinuousClock.now
    let crowd = try await Crowd.connect(count - 64, to: port, path: path)
    let time = start.duration(to: .now) / .seconds(1)
    try await Task.sleep(for: Self.patience)
    let after = residentKiB(of: process) ?? 0
    let held = (first.channels + crowd.channels).count { $0.isActive }
    BenchService.print([
      "held": .figure(Double(held)),
      "bytes": .figure(Double(after - before) * 1024 / Double(crowd.channels.count)),
      "perSecond": .figure(Double(crowd.channels.count) / time),
    ])
  }
}
