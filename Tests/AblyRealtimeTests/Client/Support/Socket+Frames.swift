internal import AblyRealtime
internal import AblyTesting
internal import AblyTokens

extension InMemoryRealtimeSocket {
  /// The service confirms the connection.
  func connected(
    id: String = "connection-1", key: String = "key-1", clientId: String? = nil,
    details more: [String: JSONValue] = [:], error: JSONValue? = nil
  ) {
    var details: [String: JSONValue] = [
      "connectionKey": .string(key), "maxIdleInterval": 15_000, "connectionStateTtl": 120_000,
      "maxMessageSize": 65_536,
    ]
    if let clientId { details["clientId"] = .string(clientId) }
    details.merge(more) { $1 }
    var frame: [String: JSONValue] = [
      "action": 4, "connectionId": .string(id), "connectionDetails": .object(details),
    ]
    frame["error"] = error
    deliver(.object(frame))
  }

  /// The service refuses something.
  func error(_ code: Int64, status: Int64, channel: String? = nil) {
    var frame: [String: JSONValue] = ["action": 9, "error": Self.error(code, status)]
    frame["channel"] = channel.map(JSONValue.string)
    deliver(.object(frame))
  }

  func disconnected(_ code: Int64, status: Int64) {
    deliver(["action": 6, "error": Self.error(code, status)])
  }

  static func error(_ code: Int64, _ status: Int64) -> JSONValue {
    [
      "code": .number(JSONNumber(code)), "statusCode": .number(JSONNumber(status)),
      "message": "as the test has it",
    ]
  }

  /// The next frame of the client, which is expected to have this action.
  func next(_ action: Int64) async throws -> JSONValue {
    guard let frame = try await next() else { throw Unexpected(what: "the socket was closed") }
    guard frame["action"]?.number?.int64 == action else { throw Unexpected(what: frame.text) }
    return frame
  }

  /// Takes an ATTACH and confirms it.
  @discardableResult
  func attach(serial: String = "s1") async throws -> JSONValue {
    let frame = try await next(10)
    deliver([
      "action": 11, "channel": frame["channel"] ?? .null, "channelSerial": .string(serial), "flags": 0,
    ])
    return frame
  }
}

/// Something else came.
struct Unexpected: Error {
  let what: String
}
