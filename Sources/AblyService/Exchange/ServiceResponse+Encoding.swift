internal import AblyTokens
package import AblyWire

extension ServiceResponse {
  /// The body as it travels, empty for a status that goes without one, and its media type.
  package func encoded(as format: WireFormat) -> (bytes: [UInt8], mediaType: String) {
    if status == 204 { return ([], format.mediaType) }
    if let text { return (Array(text.0.utf8), text.mediaType) }
    return (format.encode(body), format.mediaType)
  }

  /// 40009 with status 413: the answer to a body of more bytes than are read.
  package init(bodyOver maximumBytes: Int) {
    self.init(
      refusing: ErrorInfo(
        .maxMessageSizeExceeded, "the body is larger than \(maximumBytes) bytes", statusCode: 413))
  }
}
