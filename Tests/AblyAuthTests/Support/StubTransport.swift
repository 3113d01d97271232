internal import AblyAuth
internal import AblyTokens
internal import HTTPTypes
internal import Synchronization
internal import TestSupport

/// Answers from a closure, and remembers what was sent.
final class StubTransport: HTTPTransport {
  struct Sent: Sendable {
    let request: HTTPRequest
    let body: [UInt8]
    let limits: HTTPLimits

    var scheme: String? { request.scheme }
    var authority: String? { request.authority }
    var target: String { request.path ?? "" }
    var line: String { "\(request.method) \(target)" }
    var path: String { String(target.prefix { $0 != "?" }) }
    var query: [String] { target.drop { $0 != "?" }.dropFirst().split(separator: "&").map(String.init) }
    var json: JSONValue { get throws { try JSONValue(parsing: body) } }

    subscript(name: String) -> String? {
      HTTPField.Name(name).flatMap { request.headerFields[$0] }
    }
  }

  typealias Answer = @Sendable (Sent) async throws(HTTPFailure) -> HTTPReply

  private let answer: Answer
  private let record = Locked<[Sent]>([])

  init(_ answer: @escaping Answer) {
    self.answer = answer
  }

  /// Gives these answers in turn, then the last one again.
  convenience init(_ replies: HTTPReply...) {
    let rest = Mutexed(replies)
    self.init { _ throws(HTTPFailure) in
      rest.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
    }
  }

  var sent: [Sent] { record.withLock { $0 } }

  func send(
    _ request: HTTPRequest, body: [UInt8], limits: HTTPLimits
  ) async throws(HTTPFailure) -> HTTPReply {
    let sent = Sent(request: request, body: body, limits: limits)
    record.withLock { $0.append(sent) }
    return try await answer(sent)
  }
}
