internal import AblyAuth
internal import AblyTesting
internal import AblyTokens
internal import AblyWire
internal import HTTPTypes
internal import TestSupport
internal import Testing

@Suite("request")
struct RequestTests {
  @Test(
    "RSC19f, RSC19f1, RSC19b, RSC19c: it goes as it is said, with the client's credentials",
    arguments: ["GET", "POST", "PUT", "PATCH", "DELETE"])
  func sent(method: String) async throws {
    let transport = StubTransport(.json([]))
    _ = try await RESTClient.stubbed(transport).request(
      method, "/a/b%20c?x=1", version: 3, params: ["limit": "10", "q": "a b"], body: ["k": "v"],
      headers: ["X-Own": "1", "Authorization": "evil", "X-Ably-Version": "9"])
    let sent = transport.sent[0]
    #expect(sent.line == "\(method) /a/b%20c?x=1&limit=10&q=a%20b")
    #expect(try sent.json == ["k": "v"])
    #expect(sent["X-Ably-Version"] == "3")
    #expect(sent["X-Own"] == "1")
    #expect(sent["Authorization"] == Sample.basic)
    #expect(sent["Accept"] == "application/json")
    #expect(sent["Content-Type"] == "application/json")
  }

  @Test("RSC19f: a path may lack its first slash", arguments: ["channels", "/channels"])
  func slash(path: String) async throws {
    let transport = StubTransport(.json([]))
    _ = try await RESTClient.stubbed(transport).request("GET", path)
    #expect(transport.sent[0].target == "/channels")
    #expect(transport.sent[0].body.isEmpty)
    #expect(transport.sent[0]["X-Ably-Version"] == "6")
  }

  static let malformed: [(String, String, [String: String])] = [
    ("", "/", [:]), ("G T", "/", [:]), ("GET", "/a b", [:]), ("GET", "/a\r\nX: y", [:]), ("GET", "/a#b", [:]),
    ("GET", "/é", [:]), ("GET", "/", ["a b": "x"]), ("GET", "/", ["X": "a\nb"]), ("GET", "/", ["Host": "x"]),
  ]

  @Test("RSC19f: what HTTP cannot carry is 40003", arguments: malformed)
  func refused(method: String, path: String, headers: [String: String]) async throws {
    let transport = StubTransport(.json([]))
    let error = await #expect(throws: ErrorInfo.self) {
      try await RESTClient.stubbed(transport).request(method, path, headers: headers)
    }
    #expect(error?.code == .invalidParameterValue)
    #expect(transport.sent.isEmpty)
  }

  @Test("it stays with its host", arguments: ["https://evil.example/", "//evil.example/"])
  func host(path: String) async throws {
    let transport = StubTransport(.json([]))
    _ = try await RESTClient.stubbed(transport).request("GET", path)
    #expect(transport.sent[0].authority == "main.realtime.ably.net")
  }

  static let items: [(HTTPReply, [JSONValue])] = [
    (.json([["id": "1"], ["id": "2"]]), [["id": "1"], ["id": "2"]]),
    (.json(["id": "1"]), [["id": "1"]]),
    (.json(.null), []),
    (.text("", status: 204, type: nil), []),
    (.json([1, "x"]), [1, "x"]),
  ]

  @Test("RSC19d, HP1, HP3, HP4, HP5, HP8: what came", arguments: items)
  func answer(reply: HTTPReply, items: [JSONValue]) async throws {
    let response = try await RESTClient.stubbed(StubTransport(reply)).request("GET", "/x")
    #expect(response.items == items)
    #expect(response.statusCode == reply.response.status.code)
    #expect(response.success)
    #expect(response.errorCode == nil)
    #expect(response.headers[.contentType] == reply.response.headerFields[.contentType])
  }

  static let refusals: [(HTTPReply, ErrorInfo.Code, String)] = [
    (
      .text(
        "", status: 404, type: nil,
        fields: [("X-Ably-ErrorCode", "40400"), ("X-Ably-ErrorMessage", "no such")]),
      .notFound, "no such"
    ),
    (.json(["error": ["code": 40160, "message": "not you"]], status: 401), .capabilityDenied, "not you"),
    (.text("<html>", status: 502), .internalError, "502"),
  ]

  @Test("RSC19d, HP5, HP6, HP7: a refusal is an answer", arguments: refusals)
  func refusal(reply: HTTPReply, code: ErrorInfo.Code, message: String) async throws {
    let client = try RESTClient.stubbed(StubTransport(reply)) { $0.fallbackHosts = [] }
    let response = try await client.request("GET", "/x")
    #expect(!response.success)
    #expect(response.statusCode == reply.response.status.code)
    #expect(response.errorCode == code)
    #expect(response.errorMessage?.contains(message) == true)
    #expect(response.items.isEmpty)
  }

  @Test("RSC19d, HP6, HP7: what the header says of a refusal goes before what its body says")
  func header() async throws {
    let fields = [
      (name: "X-Ably-Errorcode", value: "40142"), (name: "X-Ably-Errormessage", value: "Token expired"),
    ]
    let reply = HTTPReply.json(
      ["error": ["code": 40101, "message": "Unauthorized"]], status: 401, fields: fields)
    let response = try await RESTClient.stubbed(StubTransport(reply)).request("GET", "/x", version: 3)
    #expect(response.errorCode == .tokenExpired)
    #expect(response.errorMessage == "Token expired")
    let same = HTTPReply.json(
      ["error": ["code": 40142, "message": "Unauthorized"]], status: 401, fields: fields)
    let other = try await RESTClient.stubbed(StubTransport(same)).request("GET", "/x", version: 3)
    #expect(other.errorCode == .tokenExpired)
    #expect(other.errorMessage == "Token expired")
  }

  @Test("TO3l9: a body beyond maxFrameSize is 40009, and nothing is sent")
  func large() async throws {
    let transport = StubTransport(.json([]))
    let body: JSONValue = .string(String(repeating: "x", count: 98))
    let client = try RESTClient.stubbed(transport) { $0.maxFrameSize = 100 }
    _ = try await client.request("POST", "/x", body: body)
    #expect(transport.sent.count == 1)
    let less = try RESTClient.stubbed(transport) { $0.maxFrameSize = 99 }
    let error = await #expect(throws: ErrorInfo.self) {
      try await less.request("POST", "/x", body: body)
    }
    #expect(error?.code == .maxMessageSizeExceeded)
    #expect(error?.remedy?.contains("99") == true)
    #expect(transport.sent.count == 1)
    #expect(ClientOptions().maxFrameSize == 524_288)
  }

  @Test("RSC19d, HP2: pages")
  func pages() async throws {
    let links = [
      (name: "Link", value: #"<./x?page=2>; rel="next""#),
      (name: "Link", value: #"<./x?page=1>; rel="first""#),
    ]
    let transport = StubTransport(.json([1, 2], fields: links), .json([3]), .json([1, 2], fields: links))
    let client = try RESTClient.stubbed(transport)
    let first = try await client.request("GET", "/a/x", version: 4, headers: ["X-Own": "1"])
    #expect(first.hasNext)
    let second = try #require(try await first.next())
    #expect(second.items == [3])
    #expect(second.isLast)
    #expect(try await second.next() == nil)
    #expect(try await first.first().items == [1, 2])
    #expect(transport.sent.map(\.target) == ["/a/x", "/a/x?page=2", "/a/x?page=1"])
    #expect(transport.sent.allSatisfy { $0["X-Ably-Version"] == "4" && $0["X-Own"] == "1" })
  }

  @Test("HP2, TG4, TG5: pages are asked for with GET: what a POST changed is not changed again")
  func pagesOfPost() async throws {
    let links = [(name: "Link", value: #"<./x?page=2>; rel="next""#)]
    let transport = StubTransport(.json([1], fields: links), .json([2]))
    let client = try RESTClient.stubbed(transport)
    let answer = try await client.request("POST", "/a/x", body: ["name": "n"], headers: ["X-Own": "1"])
    _ = try await answer.next()
    _ = try await answer.first()
    #expect(transport.sent.map(\.line) == ["POST /a/x", "GET /a/x?page=2", "GET /a/x"])
    #expect(transport.sent.map(\.body.isEmpty) == [false, true, true])
    #expect(transport.sent.map { $0["Content-Type"] } == ["application/json", nil, nil])
    #expect(transport.sent.allSatisfy { $0["X-Own"] == "1" })
  }

  static let silences: [(HTTPFailure.Reason, ErrorInfo.Code)] = [
    (.timedOut, .timeout), (.refused, .connectionFailed), (.unresolved, .connectionFailed),
  ]

  @Test("RSC19e: no answer is an error, after the fallback hosts", arguments: silences)
  func noAnswer(reason: HTTPFailure.Reason, code: ErrorInfo.Code) async throws {
    let transport = StubTransport { _ throws(HTTPFailure) in throw HTTPFailure(reason, "") }
    let error = await #expect(throws: ErrorInfo.self) {
      try await RESTClient.stubbed(transport).request("GET", "/x")
    }
    #expect(error?.code == code)
    #expect(transport.sent.count == 4, "RSC15")
    let alone = await #expect(throws: ErrorInfo.self) {
      try await RESTClient.stubbed(transport) { $0.fallbackHosts = [] }.request("GET", "/x")
    }
    #expect(alone?.code == code)
    #expect(transport.sent.count == 5, "RSC15m")
  }

  @Test("RSC19b, RSC10: a refused token is renewed; the second refusal is an answer")
  func tokens() async throws {
    let transport = StubTransport { sent throws(HTTPFailure) in
      sent.path.hasSuffix("requestToken") ? .token : RenewalTests.refusal(40142)
    }
    let client = try RESTClient.stubbed(transport) { $0.useTokenAuth = true }
    let response = try await client.request("GET", "/x")
    #expect(response.statusCode == 401)
    #expect(response.errorCode == .tokenExpired)
    #expect(transport.sent.count { $0.path == "/x" } == 2)
  }
}

@Suite("Formats of requests")
struct FormatTests {
  @Test("RSC19c: the body of a request of one's own travels in MessagePack too")
  func requestBody() async throws {
    let transport = StubTransport(Self.packed([["id": "1"]]))
    let client = try RESTClient(options: ClientOptions(key: Sample.key), transport: transport)
    let response = try await client.request(
      "POST", "/x", version: 3, body: ["name": "event", "data": ["nested": "value"]])
    #expect(response.items == [["id": "1"]])
    let sent = transport.sent[0]
    #expect(sent["Accept"] == "application/x-msgpack")
    #expect(sent["Content-Type"] == "application/x-msgpack")
    #expect(
      try MessagePackValue(parsing: sent.body)
        == .map(["name": .string("event"), "data": .map(["nested": .string("value")])]))
  }

  static func packed(_ json: JSONValue, status: Int = 200) -> HTTPReply {
    var reply = HTTPReply.text("", status: status, type: "application/x-msgpack")
    reply.body = MessagePackValue(json).bytes
    return reply
  }

  @Test("RSC8a, RSC8c, TO3f, RSL4c1: MessagePack unless JSON is asked for")
  func messagePack() async throws {
    let transport = StubTransport(Self.packed(["serials": ["s"]]))
    let client = try RESTClient(options: ClientOptions(key: Sample.key), transport: transport)
    let result = try await client.channel("c").publish(name: "n", data: .binary([1, 2]))
    #expect(result.serials == ["s"])
    let sent = transport.sent[0]
    #expect(sent["Accept"] == "application/x-msgpack")
    #expect(sent["Content-Type"] == "application/x-msgpack")
    guard case .array(let messages) = try MessagePackValue(parsing: sent.body),
      case .map(let message) = messages[0]
    else { Issue.record("not messages"); return }
    #expect(message["data"] == .binary([1, 2]))
    #expect(message["encoding"] == nil)
  }

  @Test(
    "RSC8d, RSC19c: an answer is read as what it says it is, whatever was asked", arguments: [true, false])
  func mismatch(binary: Bool) async throws {
    let answers = [HTTPReply.time, Self.packed([.number(JSONNumber(HTTPReply.serverTime))])]
    for answer in answers {
      let client = try RESTClient.stubbed(StubTransport(answer)) { $0.useBinaryProtocol = binary }
      _ = try await client.time()
      #expect(try await client.request("GET", "/x").items == [.number(JSONNumber(HTTPReply.serverTime))])
    }
  }

  @Test("RSC8, RSA4b: an error in MessagePack is read, and a token renewed after it")
  func errors() async throws {
    let refusal = Self.packed(
      ["error": ["code": 40142, "statusCode": 401, "message": "expired"]], status: 401)
    let calls = Mutexed(0)
    let client = try AuthCallbackTests.client(
      StubTransport(refusal, Self.packed([]), refusal), callback: RenewalTests.numbered(calls))
    try await client.channel("c").publish(name: "n", data: nil)
    #expect(calls.withLock { $0 } == 2)
    let error = await #expect(throws: ErrorInfo.self) {
      try await client.channel("c").publish(name: "n", data: nil)
    }
    #expect(error?.message == "expired")
  }

  @Test("RSC8e2: MessagePack that is none is an error")
  func malformed() async throws {
    var reply = HTTPReply.text("", type: "application/x-msgpack")
    reply.body = [0xC1]
    let error = await #expect(throws: ErrorInfo.self) {
      try await RESTClient.stubbed(StubTransport(reply)).time()
    }
    #expect(error?.code == .invalidDataOrEncoding)
  }
}

@Suite("Ids of requests")
struct RequestIdTests {
  @Test("RSC7c, TO3p: one per request, the same for each host, in the error and the log")
  func ids() async throws {
    let log = LogCapture()
    let transport = StubTransport(FallbackTests.down)
    let client = try RESTClient.stubbed(transport) {
      $0.addRequestIds = true
      $0.logger = log.logger
    }
    let error = await #expect(throws: ErrorInfo.self) { try await client.time() }
    let id = try #require(error?.requestId)
    #expect(id.count >= 12)
    #expect(transport.sent.count == 4)
    #expect(transport.sent.allSatisfy { $0.query == ["request_id=\(id)"] })
    #expect(log.lines.dropFirst().allSatisfy { $0.contains(id) }, "all but that the client was made")
    let other = await #expect(throws: ErrorInfo.self) { try await client.channel("c").history(limit: 1) }
    #expect(other?.requestId != id)
    #expect(transport.sent.last?.query.first == "limit=1")
  }

  @Test("RSC7c: none unless they are asked for")
  func none() async throws {
    let transport = StubTransport(FallbackTests.down)
    let error = await #expect(throws: ErrorInfo.self) { try await RESTClient.stubbed(transport).time() }
    #expect(error?.requestId == nil)
    #expect(transport.sent[0].query.isEmpty)
  }
}
