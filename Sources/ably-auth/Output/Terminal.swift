internal import AblyTokens
internal import Foundation
internal import Synchronization

/// The two streams: results on stdout, talk on stderr.
enum Terminal {
  // So that the lines of several tasks do not mix: a pipe takes only short ones at once.
  private static let turn = Mutex(())

  /// Writes a result. A reader that went away (`| head`) is not an error.
  static func print(_ text: String) {
    turn.withLock { _ in try? FileHandle.standardOutput.write(contentsOf: Data("\(text)\n".utf8)) }
  }

  /// Writes a result as one line of JSON.
  static func print(_ json: JSONValue) {
    print(json.text)
  }

  /// Writes what is not a result.
  static func say(_ text: String) {
    turn.withLock { _ in try? FileHandle.standardError.write(contentsOf: Data("\(text)\n".utf8)) }
  }

  /// Says what happened, Ably's code, and the first thing to do.
  static func complain(about error: ErrorInfo) {
    say("error: \(error)")
    if let remedy = error.remedy { say("remedy: \(remedy)") }
    if error.code == .basicAuthOverInsecureTransport {
      say(
        "on this very machine: --insecure-basic-on-loopback sends the key, --use-token-auth does not need to")
    }
  }
}
