public import AblyTokens

extension Message {
  /// Undoes the encodings that ``encoding`` names, from right to left (RSL6a).
  ///
  /// Nothing is thrown away: at a step that is unknown here, or that fails, it stops, and the message has the
  /// data so far and the steps that are left (RSL6b).
  ///
  /// - Returns: why it stopped early, with code 40013; `nil` when everything was undone.
  @discardableResult
  public mutating func decode() -> ErrorInfo? {
    guard var data, let encoding, !encoding.isEmpty else { return nil }
    var steps = encoding.split(separator: "/", omittingEmptySubsequences: false)
    var failure: ErrorInfo?
    while failure == nil, let step = steps.last {
      do throws(ErrorInfo) {
        data = try data.undoing(step)
        steps.removeLast()
      } catch {
        failure = error
      }
    }
    self.data = data
    self.encoding = steps.isEmpty ? nil : steps.joined(separator: "/")
    return failure
  }
}

extension MessageData {
  fileprivate func undoing(_ step: Substring) throws(ErrorInfo) -> MessageData {
    switch (step, self) {
    case ("base64", .string(let text)):
      guard let bytes = Base64.standard.decode(text.utf8) else { throw Self.undecodable("not base64") }
      return .binary(bytes)
    case ("utf-8", .binary(let bytes)):
      guard let text = String(validating: bytes, as: UTF8.self) else { throw Self.undecodable("not UTF-8") }
      return .string(text)
    case ("json", .string(let text)): return .json(try Self.json(text.utf8))
    case ("json", .binary(let bytes)): return .json(try Self.json(bytes))
    case ("utf-8", .string), ("json", .json): return self
    default: throw Self.undecodable("a step is unknown or does not fit what is left after the one before")
    }
  }

  private static func json(_ bytes: some Sequence<UInt8>) throws(ErrorInfo) -> JSONValue {
    do throws(ErrorInfo) {
      return try JSONValue(parsing: bytes)
    } catch {
      throw undecodable(error.message)
    }
  }

  // The name of the step is the publisher's text, so it is not repeated here.
  private static func undecodable(_ why: String) -> ErrorInfo {
    ErrorInfo(
      .invalidDataOrEncoding, "the data of a message could not be decoded: \(why)",
      remedy: "Read Message.encoding: it names the steps that are left, for you to undo.")
  }
}
