internal import AblyTokens
internal import AblyWire
internal import HTTPTypes

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension RequestSender: TokenService {
  func serverTime() async throws(ErrorInfo) -> Date {
    let answer = try await send(RESTCall(method: .get, target: RequestTarget(["time"])))
    guard let time = answer.body.array?.first?.number?.int64 else {
      throw answer.unreadable("the answer to /time is not a time")
    }
    return Milliseconds.date(time)
  }

  func exchange(_ request: TokenRequest) async throws(ErrorInfo) -> TokenDetails {
    let answer = try await send(
      RESTCall(
        method: .post, target: RequestTarget(["keys", request.keyName, "requestToken"]),
        body: request.jsonUTF8, answerIsSecret: true))
    do throws(ErrorInfo) {
      return try TokenDetails(json: answer.body)
    } catch {
      throw answer.unreadable("the answer to requestToken holds no token: \(error.message)")
    }
  }

  func revoke(
    _ body: JSONValue, keyName: String, authorization: Secret
  ) async throws(ErrorInfo) -> JSONValue {
    let call = identified(
      RESTCall(
        method: .post, target: RequestTarget(["keys", keyName, "revokeTokens"]), body: format.encode(body),
        bodyFormat: format))
    return try read(await reply(to: call, authorization: authorization), to: call).body
  }
}
