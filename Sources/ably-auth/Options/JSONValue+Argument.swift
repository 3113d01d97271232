internal import AblyTokens

extension JSONValue {
  /// What was given to an option as JSON.
  ///
  /// - Parameters:
  ///   - option: the option as it is typed.
  ///   - example: what it might have been given.
  init(_ text: String, of option: String, such example: String) throws(WrongUsage) {
    do throws(ErrorInfo) { self = try JSONValue(parsing: text) } catch {
      throw WrongUsage(
        error: ErrorInfo(
          .badRequest, "\(option) is not JSON: \(error.message)",
          remedy: "Quote it for the shell, such as \(option) '\(example)'."))
    }
  }
}
