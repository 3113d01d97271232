internal import AblyTokens
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Brings the sockets of realtime clients to the core. What they are served by is their ``WebSocketHandler``.
struct WebSocketFront: Sendable {
  let core: ServiceCore
  let isSecure: Bool
  let logger: Logger

  /// How long a client may take to read the service's last word, and close its end.
  let closingTime: TimeAmount

  let errands = Errands()
  let sockets = OpenSockets()

  init(core: ServiceCore, isSecure: Bool, limits: ServerLimits, logger: Logger) {
    self.core = core
    self.isSecure = isSecure
    self.logger = logger
    closingTime = TimeAmount(limits.closingTime)
  }

  /// The largest frame that is read. One that is a little over the limit is answered, a larger one is not.
  var maximumFrameBytes: Int { core.realtime.settings.maximumFrameBytes * 2 }

  /// Connects a client. From then on its socket is served without a task, until it is gone.
  func connect(_ socket: NIOLoopBound<WebSocketHandler>, _ head: HTTPRequestHead, over channel: any Channel)
    async
  {
    let connection = await core.connect(request(head, over: channel))
    channel.eventLoop.execute { socket.value.begin(connection) }
  }

  private func request(_ head: HTTPRequestHead, over channel: any Channel) -> ServiceRequest {
    var headers = HeaderFields(minimumCapacity: head.headers.count)
    for (name, value) in head.headers { headers.append(name, value) }
    let isLoopback = channel.remoteAddress.map(Loopback.contains) ?? false
    return ServiceRequest(
      head.method.rawValue, head.uri, fields: headers,
      peer: ServiceRequest.Peer(isLoopback: isLoopback, isSecure: isSecure))
  }
}
