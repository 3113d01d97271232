internal import AblyRealtime
internal import AblyTokens
internal import TestSupport

/// Opens nothing, and has something else happen while it is asked to open a socket, or to send on it.
final class BusyTransport: RealtimeTransport {
  typealias Receive = @Sendable (RealtimeSocketEvent) -> Void

  let whileItOpens = Mutexed<@Sendable (_ receive: Receive) -> Void>({ _ in })
  let whileItSends = Mutexed<@Sendable (_ frame: RealtimeFrame) -> Void>({ _ in })
  private let receive = Mutexed<Receive?>(nil)

  /// Whether a socket was asked for.
  var isOpen: Bool { receive.withLock { $0 != nil } }

  struct Socket: RealtimeSocket {
    let transport: BusyTransport

    func send(_ frame: RealtimeFrame) { transport.whileItSends.withLock(\.self)(frame) }
    func close() {}
  }

  func open(_ request: RealtimeRequest, receive: @escaping Receive) -> any RealtimeSocket {
    self.receive.withLock { $0 = receive }
    whileItOpens.withLock(\.self)(receive)
    return Socket(transport: self)
  }

  // MARK: The service

  /// A frame comes, in JSON.
  func deliver(_ json: JSONValue) { happen(.frame(RealtimeFrame(isText: true, bytes: json.utf8))) }

  func happen(_ event: RealtimeSocketEvent) { receive.withLock(\.self)?(event) }
}
