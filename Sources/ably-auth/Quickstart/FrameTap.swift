internal import AblyAuth
internal import AblyRealtime
internal import AblyTokens

/// A transport that opens real WebSockets and remembers what travelled on them, without its secrets.
struct FrameTap: RealtimeTransport {
  let wire: WireTap
  private let transport = NIOWebSocketTransport(openTimeout: ClientOptions.defaultOpenTimeout)

  init(_ wire: WireTap) { self.wire = wire }

  func open(
    _ request: RealtimeRequest, receive: @escaping @Sendable (RealtimeSocketEvent) -> Void
  ) -> any RealtimeSocket {
    // A client that comes back says so by a key of its connection.
    let isBack = request.target.contains("resume=")
    wire.note("→ WebSocket /?accessToken=<redacted>\(isBack ? "&resume=<redacted>" : "")")
    let socket = transport.open(request) { [wire] event in
      if case .frame(let frame) = event, let line = FrameText.of(frame) { wire.note("← \(line)") }
      receive(event)
    }
    return Socket(base: socket, wire: wire)
  }

  private struct Socket: RealtimeSocket {
    let base: any RealtimeSocket
    let wire: WireTap

    func send(_ frame: RealtimeFrame) {
      if let line = FrameText.of(frame) { wire.note("→ \(line)") }
      base.send(frame)
    }

    func close() { base.close() }
  }
}

/// A frame as a line: its name and what is worth reading in it.
enum FrameText {
  private static let names = [
    4: "CONNECTED", 6: "DISCONNECTED", 7: "CLOSE", 8: "CLOSED", 9: "ERROR", 10: "ATTACH", 11: "ATTACHED",
    15: "MESSAGE", 17: "AUTH",
  ]

  /// `nil` for a frame that the story is not about, such as an acknowledgement.
  static func of(_ frame: RealtimeFrame) -> String? {
    guard let json = try? JSONValue(parsing: frame.bytes),
      let name = json["action"]?.number?.int64.flatMap({ names[Int($0)] })
    else { return nil }
    var shown: [String: JSONValue] = [:]
    for member in ["auth", "channel", "connectionId", "error"] { shown[member] = json[member] }
    shown["clientId"] = json["connectionDetails"]?["clientId"]
    shown["messages"] = json["messages"]?.array.map { .array($0.map(message)) }
    return shown.isEmpty ? name : "\(name)  \(Redaction.of(.object(shown)))"
  }

  private static func message(_ json: JSONValue) -> JSONValue {
    var shown: [String: JSONValue] = [:]
    for member in ["name", "data", "clientId"] { shown[member] = json[member] }
    return .object(shown)
  }
}
