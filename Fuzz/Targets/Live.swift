internal import AblyTokens
internal import AblyWire

/// What a connected client may send, before the hub that answers it; and what clients write into queries.
enum Live {
  private static let transport = TransportID(value: 1)
  private static let now: Int64 = 1_700_000_000_000

  /// A hub with one client, that has attached a channel and is present there.
  private static let prepared: RealtimeHub? = {
    guard let key = try? ServiceKey(APIKey("fuzz.key:secret")), let parameters = try? ConnectParameters([:])
    else { return nil }
    let issuing = IssuingKey(key)
    var settings = RealtimeSettings()
    settings.maximumMembers = 4
    settings.maximumChannels = 4
    var hub = RealtimeHub(serverId: "fuzz", settings: settings)
    hub.connect(
      over: transport, parameters,
      Principal(key: issuing, capability: issuing.capability, identity: .any, hasKey: true),
      fresh: ConnectionKey(connectionId: "one", secret: Secret("secret")), now: now)
    let begin: [JSONValue] = [
      ["action": 10, "channel": "a"],
      ["action": 14, "channel": "a", "msgSerial": 0, "presence": [["action": 2, "clientId": "bob"]]],
    ]
    for json in begin {
      guard let frame = try? ClientFrame(json) else { return nil }
      _ = hub.receive([frame], over: transport, now: now)
    }
    _ = hub.takeEffects()
    return hub
  }()

  /// Frames, one or an array of them, in either format.
  static func readFrames(_ bytes: [UInt8]) {
    guard let prepared else { return expect(false, "there is no hub") }
    for format in WireFormat.allCases {
      guard let json = try? format.decode(bytes) else { continue }
      _ = try? FaultRule(json: json)
      _ = try? FaultCommand(json: json)
      let frames = (json.array ?? [json]).prefix(50).compactMap { item in
        try? ClientFrame(format.encode(item), format, maximumDepth: 64)
      }
      // One by one, and as they come when they come together.
      for size in [1, 50] { play(frames, size, in: prepared) }
    }
  }

  private static func play(_ frames: [ClientFrame], _ size: Int, in hub: RealtimeHub) {
    var hub = hub
    var rest = frames[...]
    var time = now
    while !rest.isEmpty {
      time += 7001
      rest = rest.dropFirst(max(hub.receive(rest.prefix(size), over: transport, now: time).count, 1))
      hub.advance(to: time)
      for case .send(_, let frame) in hub.takeEffects() {
        guard let sent = try? frame.json, (try? ProtocolMessage(json: sent)) != nil else {
          return expect(false, "the service sends what cannot be read")
        }
      }
    }
    hub.lost(transport, now: now)
    hub.advance(to: now + 10_000_000)
    expect(hub.sessions.isEmpty && hub.rooms.isEmpty, "something is left of a connection that is over")
  }

  static func readQuery(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    _ = try? ConnectionKey(reading: text)
    _ = Rewind(text)?.start(at: now)
    guard let query = try? ServiceRequest("GET", "/?\(text)").query() else { return }
    _ = try? ConnectParameters(query)
    _ = try? HistoryQuery(query)
    _ = try? PresenceQuery(query).page(of: PresenceSet())
  }
}
