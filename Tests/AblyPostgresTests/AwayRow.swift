#if Postgres
  internal import AblyService
  internal import AblyTokens
  internal import AblyWire
  internal import Foundation

  /// A row of the table in docs/operations.md, and what shows that it is so.
  struct AwayRow: Sendable {
    let name: String
    let answer: String
    let holds: @Sendable (AwayDesk, AwayGuests) async throws -> Bool

    /// Looked at once the database is back.
    var comesBack: @Sendable (AwayDesk, AwayGuests) async throws -> Bool = { _, _ in true }

    static let all: [AwayRow] = [
      exchange, administration, unrevocableToken, revocableToken, knownKey, unknownKey,
      plainParams, publishing, presence, history, attaching, status,
      travelling, leaving, standing, readiness,
    ]

    private static let exchange = AwayRow(name: "exchange of a token request", answer: "refused, 503") {
      desk, guests in
      var statuses: [Int] = []
      for request in [try desk.sign(desk.plain), guests.used] {
        statuses.append(await desk.exchange(request, on: desk.two).status)
      }
      return statuses == [503, 503]
    } comesBack: { desk, guests in
      let used = await desk.exchange(guests.used, on: desk.two)
      let fresh = await desk.exchange(try desk.sign(desk.plain), on: desk.two)
      return used.refusalCode == 40105 && fresh.status == 201
    }

    private static let administration = AwayRow(
      name: "revocation, an app made or deleted", answer: "refused, 503"
    ) { desk, _ in
      let revoked = await desk.revoke("eve", on: desk.two)
      let made = await desk.send("POST", "/apps", to: desk.two).status
      let deleted = await desk.send("DELETE", "/apps/appOne", nil, desk.basic(desk.plain), to: desk.two)
        .status
      return revoked == 503 && made == 503 && deleted == 503
    }

    private static let unrevocableToken = AwayRow(
      name: "token of a key whose tokens cannot be revoked", answer: "accepted, checked in memory"
    ) { desk, guests in
      await desk.use("Bearer \(guests.free.token)") == 200
    }

    private static let revocableToken = AwayRow(
      name: "token of a key whose tokens can be revoked",
      answer: "refused, 503, from the moment the node notices"
    ) { desk, guests in
      let (bob, eve) = (
        await desk.use("Bearer \(guests.bob.token)"), await desk.use("Bearer \(guests.eve.token)")
      )
      return bob == 503 && eve == 503
    } comesBack: { desk, guests in
      let (bob, eve) = (
        await desk.use("Bearer \(guests.bob.token)"), await desk.use("Bearer \(guests.eve.token)")
      )
      return bob == 401 && eve == 200
    }

    private static let knownKey = AwayRow(name: "API key (Basic) that the node knows", answer: "accepted") {
      desk, _ in
      await desk.use(desk.basic(desk.plain)) == 200
    }

    private static let unknownKey = AwayRow(
      name: "key or token of an app that the node has not heard of", answer: "refused, 503"
    ) { desk, _ in
      let other = try ServiceKey(APIKey("other.key:secret"))
      let jwt = try AblyJWTSigner(key: other.key).mint(AblyJWT.Claims(ttl: .seconds(60), issuedAt: Date()))
      let (key, token) = (await desk.use(desk.basic(other)), await desk.use("Bearer \(jwt.token)"))
      return key == 503 && token == 503
    }

    private static let plainParams = AwayRow(
      name: "plain TokenParams with the key (Basic)", answer: "accepted: there is no nonce"
    ) { desk, _ in
      let path = "/keys/\(desk.plain.key.keyName)/requestToken"
      return await desk.send("POST", path, [:], desk.basic(desk.plain), to: desk.two).status == 201
    }

    private static let publishing = AwayRow(
      name: "publish, over HTTP or a connection", answer: "refused: 503, or NACK with 50004"
    ) { desk, guests in
      let path = "/channels/a/messages"
      let status = await desk.send("POST", path, ["data": "x"], desk.basic(desk.plain), to: desk.two).status
      let answer = try await guests.watcher.publish("x", serial: 0)
      return status == 503 && answer.isStoreRefusal
    } comesBack: { desk, _ in
      let path = "/channels/a/messages"
      return await desk.send("POST", path, ["data": "y"], desk.basic(desk.plain), to: desk.two).status
        == 201
    }

    private static let presence = AwayRow(
      name: "entering, updating and leaving", answer: "refused: NACK with 50004"
    ) { _, guests in
      let answers = [
        try await guests.member.change(4, serial: 1), try await guests.member.change(3, serial: 2),
        try await guests.traveller.change(2, serial: 1),
      ]
      return answers.allSatisfy(\.isStoreRefusal)
    }

    private static let history = AwayRow(name: "history of messages and of presence", answer: "refused, 503")
    { desk, _ in
      var statuses: [Int] = []
      for path in ["messages", "history", "presence/history"] {
        statuses.append(
          await desk.send("GET", "/channels/a/\(path)", nil, desk.basic(desk.plain), to: desk.two).status)
      }
      return statuses == [503, 503, 503]
    }

    private static let attaching = AwayRow(
      name: "attaching; who is present", answer: "answered with what the node knows"
    ) { desk, guests in
      let attached = try await guests.watcher.attach("b")
      let members = await desk.members(on: desk.two)
      return attached.action == .attached && members == ["mia"]
    }

    private static let status = AwayRow(
      name: "the status of a channel (`GET /channels/{name}`)", answer: "refused, 503"
    ) { desk, _ in
      await desk.send("GET", "/channels/a", nil, desk.basic(desk.plain), to: desk.two).status == 503
    }

    private static let travelling = AwayRow(
      name: "a connection that another node had", answer: "DISCONNECTED with 50004; its client comes back"
    ) { desk, guests in
      let again = try await CoreClient.connect(
        desk.two, desk.plain, clientId: "tom", resuming: guests.traveller.key)
      return again.greeting?.action == .disconnected && again.greeting?.error?.code == .serverBusy
    } comesBack: { desk, guests in
      let again = try await CoreClient.connect(
        desk.two, desk.plain, clientId: "tom", resuming: guests.traveller.key)
      return again.greeting?.action == .connected && again.greeting?.error == nil
        && again.greeting?.connectionId == guests.traveller.greeting?.connectionId
    }

    private static let leaving = AwayRow(
      name: "members of a connection that ends", answer: "leave once the database is back"
    ) { _, guests in
      await guests.member.send(["action": 7])
      return try await guests.member.next(.closed).action == .closed
    } comesBack: { desk, guests in
      let left = try await guests.watcher.next(.presence).presence
      let members = await desk.members(on: desk.two)
      return left.map(\.action) == [.leave] && left.map(\.clientId) == ["mia"] && members.isEmpty
    }

    private static let standing = AwayRow(name: "`/time`, `/health`", answer: "answered") { desk, _ in
      let (time, health) = (
        await desk.send("GET", "/time", to: desk.two).status,
        await desk.send("GET", "/health", to: desk.two).status
      )
      return time == 200 && health == 200
    }

    private static let readiness = AwayRow(name: "`/ready`", answer: "503: a balancer leads nobody there") {
      desk, _ in
      let response = await desk.send("GET", "/ready", to: desk.two)
      return response.status == 503 && response.body["status"] == "unavailable"
    } comesBack: { desk, _ in
      await desk.send("GET", "/ready", to: desk.two).status == 200
    }

    /// The rows as the page has them: what happens, and how that is answered.
    static func documented() throws -> [[String]] {
      let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/operations.md")
      let lines = try String(contentsOf: page, encoding: .utf8).split(
        separator: "\n", omittingEmptySubsequences: false)
      return lines.drop { $0 != "| while the database is away | |" }.dropFirst(2).prefix { $0.hasPrefix("|") }
        .map { line in
          line.split(separator: "|").map { String($0).trimmingCharacters(in: .whitespaces) }
        }
    }
  }

  extension ServiceResponse {
    fileprivate var refusalCode: Int64? { body["error"]?["code"]?.number?.int64 }
  }

  extension ProtocolMessage {
    fileprivate var isStoreRefusal: Bool { action == .nack && error?.code == .serverBusy }
  }
#endif
