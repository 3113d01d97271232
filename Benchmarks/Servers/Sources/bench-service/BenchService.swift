internal import AblyTokens
internal import Foundation

/// What `measure-service.py` needs beside the service itself: bare servers, signed requests, and many clients.
///
///     bench-service bare                             serves constants and frames; prints its ports
///     bench-service requests KEY COUNT FILE          writes so many signed TokenRequests, one a line
///     bench-service idle PORT PID COUNT PATH         what so many connections that do nothing take of PID's memory
///     bench-service fan-out PORT COUNT SIZE PATH     how many of so many subscribers get a message in a second
///     bench-service renew PORT FILE PATH             how many connections change to a token of FILE in a second
///
/// PATH is what clients connect to; `/` alone stands for a bare server, which greets nobody.
@main
enum BenchService {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst().map(\.self)
    func number(_ index: Int) -> Int { Int(arguments[index]) ?? 0 }
    switch (arguments.first, arguments.count) {
    case ("bare", 1): try await BareServers.run()
    case ("requests", 4): try SignedRequests.write(key: arguments[1], count: number(2), path: arguments[3])
    case ("idle", 5):
      try await IdleLoad(port: number(1), process: arguments[2], count: number(3), path: arguments[4]).run()
    case ("fan-out", 5):
      try await FanOutLoad(port: number(1), subscribers: number(2), size: number(3), path: arguments[4]).run()
    case ("renew", 4): try await RenewalLoad(port: number(1), tokens: arguments[2], path: arguments[3]).run()
    default:
      FileHandle.standardError.write(Data("see the comment in BenchService.swift\n".utf8))
      exit(2)
    }
  }

  static func print(_ line: JSONValue) {
    FileHandle.standardOutput.write(Data("\(line.text)\n".utf8))
  }
}

extension JSONValue {
  /// A figure; of a time or a rate no more is known than so much.
  static func figure(_ value: Double) -> JSONValue { .number(JSONNumber(Int(value.rounded()))) }
}
