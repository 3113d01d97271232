internal import AblyTokens
internal import Foundation

/// The two streams: results on stdout, talk on stderr.
enum Terminal {
  /// Writes a result. A reader that went away (`| head`) is not an error.
  static func print(_ text: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data("\(text)\n".utf8))
  }

  /// Writes a result as one line of JSON.
  static func print(_ json: JSONValue) {
    print(json.text)
  }

  /// Writes what is not a result.
  static func say(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data("\(text)\n".utf8))
  }

  /// Says what happened, Ably's code, and the first thing to do.
  static func complain(about error: ErrorInfo) {
    say("error: \(error)")
    if let remedy = error.remedy { say("remedy: \(remedy)") }
  }
}
