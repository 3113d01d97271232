package import AblyTokens

extension ErrorInfo {
  /// Somebody publishes no message.
  package static let nothingToPublish = ErrorInfo(.invalidPublishRequest, "there is no message to publish")

  /// Somebody publishes more bytes than may be (RSL1i).
  package static func tooLarge(_ size: Int, limit: Int) -> ErrorInfo {
    ErrorInfo(
      .maxMessageSizeExceeded, "\(size) bytes are more than can be published at once",
      remedy: "Publish at most \(limit) bytes in one call.")
  }
}
