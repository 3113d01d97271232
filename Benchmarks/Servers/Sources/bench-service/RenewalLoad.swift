internal import AblyTokens
internal import Foundation
internal import Measuring

/// Connections that all show another token at one moment; a bare server echoes the frames.
struct RenewalLoad {
  let port: Int
  /// A file with a token a line: a client for each.
  let tokens: String
  let path: String

  private static let rounds = 5

  func run() async throws {
    let tokens = try String(contentsOfFile: tokens, encoding: .utf8).split(separator: "\n")
    let crowd = try await Crowd.connect(tokens.count, to: port, path: path, counting: 64)
    let frames = tokens.map { #"{"action":17,"auth":{"accessToken":"\#($0)"}}"# }
    var rates = Figures()
    for round in 0...Self.rounds {
      let time = try await seconds { await crowd.send(frames, awaiting: frames.count) }
      if round > 0 { rates.add(Double(frames.count) / time) }
    }
    try crowd.checkAllAreHere()
    BenchService.print(["perSecond": .figure(rates.median)])
  }
}
