internal import AblyRealtime
internal import AblyTokens

/// Reads lines, answers them, and prints what happens.
enum Driver {
  /// Answers each line before it reads the next.
  static func drive(_ session: RESTSession) async {
    for await text in StandardInput.lines where !text.allSatisfy(\.isWhitespace) {
      let line = read(text)
      await answer(line) { line throws(ErrorInfo) in
        try line.checkMembers(hasConnection: false)
        return try await session.perform(line)
      }
      if isQuit(line) { return }
    }
  }

  /// Begins with each line in order, and answers it when it is done: what waits for a connection must not
  /// keep the line that asks for one from being read.
  ///
  /// - Returns: the lines that had to be given up.
  static func drive(_ session: RealtimeSession) async -> [String] {
    let unanswered = Unanswered()
    let changes = session.client.connection.events
    let timeout = session.client.requestTimeout
    await withDiscardingTaskGroup { printers in
      printers.addTask { for await change in changes { Terminal.print(change.json) } }
      let (news, newPrinter) = AsyncStream.makeStream(of: (@Sendable () async -> Void).self)
      printers.addTask {
        await withDiscardingTaskGroup { group in
          for await printer in news { group.addTask { await printer() } }
        }
      }
      try? await session.client.running {
        await calls(session, timeout, unanswered) { newPrinter.yield($0) }
      }
      newPrinter.finish()
    }
    return unanswered.lines
  }

  /// What has not been answered when the input is over has as long as the service to answer.
  private static func calls(
    _ session: RealtimeSession, _ timeout: Duration, _ unanswered: Unanswered,
    printing: (@escaping @Sendable () async -> Void) -> Void
  ) async {
    var watch = Watch(session.client)
    await withDiscardingTaskGroup { group in
      for await text in StandardInput.lines where !text.allSatisfy(\.isWhitespace) {
        let line = read(text)
        if case .success(let line) = line { for printer in watch.printers(for: line) { printing(printer) } }
        let name = name(of: line)
        let number = unanswered.begin(name)
        group.begin {
          await answer(line) { line throws(ErrorInfo) in
            try line.checkMembers(hasConnection: true)
            do throws(ErrorInfo) { return try await session.perform(line) } catch {
              guard unanswered.hasGivenUp, error.code == .operationCanceled else { throw error }
              throw .givenUp(name, after: timeout)
            }
          }
          unanswered.end(number)
        }
        if isQuit(line) { break }
      }
      await unanswered.waitUntilNone(atMost: timeout, patience: .seconds(1)) { lines in
        Terminal.say(
          "the input is over; waiting for answers, \(timeout) at most: \(Unanswered.listed(lines))")
      }
      unanswered.giveUp()
      group.cancelAll()
    }
  }

  private static func read(_ text: String) -> Result<JSONValue, ErrorInfo> {
    do throws(ErrorInfo) {
      return .success(try JSONValue(parsing: text))
    } catch {
      return .failure(
        ErrorInfo(
          .badRequest, "the line is not JSON: \(error.message)", remedy: "Send one JSON object a line."))
    }
  }

  /// What a line is called where it has no answer.
  private static func name(of line: Result<JSONValue, ErrorInfo>) -> String {
    guard case .success(let line) = line, let verb = line["do"]?.string else { return "a line" }
    let id = line["id"].map { " (id \($0.text))" } ?? ""
    return PeerText.line(verb + id, maximumCount: 64)
  }

  private static func isQuit(_ line: Result<JSONValue, ErrorInfo>) -> Bool {
    if case .success(let line) = line { line["do"]?.string == "quit" } else { false }
  }

  private static func answer(
    _ line: Result<JSONValue, ErrorInfo>, _ perform: (JSONValue) async throws(ErrorInfo) -> JSONValue
  ) async {
    var answer: [String: JSONValue] = [:]
    do throws(ErrorInfo) {
      let line = try line.get()
      // Not by the subscript, for which a null is absent.
      answer["id"] = line.object?["id"]
      if line["do"]?.string != "quit" { answer["result"] = try await perform(line) }
      answer["ok"] = true
    } catch {
      answer["ok"] = false
      answer["error"] = error.json
      // Not in the answer, whose members are fixed.
      if let remedy = Terminal.remedy(for: error) { Terminal.say("remedy: \(remedy)") }
    }
    Terminal.print(.object(answer))
  }
}

extension ErrorInfo {
  /// Nobody waits for the answer to a line any more.
  fileprivate static func givenUp(_ line: String, after timeout: Duration) -> ErrorInfo {
    ErrorInfo(
      .operationCanceled, "the input ended, and \(line) was not answered within \(timeout) from then",
      statusCode: 0,
      remedy:
        "Keep the input open until each line is answered, or allow more time with realtimeRequestTimeout.")
  }
}

extension DiscardingTaskGroup {
  /// Begins at once, so that what is begun in order also happens in order.
  fileprivate mutating func begin(_ operation: @escaping @Sendable () async -> Void) {
    if #available(macOS 26.0, iOS 26.0, tvOS 26.0, watchOS 26.0, visionOS 26.0, *) {
      addImmediateTask(operation: operation)
    } else {
      addTask(operation: operation)
    }
  }
}
