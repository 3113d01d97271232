package import AblyTokens

/// What a service tells a client about its connection (CD1).
package struct ConnectionDetails: Sendable, Equatable {
  /// The identity of the client (CD2a): `nil` is none, `*` is any.
  package var clientId: String?
  /// The secret with which the connection is taken up again (CD2b).
  package var connectionKey: Secret?
  /// The most bytes of one publish (CD2c).
  package var maxMessageSize: Int?
  /// The most bytes of one frame (CD2d).
  package var maxFrameSize: Int?
  /// The most protocol messages a second (CD2e).
  package var maxInboundRate: Int?
  /// How long the connection can be taken up again (CD2f).
  package var connectionStateTTL: Duration?
  /// The node, for people who look for an error (CD2g).
  package var serverId: String?
  /// How long the service may be silent; zero: for ever (CD2h).
  package var maxIdleInterval: Duration?

  package init() {}
}

extension ConnectionDetails {
  /// - Throws: 40000 for something that is not an object, or a text that is none; 40003 for a time that is
  ///   not a whole number of milliseconds, or is negative.
  package init(json: JSONValue) throws(ErrorInfo) {
    let what = "connectionDetails object"
    guard case .object = json else { throw ErrorInfo(.badRequest, "a \(what) must be a JSON object") }
    clientId = try json.optionalText("clientId", of: what)
    connectionKey = try json.optionalText("connectionKey", of: what).map(Secret.init)
    maxMessageSize = json.count("maxMessageSize")
    maxFrameSize = json.count("maxFrameSize")
    maxInboundRate = json.count("maxInboundRate")
    connectionStateTTL = try json.duration("connectionStateTtl")
    serverId = try json.optionalText("serverId", of: what)
    maxIdleInterval = try json.duration("maxIdleInterval")
  }

  /// The object that travels; what is unknown is absent.
  package var json: JSONValue {
    var members: [String: JSONValue] = [:]
    members["clientId"] = clientId.map(JSONValue.string)
    members["connectionKey"] = connectionKey.map { .string($0.text) }
    members["maxMessageSize"] = maxMessageSize.map { .number(JSONNumber($0)) }
    members["maxFrameSize"] = maxFrameSize.map { .number(JSONNumber($0)) }
    members["maxInboundRate"] = maxInboundRate.map { .number(JSONNumber($0)) }
    members["connectionStateTtl"] = connectionStateTTL.flatMap { Milliseconds.of($0) }
      .map { .number(JSONNumber($0)) }
    members["serverId"] = serverId.map(JSONValue.string)
    members["maxIdleInterval"] = maxIdleInterval.flatMap { Milliseconds.of($0) }.map {
      .number(JSONNumber($0))
    }
    return .object(members)
  }
}

extension JSONValue {
  fileprivate func count(_ name: String) -> Int? {
    self[name]?.number?.int64.flatMap(Int.init(exactly:)).flatMap { $0 < 0 ? nil : $0 }
  }

  fileprivate func duration(_ name: String) throws(ErrorInfo) -> Duration? {
    guard let value = self[name] else { return nil }
    let milliseconds = try Milliseconds.of(value, name)
    guard milliseconds >= 0 else { throw ErrorInfo(.invalidParameterValue, "\(name) is negative") }
    return .milliseconds(milliseconds)
  }
}
