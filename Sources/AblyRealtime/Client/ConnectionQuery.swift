internal import AblyAuth
internal import AblyTokens
internal import AblyWire

/// What stands in the query of a connection (RTN2).
struct ConnectionQuery: Sendable {
  private let format: WireFormat
  private let echo: Bool
  private let clientId: String?
  private let own: [String: String]

  init(_ options: ClientOptions) {
    format = WireFormat(options)
    echo = options.echoMessages
    clientId = options.clientId
    own = options.transportParams
  }

  /// The request for a socket.
  func request(_ opening: Opening) -> RealtimeRequest {
    let (host, port) = opening.origin.hostAndPort
    return RealtimeRequest(
      isSecure: opening.origin.isSecure, host: host, port: port, authority: opening.origin.authority,
      target: "/?\(PercentEncoding.form(fields(opening)))",
      // RSC7d2: in the header, so not in the query (RSC7d3).
      headers: ["Ably-Agent": Agent.identifier])
  }

  private func fields(_ opening: Opening) -> [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = [
      (opening.credentials.isToken ? "accessToken" : "key", opening.credentials.secret.text),
      ("v", String(Agent.protocolVersion)),
      ("format", format == .json ? "json" : "msgpack"),
      // Pings of the WebSocket are seen here, and are enough (RTN23b).
      ("heartbeats", "false"),
      ("echo", String(echo)),
      ("lib", Agent.library),
    ]
    if let clientId { fields.append(("clientId", clientId)) }
    if let resume = opening.resume { fields.append(("resume", resume.text)) }
    if let recover = opening.recover { fields.append(("recover", recover.text)) }
    // RTC1f1: the caller's win.
    return fields.filter { own[$0.name] == nil }
      + own.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
  }
}
