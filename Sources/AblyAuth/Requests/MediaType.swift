internal import AblyTokens
internal import AblyWire

/// The media types of requests and answers (RSC8).
enum MediaType {
  static let json = "application/json"

  /// The format of an answer, whatever was asked for (RSC8d). One that names none is taken for what was asked.
  ///
  /// - Returns: `nil` for a type that cannot be read here.
  static func format(_ contentType: String?, orElse asked: WireFormat) -> WireFormat? {
    guard let contentType else { return asked }
    return WireFormat(mediaType: essence(contentType))
  }

  /// The type without its parameters, such as a charset.
  static func essence(_ contentType: String) -> String {
    contentType.prefix { $0 != ";" }.trimmingSpaces.lowercased()
  }
}
