internal import AblyTokens
internal import HTTPTypes
internal import Logging

extension RequestSender {
  /// How many redirects of an auth server are followed.
  private static let maximumRedirects = 5

  /// The statuses that lead elsewhere.
  private static let redirects: Set = [301, 302, 303, 307, 308]

  func ask(_ call: AuthURLCall) async throws(ErrorInfo) -> AuthAnswer {
    var call = call
    for _ in 0...Self.maximumRedirects {
      if !call.url.origin.isSecure, !call.url.origin.isLoopback {
        logger.warning("authURL is asked without TLS: whoever listens gets the token")
      }
      let reply = try await exchange(call)
      let status = reply.response.status.code
      guard (200..<300).contains(status) || Self.redirects.contains(status) else {
        throw ErrorInfo(authURLRefusal: reply)
      }
      do throws(AuthAnswer.Unusable) {
        if (200..<300).contains(status) { return try AuthAnswer(reply) }
        call = try call.redirected(status: status, to: reply.response.headerFields[.location])
      } catch {
        throw ErrorInfo(unusable: error, from: "authURL")
      }
    }
    throw ErrorInfo(
      unusable: AuthAnswer.Unusable("it redirects more than \(Self.maximumRedirects) times"), from: "authURL")
  }

  private func exchange(_ call: AuthURLCall) async throws(ErrorInfo) -> HTTPReply {
    let origin = call.url.origin
    let request = HTTPRequest(
      method: call.method == .post ? .post : .get, scheme: origin.scheme, authority: origin.authority,
      path: call.url.target.text, headerFields: call.fields)
    // The answer may be larger than the largest token: JSON escapes.
    let limits = HTTPLimits(timeout: timeout, maximumBodySize: AuthAnswer.maximumCount * 2)
    do throws(HTTPFailure) {
      return try await transport.send(request, body: call.body, limits: limits)
    } catch {
      throw ErrorInfo(tokenSource: "authURL", ErrorInfo(error, from: origin, limits: limits))
    }
  }
}
