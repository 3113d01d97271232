internal import AblyAuth
internal import AblyTokens

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Values that tests share.
enum Sample {
  static let key = "appId.keyId:keySecret"
  static let keyName = "appId.keyId"
  static let basic = "Basic YXBwSWQua2V5SWQ6a2V5U2VjcmV0"
  static let now = Date(timeIntervalSince1970: 1_700_000_000.5)
  static let nowMilliseconds: Int64 = 1_700_000_000_500
}

extension RESTClient {
  /// A client on a stub, at a fixed time.
  static func stubbed(
    _ transport: StubTransport, _ adjust: (inout ClientOptions) -> Void = { _ in },
    now: @escaping @Sendable () -> Date = { Sample.now }
  ) throws(ErrorInfo) -> RESTClient {
    try RESTClient(options: .sample(adjust), transport: transport, clock: .stopped(now))
  }
}

extension ClientOptions {
  /// Options with a key, in JSON and without random ids so that tests can read what is sent, changed.
  static func sample(_ adjust: (inout ClientOptions) -> Void) throws(ErrorInfo) -> ClientOptions {
    var options = try ClientOptions(key: Sample.key)
    options.useBinaryProtocol = false
    options.idempotentRestPublishing = false
    adjust(&options)
    return options
  }
}

extension HostClock {
  /// A clock that goes by the time of day alone, so that nobody seems to set it, and on which nothing ever
  /// takes too long.
  static func stopped(_ now: @escaping @Sendable () -> Date = { Sample.now }) -> HostClock {
    HostClock(
      now: now, uptime: { .milliseconds(Int64(now().timeIntervalSince1970 * 1000)) },
      sleep: { _ in
        await Gate().pass()
        throw CancellationError()
      })
  }
}
