internal import AblyTokens
internal import HTTPTypes
internal import Logging

/// Sends requests to the service and reads its answers.
struct RequestSender: Sendable {
  let endpoint: Endpoint
  private let transport: any HTTPTransport
  private let fields: HTTPFields
  private let timeout: Duration
  private let logger: Logger

  /// - Throws: as ``Endpoint/init(_:)``.
  init(_ options: ClientOptions, transport: any HTTPTransport) throws(ErrorInfo) {
    endpoint = try Endpoint(options)
    self.transport = transport
    fields = HTTPFields(ably: options)
    timeout = options.httpRequestTimeout
    logger = options.logger
  }

  /// Sends one request.
  ///
  /// - Throws: the service's refusal, or why there is no answer that can be read.
  func send(_ call: RESTCall, authorization: Secret? = nil) async throws(ErrorInfo) -> RESTAnswer {
    let place: Logger.Metadata = ["method": "\(call.method)", "path": "\(call.target.path)"]
    logger.debug("sending a request", metadata: place)
    do throws(ErrorInfo) {
      let reply = try await exchange(call, authorization)
      let answer = try RESTAnswer(reply, to: call)
      logger.debug("answered", metadata: place.merging(["status": "\(answer.status)"]) { $1 })
      return answer
    } catch {
      logger.debug("the request failed", metadata: place.merging(["error": "\(error)"]) { $1 })
      throw error
    }
  }

  private func exchange(_ call: RESTCall, _ authorization: Secret?) async throws(ErrorInfo) -> HTTPReply {
    var request = HTTPRequest(
      method: call.method, scheme: endpoint.scheme, authority: endpoint.authority, path: call.target.text,
      headerFields: fields)
    if !call.body.isEmpty { request.headerFields[.contentType] = MediaType.json }
    if let authorization { request.headerFields[.authorization] = authorization.text }
    let limits = HTTPLimits(timeout: timeout, maximumBodySize: call.maximumAnswer)
    do throws(HTTPFailure) {
      return try await transport.send(request, body: call.body, limits: limits)
    } catch {
      throw ErrorInfo(error, from: endpoint, limits: limits)
    }
  }
}
