internal import AblyAuth
internal import AblyTokens
internal import HTTPTypes

extension HTTPReply {
  /// An answer in JSON.
  static func json(
    _ body: JSONValue, status: Int = 200, type: String? = "application/json",
    fields: [(name: String, value: String)] = []
  ) -> HTTPReply {
    reply(body.utf8, status: status, type: type, fields: fields)
  }

  /// An answer in text.
  static func text(
    _ body: String, status: Int = 200, type: String? = "text/html",
    fields: [(name: String, value: String)] = []
  ) -> HTTPReply {
    reply(Array(body.utf8), status: status, type: type, fields: fields)
  }

  private static func reply(
    _ body: [UInt8], status: Int, type: String?, fields: [(name: String, value: String)]
  ) -> HTTPReply {
    var response = HTTPResponse(status: HTTPResponse.Status(code: status))
    response.headerFields[.contentType] = type
    for (name, value) in fields {
      if let name = HTTPField.Name(name) { response.headerFields.append(HTTPField(name: name, value: value)) }
    }
    return HTTPReply(response: response, body: body)
  }

  static let serverTime: Int64 = 1_704_067_200_123

  static let time = json([.number(JSONNumber(serverTime))])

  static let token = json(["token": "obtained-token", "expires": 4_102_444_800_000])
}
