internal import AblyAuth
internal import AblyTokens
internal import TestSupport
internal import Testing

@testable internal import AblyRealtime

@Suite("What the end of a socket says", .endsAtLast)
struct SocketEndTests {
  static let ends: [(RealtimeSocketEnd, ErrorInfo.Code, String)] = [
    (.closed(code: 4001), .connectionDisconnected, "example.com closed the connection with the code 4001"),
    (.closed(code: nil), .connectionDisconnected, "example.com closed the connection"),
    (.refused(status: 502), .connectionFailed, "example.com answered 502 instead of opening a WebSocket"),
    (.failed(HTTPFailure(.tooLarge, "")), .protocolError, "example.com sent a frame of more than 10 bytes"),
    (.failed(HTTPFailure(.timedOut, "")), .timeout, "no answer from example.com within 4.0 seconds"),
    (
      .failed(HTTPFailure(.broken, "reset")), .connectionDisconnected,
      "the connection with example.com broke: reset"
    ),
    (.failed(HTTPFailure(.malformed, "")), .connectionFailed, "example.com does not speak WebSocket"),
    (.failed(HTTPFailure(.refused, "")), .connectionFailed, "nothing listens at example.com:443"),
    (
      .failed(HTTPFailure(.untrusted, "")), .connectionFailed,
      "the certificate of example.com is not trusted here"
    ),
  ]

  static let hostFailures: [(RealtimeSocketEnd, Bool)] = [
    (.closed(code: 1000), true), (.refused(status: 499), false), (.refused(status: 500), true),
    (.refused(status: 504), true), (.refused(status: 505), false),
    (.failed(HTTPFailure(.unreachable, "")), true), (.failed(HTTPFailure(.timedOut, "")), true),
    (.failed(HTTPFailure(.untrusted, "")), false), (.failed(HTTPFailure(.malformed, "")), false),
  ]

  @Test("RTN17f, RSC15l: after which ends another host is tried", arguments: hostFailures)
  func anotherHost(end: RealtimeSocketEnd, isHostFailure: Bool) {
    #expect(end.isHostFailure == isHostFailure)
  }

  @Test("It speaks of a connection, not of a request", arguments: ends)
  func sentence(end: RealtimeSocketEnd, code: ErrorInfo.Code, message: String) {
    let error = end.error(
      at: Origin(isSecure: true, host: "example.com", port: 443), maximumFrameSize: 10,
      openTimeout: .seconds(4))
    #expect(error.code == code)
    #expect(error.message == message)
  }
}
