internal import AblyTokens
internal import AblyWire

/// What a client says about the connection it opens, in the query (RTN2).
struct ConnectParameters: Sendable {
  let version: Int
  let format: WireFormat

  /// Whether the client is sent what it publishes itself (RTN2b).
  let echoes: Bool

  /// Whether silence is to be broken by frames that any client can see (RTN23b).
  let heartbeats: Bool

  /// The name the client gives itself (RTN2d).
  let clientId: String?

  /// How long its members stay present without it, in milliseconds; `nil` for as long as it may come back.
  let remainPresentFor: Int64?

  /// The key of the connection that is to go on (RTN15b, RTN16k).
  let connectionKey: String?

  /// Whether the client runs on this very machine.
  let isLoopback: Bool

  private static let oldestVersion = 2

  /// - Throws: 80024 for a version of the protocol that is no longer spoken.
  init(_ query: [String: String], isLoopback: Bool = false) throws(ErrorInfo) {
    self.isLoopback = isLoopback
    format = Self.format(query)
    let text = query["v"] ?? String(Self.oldestVersion)
    guard let version = Int(text.prefix { $0 != "." }), version >= Self.oldestVersion else {
      throw ErrorInfo(
        .outdatedClient, "this service speaks the protocol from version \(Self.oldestVersion) on",
        statusCode: 400)
    }
    self.version = version
    echoes = query["echo"] != "false"
    heartbeats = query["heartbeats"] == "true"
    let name = query["clientId"] ?? ""
    clientId = name.isEmpty || name == ClientID.wildcard ? nil : name
    remainPresentFor = query["remainPresentFor"].flatMap { Int64($0) }.map { max(0, $0) }
    connectionKey = query["resume"] ?? query["recover"]
  }

  /// In what frames travel, for a refusal as well.
  static func format(_ query: [String: String]) -> WireFormat {
    query["format"] == "msgpack" ? .messagePack : .json
  }
}
