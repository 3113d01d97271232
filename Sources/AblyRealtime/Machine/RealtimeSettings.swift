internal import AblyAuth
internal import AblyTokens

/// What of the options decides what a connection does.
struct RealtimeSettings: Sendable {
  let clientId: String?
  let primary: Origin
  let hasFallbacks: Bool
  let queueMessages: Bool
  let maxMessageSize: Int
  let maxFrameSize: Int
  let requestTimeout: Duration
  let disconnectedRetryTimeout: Duration
  let suspendedRetryTimeout: Duration
  let channelRetryTimeout: Duration

  init(_ options: ClientOptions, at endpoint: Endpoint) {
    clientId = options.clientId
    primary = endpoint.primary
    hasFallbacks = !endpoint.fallbacks.isEmpty
    queueMessages = options.queueMessages
    maxMessageSize = options.maxMessageSize
    maxFrameSize = options.maxFrameSize
    requestTimeout = options.realtimeRequestTimeout
    disconnectedRetryTimeout = options.disconnectedRetryTimeout
    suspendedRetryTimeout = options.suspendedRetryTimeout
    channelRetryTimeout = options.channelRetryTimeout
  }
}
