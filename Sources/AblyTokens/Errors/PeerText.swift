/// Text that a peer wrote, made fit to stand in a log.
///
/// A peer could otherwise flood a log, begin a line of its own in it, or steer the terminal of whoever reads
/// it.
package enum PeerText {
  /// `text` on one line, in at most `maximumCount` bytes of UTF-8.
  ///
  /// Each control character, line separator and change of text direction becomes a space. Longer text is
  /// cut between two Unicode scalars and ends in an ellipsis; the rest of it is not even looked at.
  package static func line(_ text: String, maximumCount: Int = 2048) -> String {
    var line = ""
    var count = 0
    for scalar in text.unicodeScalars {
      let kept = isUnfit(scalar) ? " " : scalar
      count += UTF8.width(kept)
      guard count <= maximumCount else { return cut(line, to: maximumCount) }
      line.unicodeScalars.append(kept)
    }
    return line
  }

  /// `text` if it is a web address of at most 2048 visible ASCII characters.
  package static func link(_ text: String) -> String? {
    let isWeb = text.hasPrefix("https://") || text.hasPrefix("http://")
    guard isWeb, text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      return nil
    }
    return text
  }

  private static func cut(_ line: String, to maximumCount: Int) -> String {
    let ellipsis: Unicode.Scalar = "…"
    var scalars = line.unicodeScalars
    var count = line.utf8.count
    while count + UTF8.width(ellipsis) > maximumCount, let last = scalars.popLast() {
      count -= UTF8.width(last)
    }
    scalars.append(ellipsis)
    return String(scalars)
  }

  private static func isUnfit(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: scalar.properties.isBidiControl
    }
  }
}
