internal import AblyTokens
internal import HTTPTypes
public import Hummingbird
internal import NIOCore

extension RouterMethods {
  /// Serves a token endpoint at a path.
  ///
  /// ```swift
  /// let router = Router()
  /// router.tokenEndpoint(endpoint, at: "/auth")
  /// ```
  ///
  /// ``GatewayCallers`` need the address of the connection: use a context that conforms to
  /// `RemoteAddressRequestContext`.
  @discardableResult
  public func tokenEndpoint(_ endpoint: TokenEndpoint, at path: RouterPath) -> Self {
    // Each by itself, so that a wrong method is answered in Ably's form too.
    for method: HTTPRequest.Method in [
      .get, .post, .options, .put, .delete, .patch, .head, .trace,
    ] {
      on(path, method: method) { request, context in
        await endpoint.respond(to: request, from: context)
      }
    }
    return self
  }
}

extension TokenEndpoint {
  fileprivate func respond(to request: Request, from context: some RequestContext) async -> Response {
    let peer = (context as? any RemoteAddressRequestContext)?.remoteAddress?.ipAddress
    let answer: EndpointResponse
    let head = EndpointRequest(request.head, peer: peer)
    do {
      let body = try await request.body.collect(upTo: EndpointRequest.maximumBodyBytes)
      answer = await respond(
        to: EndpointRequest(request.head, body: Array(body.readableBytesView), peer: peer))
    } catch is NIOTooManyBytesError {
      answer = refuse(head, .tooLarge)
    } catch {
      answer = refuse(head, .malformed("the body did not arrive whole"))
    }
    let response = Response(
      status: answer.status, headers: answer.headerFields,
      body: answer.body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    return request.method == .head ? response.createHeadResponse() : response
  }
}
