internal import AblyTokens

/// Tells the steps as they happen, and stops at the first that goes otherwise than it should.
final class Story {
  private var step = 0

  func title(_ text: String) {
    step += 1
    Terminal.print("\n\(step). \(text)")
  }

  func tell(_ text: String) {
    Terminal.print("   \(text)")
  }

  /// A text that was signed or that travelled.
  func quote(_ text: String) {
    Terminal.print("     \(Inspection.visible(text))")
  }

  func show(_ lines: [String]) { lines.forEach(quote) }

  /// - Throws: 50000 when the step did not go as it should.
  func expect(_ holds: Bool, _ what: String, _ error: ErrorInfo? = nil) throws(ErrorInfo) {
    guard holds else {
      throw ErrorInfo(
        .internalError, "this step did not go as expected: \(what)",
        remedy: "This is a defect of ably-auth: please report it with this output.", cause: error)
    }
    tell("✓ \(what)")
  }

  func end() {
    let path = CommandLine.arguments.first ?? "ably-auth"
    let isPlain = path.utf8.allSatisfy { $0 > 0x20 && !#"'"\$&;|<>()*?[]#~`!{}"#.utf8.contains($0) }
    let program = isPlain ? path : "'\(path.replacing("'", with: #"'\''"#))'"
    Terminal.print(
      """

      Every step went as expected.

      To look into tokens and connections in a browser:
        \(program) local --admin       # the page /console
        \(program) serve --dev         # an endpoint with a policy made for the run, and the same page

      By hand, with a service that stays (one terminal each):
        \(program) local --port 8080 --key 'demo00.key000:only-for-this-machine'
        curl http://127.0.0.1:8080/time
        curl -H 'Content-Type: application/json' \\
          -d "$(\(program) token-request --key 'demo00.key000:only-for-this-machine' --client-id bob)" \\
          http://127.0.0.1:8080/keys/demo00.key000/requestToken
        curl -u 'demo00.key000:only-for-this-machine' -H 'Content-Type: application/json' \\
          -d '{"name":"greeting","data":"hello"}' http://127.0.0.1:8080/channels/chat:lobby/messages

      With Ably itself: put your key into ABLY_API_KEY, then
        \(program) token --client-id bob --capability '{"chat:*":["publish","subscribe"]}'
      """)
  }
}

extension ErrorInfo {
  /// What refuses an attempt; `nil` when nothing does.
  static func refusing(_ attempt: () async throws -> Void) async -> ErrorInfo? {
    do {
      try await attempt()
      return nil
    } catch { return error as? ErrorInfo }
  }
}
