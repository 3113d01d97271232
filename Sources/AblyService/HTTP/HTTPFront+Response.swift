internal import AblyTokens
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore

extension HTTPFront {
  static let tooLarge = ServiceResponse(
    refusing: ErrorInfo(
      .maxMessageSizeExceeded, "the body is larger than \(maximumBodyBytes) bytes", statusCode: 413))

  static func head(_ response: ServiceResponse, for request: Request) -> HTTPResponse {
    var fields = HTTPFields()
    for (name, value) in response.headers {
      if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
    }
    fields[.contentType] = "application/json"
    if asksForUpgrade(request) { fields[.connection] = "close" }
    fields[.contentLength] = String(response.body.utf8.count)
    return HTTPResponse(status: HTTPResponse.Status(code: response.status), headerFields: fields)
  }

  // A HEAD is refused like any other wrong method, but the answer to one never has a body.
  static func body(_ response: ServiceResponse, for request: Request) -> ResponseBody {
    request.method == .head ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: response.body.utf8))
  }
}
