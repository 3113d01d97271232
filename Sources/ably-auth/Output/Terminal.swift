internal import AblyService
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
  ///
  /// - Parameter isAnswer: whether the service said so. Where it did not there was no status either, and no page of
  ///   Ably's explains it.
  static func complain(about error: ErrorInfo, isAnswer: Bool = true) {
    let line = isAnswer ? "\(error)".replacing(" (HTTP 0)", with: "") : sentence(of: error)
    say("error: \(Vocabulary.ofTheTool(line))")
    if let remedy = remedy(for: error) { say("remedy: \(remedy)") }
  }

  private static func sentence(of error: ErrorInfo) -> String {
    "[\(error.code.rawValue)] \(error.message)"
      + (error.cause.map { "; caused by \(sentence(of: $0))" } ?? "")
  }

  /// Says so where the service would refuse a capability, though it can be signed.
  static func noteUnlessServed(_ capability: String) {
    do throws(ErrorInfo) { _ = try Capability(strict: capability) } catch {
      say("note: the service would refuse this capability: \(error.message)")
    }
  }

  static func remedy(for error: ErrorInfo) -> String? {
    // What the code advises is for a ttl; many other values can be out of range.
    if error.code == .invalidParameterValue, error.remedy == error.code.remedy,
      !["ttl", "JWT"].contains(where: error.message.contains)
    {
      return "Correct what the message names; --help tells what each option takes."
    }
    // What the code advises is to look at the clock of who signs.
    if ServiceCore.blamesItsClock(error) {
      return
        "Start the service anew, or wait for the time that its clock was ahead of; this clock is not at fault."
    }
    return error.remedy.map(Vocabulary.ofTheTool)
  }
}
