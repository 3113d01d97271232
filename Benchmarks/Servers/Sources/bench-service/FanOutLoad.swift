internal import AblyTokens
internal import Measuring
internal import NIOCore
internal import NIOWebSocket

/// One publishes, many receive.
struct FanOutLoad {
  let port: Int
  let subscribers: Int
  let size: Int
  let path: String

  private static let rounds = 20
  private static let burst = 10

  func run() async throws {
    let isBare = path == "/"
    // Acknowledgements and what else is small do not count.
    let crowd = try await Crowd.connect(subscribers, to: port, path: path, counting: isBare ? size : 64)
    if !isBare {
      let attach = #"{"action":10,"channel":"bench"}"#
      await crowd.send(Array(repeating: attach, count: subscribers), awaiting: subscribers)
    }
    // One each: what one publishes at a time may come in one frame, and frames are counted.
    let publishers = try await Crowd.connect(Self.burst, to: port, path: path, counting: .max)
    let data = String(repeating: "x", count: size)
    var rates = Figures()
    for round in 0...Self.rounds {
      let time = try await seconds {
        await crowd.arrivals.wait(for: Self.burst * subscribers) {
          let text = isBare ? data : Self.message(data, round)
          for publisher in publishers.channels {
            publisher.writeAndFlush(WebSocketFrame.text(text), promise: nil)
          }
        }
      }
      // The first is for practice.
      if round > 0 { rates.add(Double(Self.burst * subscribers) / time) }
    }
    try crowd.checkAllAreHere()
    BenchService.print(["perSecond": .figure(rates.median)])
  }

  private static func message(_ data: String, _ serial: Int) -> String {
    #"{"action":15,"channel":"bench","msgSerial":\#(serial),"messages":[{"data":"\#(data)"}]}"#
  }
}
