internal import AblyAuth
internal import AblyRealtime
internal import AblyTesting
internal import AblyTokens
internal import HTTPTypes
internal import TestSupport
internal import Testing

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

@Suite("The parts of a realtime client", .endsAtLast)
struct RealtimeClientTests {
  @Test("RTC12, RSC1a: a text with a colon is a key, another is a token; what is neither throws")
  func texts() throws {
    #expect(try RealtimeClient(Stage.key).auth.tokenDetails == nil)
    #expect(try RealtimeClient("a-token").auth.tokenDetails?.token == "a-token")
    let malformed = #expect(throws: ErrorInfo.self) { try RealtimeClient("no key:secret") }
    #expect(malformed?.code == .notFound)
    let nothing = #expect(throws: ErrorInfo.self) { try RealtimeClient(options: ClientOptions()) }
    #expect(nothing?.code == .noAuthenticationMethod)
    #expect(throws: ErrorInfo.self) { try RealtimeClient("") }
  }

  @Test("RTC2, RTC3, RTC4, RTC17: connection, channels and auth are there, and auth is that of REST")
  func parts() throws {
    let client = try RealtimeClient(Stage.key)
    #expect(client.connection.state == .initialized)
    #expect(client.channels.names.isEmpty)
    #expect(client.channels["a"].name == "a" && client.channels.names == ["a"])
    #expect(client.auth === client.rest.auth)
    #expect(client.clientId == nil)
    #expect(client.connection.id == nil)
    #expect(client.connection.key == nil)
    #expect(client.connection.createRecoveryKey() == nil)
    var options = try ClientOptions(key: Stage.key)
    options.clientId = "ada"
    #expect(try RealtimeClient(options: options).clientId == "ada")
  }

  @Test("RTC6, RTC9: time and request go over HTTP")
  func rest() async throws {
    let http = StubHTTP { request throws(HTTPFailure) in
      request.path == "/time" ? .json([1_700_000_000_123]) : .json([["id": "a"]])
    }
    let stage = try Stage(http: http)
    #expect(try await stage.client.time().timeIntervalSince1970 == 1_700_000_000.123)
    let answer = try await stage.client.request("GET", "/channels/a/messages", params: ["limit": "1"])
    #expect(answer.items == [["id": "a"]])
    #expect(http.requests.map(\.path) == ["/time", "/channels/a/messages?limit=1"])
  }

  @Test("RTC16, RTN12a: close sends CLOSE, and CLOSED ends it; the client goes on")
  func close() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextConnection()
      stage.client.close()
      #expect(stage.connection.state == .closing)
      _ = try await socket.next(7)
      socket.deliver(["action": 8])
      #expect(stage.connection.state == .closed)
      #expect(stage.connection.id == nil)
      stage.client.connect()
      _ = try await stage.nextConnection(id: "connection-2")
      #expect(stage.connection.id == "connection-2")
    }
  }

  @Test("RTN13a, RTN13e: ping measures the way there and back, and each has an id of its own")
  func ping() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextConnection()
      async let first = stage.connection.ping()
      let one = try await socket.next(0)
      async let second = stage.connection.ping()
      let two = try await socket.next(0)
      #expect(one["id"] != two["id"])
      stage.clock.advance(by: .milliseconds(250))
      socket.deliver(two)
      socket.deliver(["action": 0])
      stage.clock.advance(by: .milliseconds(250))
      socket.deliver(one)
      #expect(try await first == .milliseconds(500))
      #expect(try await second == .milliseconds(250))
    }
  }

  @Test("RTN20a, RTN20c: no network is DISCONNECTED at once, then an attempt; one that comes back is another")
  func network() async throws {
    try await Stage.run { stage in
      var changes = stage.changes.makeAsyncIterator()
      let socket = try await stage.nextConnection()
      _ = await (changes.next(), changes.next())
      stage.connection.networkChanged(isAvailable: false)
      let lost = await changes.next()
      #expect(lost?.current == .disconnected)
      #expect(lost?.reason != nil)
      #expect(await changes.next()?.current == .connecting)
      #expect(socket.isClosed)
      stage.connection.networkChanged(isAvailable: true)
      #expect(try await stage.nextConnection().query["resume"] == "key-1")
    }
  }

  @Test(
    "RTN17f, RTN17j, RTN17e, REC3: the network is checked, a fallback host serves, and requests follow it")
  func fallback() async throws {
    let http = StubHTTP { request throws(HTTPFailure) in
      request.authority == "internet-up.ably-realtime.com" ? .text("yes") : .json([1])
    }
    try await Stage.run(http: http) { stage in
      try await stage.nextSocket().happen(.ended(.failed(HTTPFailure(.refused, ""))))
      let second = try await stage.nextSocket()
      #expect(second.request.host.contains(".fallback.ably-realtime.com"))
      #expect(http.requests.map(\.path) == ["/is-the-internet-up.txt"])
      #expect(http.requests.first?.method == .get)
      #expect(http.requests.first?.headerFields[.authorization] == nil)
      second.connected()
      _ = try await stage.client.time()
      #expect(http.requests.last?.authority == second.request.host)
      second.happen(.ended(.closed(code: nil)))
      let third = try await stage.nextSocket()
      #expect(third.request.host == "main.realtime.ably.net")
      _ = try await stage.client.time()
      #expect(http.requests.last?.authority == "main.realtime.ably.net")
    }
  }

  @Test("RTN17j: the fallback hosts are tried in an order that differs from client to client")
  func fallbackOrder() async throws {
    let http = StubHTTP { _ throws(HTTPFailure) in .text("yes") }
    var orders: Set<[String]> = []
    for _ in 0..<20 {
      let order = try await Stage.run(http: http) { stage in
        for _ in 0..<6 { try await stage.nextSocket().happen(.ended(.failed(HTTPFailure(.refused, "")))) }
        return stage.transport.sockets.map(\.request.host)
      }
      #expect(order.first == "main.realtime.ably.net")
      #expect(Set(order).count == 6)
      orders.insert(order)
    }
    #expect(orders.count > 1)
  }

  @Test("RTN17j: without a network no fallback host is asked")
  func noNetwork() async throws {
    try await Stage.run { stage in
      try await stage.nextSocket().happen(.ended(.failed(HTTPFailure(.refused, ""))))
      try await stage.connection.whenState(.disconnected)
      #expect(stage.transport.sockets.count == 1)
    }
  }

  @Test("RTN14d, RTB1, TO3l1: after a failure the next attempt begins when its time has come")
  func retry() async throws {
    try await Stage.run { stage in
      try await stage.nextSocket().happen(.ended(.failed(HTTPFailure(.tls, ""))))
      let change = try await stage.connection.whenState(.disconnected)
      #expect(change?.retryIn ?? .seconds(15) == .seconds(15))
      stage.clock.advance(by: .seconds(14))
      #expect(stage.connection.state == .disconnected)
      stage.clock.advance(by: .seconds(1))
      _ = try await stage.nextConnection()
    }
  }

  @Test("RTN14c: a socket on which nobody says anything is given up when its time is over")
  func silence() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextSocket()
      stage.clock.advance(by: .seconds(10))
      try await stage.connection.whenState(.disconnected)
      #expect(socket.isClosed)
      #expect(stage.connection.errorReason?.statusCode == 408)
    }
  }

  @Test("RTN23a, RTN23b: silence ends a connection; a ping of the WebSocket is a sign of life")
  func idle() async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextConnection()
      stage.clock.advance(by: .seconds(24))
      socket.happen(.activity)
      stage.clock.advance(by: .seconds(24))
      #expect(stage.connection.state == .connected)
      socket.deliver(["action": 99])
      stage.clock.advance(by: .seconds(25))
      let second = try await stage.nextSocket()
      #expect(socket.isClosed)
      #expect(second.query["resume"] == "key-1")
    }
  }

  @Test(
    "RTF1, 80013: a frame that is none of the protocol ends the socket, and the connection is taken up again",
    arguments: [
      RealtimeFrame(isText: true, bytes: Array("{".utf8)),
      RealtimeFrame(isText: true, bytes: Array("[]".utf8)),
      RealtimeFrame(isText: true, bytes: [0xFF, 0xFE]), RealtimeFrame(isText: false, bytes: [0xC1]),
      RealtimeFrame(isText: true, bytes: Array(#"{"action":4,"connectionDetails":7}"#.utf8)),
    ])
  func garbage(frame: RealtimeFrame) async throws {
    try await Stage.run { stage in
      let socket = try await stage.nextConnection()
      socket.happen(.frame(frame))
      #expect(socket.isClosed)
      #expect(try await stage.nextConnection(key: "key-2").query["resume"] == "key-1")
      var reasons: [ErrorInfo.Code?] = []
      for await change in stage.changes.prefix(3) { reasons.append(change.reason?.code) }
      #expect(reasons.last == .protocolError)
    }
  }
}
