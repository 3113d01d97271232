internal import AblyAuth
internal import AblyTokens
internal import Testing

@Suite("Answers")
struct AnswerTests {
  func error(_ reply: HTTPReply) async -> ErrorInfo? {
    await #expect(throws: ErrorInfo.self) {
      try await RESTClient.stubbed(StubTransport(reply)).channel("c").history()
    }
  }

  @Test("TI2: the service's refusal, whole")
  func refusal() async {
    let error = await error(
      .json(
        [
          "error": [
            "code": 40160, "statusCode": 401, "message": "no", "href": "https://help.ably.io/error/40160",
          ]
        ], status: 401))
    #expect(error?.code == .capabilityDenied)
    #expect(error?.statusCode == 401)
    #expect(error?.message == "no")
    #expect(error?.remedy?.isEmpty == false)
  }

  static let bare: [(HTTPReply, ErrorInfo.Code, Int)] = [
    (.json(["error": [:]], status: 403), .forbidden, 403),
    (.json(["something": "else"], status: 401), .unauthorized, 401),
    (.text("{", status: 404, type: "application/json"), .notFound, 404),
    (.text("", status: 500, type: nil), .internalError, 500),
    (.json([], status: 401, fields: [("X-Ably-ErrorCode", "40142")]), .tokenExpired, 401),
    (.json(.null, status: 429), .rateLimited, 429),
  ]

  @Test("TI2: a refusal that says little has the code of its header or its status", arguments: bare)
  func bareRefusal(reply: HTTPReply, code: ErrorInfo.Code, status: Int) async {
    let error = await error(reply)
    #expect(error?.code == code)
    #expect(error?.statusCode == status)
  }

  @Test("RSC8e1: a refusal in another type keeps its status and quotes at most 512 bytes")
  func unsupportedRefusal() async throws {
    let page = String(repeating: "x", count: 600)
    let error = try #require(await error(.text(page, status: 502)))
    #expect(error.statusCode == 502)
    #expect(error.message.contains("'text/html' is not supported"))
    let quote = try #require(error.message.split(separator: " ").last)
    #expect(Base64.standard.decode(quote.utf8)?.count == 512)
  }

  @Test("RSC8e1: the service's headers count in a refusal in another type")
  func unsupportedWithHeaders() async {
    let fields = [("X-Ably-ErrorCode", "40140"), ("X-Ably-ErrorMessage", "token\nerror")]
    let error = await error(.text("<html>", status: 401, fields: fields))
    #expect(error?.isTokenError == true)
    #expect(error?.message.hasPrefix("token error") == true)
  }

  @Test("RSC8e2: a success in another type is 40013 with status 400, and names the status it had")
  func unsupportedSuccess() async throws {
    let error = try #require(await error(.text("<html>OK</html>", status: 201)))
    #expect(error.statusCode == 400)
    #expect(error.code == .invalidDataOrEncoding)
    #expect(error.message.contains("201"))
    #expect(error.message.hasSuffix(Base64.standard.encode("<html>OK</html>".utf8)))
  }

  static let types = [
    "application/json", "application/json; charset=utf-8", "Application/JSON ;charset=utf-8", nil,
  ]

  @Test("RSC8: JSON with parameters, and without a name, is read", arguments: types)
  func type(_ type: String?) async throws {
    let transport = StubTransport(.json([], type: type))
    #expect(try await RESTClient.stubbed(transport).channel("c").history().items.isEmpty)
  }

  static let unreadable: [HTTPReply] = [
    .text("{", type: "application/json"), .text("[{}] x", type: "application/json"), .json(["a": 1]),
    .json("x"), .json([1]), .json([["timestamp": "x"]]),
    .text(String(repeating: "[", count: 100_000), type: "application/json"),
  ]

  @Test("a success that cannot be understood is an error, never a trap", arguments: unreadable)
  func nonsense(reply: HTTPReply) async {
    let error = await error(reply)
    #expect([.invalidDataOrEncoding, .badRequest, .invalidParameterValue].contains(error?.code))
  }

  @Test("a redirect is not followed")
  func redirect() async throws {
    let transport = StubTransport(
      .text("", status: 302, type: nil, fields: [("Location", "https://evil.example")]))
    let error = await #expect(throws: ErrorInfo.self) { try await RESTClient.stubbed(transport).time() }
    #expect(error?.statusCode == 302)
    #expect(error?.remedy?.contains("redirects are not followed") == true)
    #expect(transport.sent.count == 1)
  }
}
