internal import AblyWire
internal import HTTPTypes

/// One request to the service, before credentials and headers.
struct RESTCall: Sendable {
  var method: HTTPRequest.Method
  var target: RequestTarget

  /// The body; empty for none.
  var body: [UInt8] = []

  /// How the body is written.
  var bodyFormat = WireFormat.json

  /// Header fields besides those of the client, in whose place they stand.
  var fields = HTTPFields()

  /// The largest answer worth reading, in bytes.
  var maximumAnswer = Self.shortAnswer

  /// The id that it carries (RSC7c).
  var id: String?

  /// Whether the answer may hold a token, so that no error may quote it.
  var answerIsSecret = false

  /// Far above what a single value needs: a time, a token (at most 128 KiB), the outcome of a publish.
  static let shortAnswer = 1 << 18

  /// A page of 1000 messages of the usual largest size.
  static let pageAnswer = 1 << 26
}
