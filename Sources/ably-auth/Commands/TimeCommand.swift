internal import AblyAuth
internal import AblyTokens
internal import ArgumentParser
internal import Foundation

/// Asks for the service's time.
struct TimeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "time", abstract: "Show the service's time and how far this clock is off.",
    discussion:
      "A token request is accepted within two minutes of the service's time. No credentials are needed.")

  @OptionGroup var connection: ConnectionOptions

  @Flag(help: "Print milliseconds as one line of JSON.")
  var json = false

  func run() async throws {
    let client = try connection.clientWithoutBasicAuth()
    let asked = Date()
    let server = try await client.time()
    let answered = Date()
    // The service read its clock somewhere between the question and the answer.
    let middle = asked.addingTimeInterval(answered.timeIntervalSince(asked) / 2)
    let offset = (server.timeIntervalSince(middle) * 1000).rounded()
    let roundTrip = (answered.timeIntervalSince(asked) * 1000).rounded(.up)
    if json {
      Terminal.print(
        .object([
          "time": .number(JSONNumber(try Milliseconds.of(server, "time"))),
          "offset": JSONNumber(offset).map(JSONValue.number) ?? .null,
          "roundTrip": JSONNumber(roundTrip).map(JSONValue.number) ?? .null,
        ]))
    } else {
      // The service's time is the peer's: it may lie anywhere.
      let distance = Int64(exactly: abs(offset)) ?? .max
      let way = offset < 0 ? "ahead" : "behind"
      Terminal.print(
        "\(TimeText.of(server))  this clock is \(distance) ms \(way) (±\(Int64(roundTrip / 2)) ms)")
    }
  }
}
