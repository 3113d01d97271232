internal import AblyTokens
internal import Synchronization

/// What the service counts about itself: figures only, without the name of any app, key, channel or client.
///
/// Each label has few values, whatever peers send: routes are those that there are, statuses and codes those
/// that the service answers with.
package final class ServiceMetrics: Sendable {
  struct Answer: Sendable, Hashable {
    let route: String
    let status: Int
  }

  struct Counts: Sendable {
    var answers: [Answer: Int] = [:]
    var refusals: [Int: Int] = [:]
    var tokensIssued = 0
    var revocations = 0
    var reauthentications = 0
    var connections = 0
    var connectionsOpened = 0
    var sockets = 0
    var socketsRefused = 0

    /// How many routes, statuses and codes are told apart, should ever so many come about.
    static let maximumSeries = 256

    mutating func add(_ answer: Answer, code: Int?) {
      if answers[answer] != nil || answers.count < Self.maximumSeries { answers[answer, default: 0] += 1 }
      guard let code, refusals[code] != nil || refusals.count < Self.maximumSeries else { return }
      refusals[code, default: 0] += 1
    }
  }

  private let state = Locked(Counts())

  package init() {}

  var counts: Counts { state.withLock(\.self) }

  /// An answer goes out, to a request for `route`; `nil` for one that leads nowhere.
  func answered(_ response: ServiceResponse, on route: Route?) {
    let answer = Answer(route: route?.name ?? "other", status: response.status)
    var (issued, revoked) = (0, 0)
    switch route {
    case .requestToken? where response.status == 201: issued = 1
    case .revokeTokens?: revoked = Int(response.body["successCount"]?.number?.int64 ?? 0)
    default: break
    }
    state.withLock { [issued, revoked] counts in
      counts.add(answer, code: response.errorCode?.rawValue)
      counts.tokensIssued += issued
      counts.revocations += revoked
    }
  }

  /// Something that a realtime client wanted was refused with this code: to connect, to go on, a channel, or what a
  /// frame asks for.
  func refused(_ code: ErrorInfo.Code) {
    state.withLock { $0.add(Answer(route: "realtime", status: 0), code: code.rawValue) }
  }

  /// A realtime client has been connected.
  package func connectionOpened() {
    state.withLock {
      $0.connections += 1
      $0.connectionsOpened += 1
    }
  }

  /// A realtime client's connection has ended.
  package func connectionClosed() {
    state.withLock { $0.connections -= 1 }
  }

  /// A live connection goes on with another token.
  package func reauthenticated() {
    state.withLock { $0.reauthentications += 1 }
  }

  /// A socket was accepted, or refused because there are too many.
  func socketOpened(admitted: Bool) {
    state.withLock { if admitted { $0.sockets += 1 } else { $0.socketsRefused += 1 } }
  }

  func socketClosed() {
    state.withLock { $0.sockets -= 1 }
  }
}
