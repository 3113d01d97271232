internal import AblyTokens
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore

extension HTTPFront {
  static func head(
    _ response: ServiceResponse, of body: (bytes: [UInt8], mediaType: String), for request: Request
  ) -> HTTPResponse {
    var fields = HTTPFields()
    for (name, value) in response.headers {
      if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
    }
    if response.status != 204 { fields[.contentType] = body.mediaType }
    if asksForUpgrade(request) { fields[.connection] = "close" }
    if response.status != 204 { fields[.contentLength] = String(body.bytes.count) }
    return HTTPResponse(status: HTTPResponse.Status(code: response.status), headerFields: fields)
  }

  // A HEAD is refused like any other wrong method, but the answer to one never has a body.
  static func body(_ body: (bytes: [UInt8], mediaType: String), for request: Request) -> ResponseBody {
    request.method == .head ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body.bytes))
  }
}
