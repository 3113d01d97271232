internal import AblyTokens

/// Whether a limit lets anybody in.
enum LimitCheck {
  /// - Throws: 40003 for a size that is none, or more than can be kept to.
  static func size(_ name: String, _ value: Int, atMost most: Int) throws(ErrorInfo) {
    guard !(1...most).contains(value) else { return }
    throw unfit(name, "\(value)", "from 1 to \(most)")
  }

  /// - Throws: 40003 for a time that is none.
  static func time(_ name: String, _ value: Duration) throws(ErrorInfo) {
    guard value <= .zero else { return }
    throw unfit(name, "\(value)", "longer than nothing")
  }

  private static func unfit(_ name: String, _ value: String, _ range: String) -> ErrorInfo {
    ErrorInfo(
      .invalidParameterValue, "the limit '\(name)' is \(value), and has to be \(range)",
      remedy: "Take a value in that range, or leave the limit as it is by itself.")
  }
}
