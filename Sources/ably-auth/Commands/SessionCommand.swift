internal import AblyAuth
internal import AblyRealtime
internal import AblyTokens
internal import ArgumentParser

/// A client that is driven line by line.
struct SessionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "session", abstract: "Drive a client line by line, in JSON.",
    discussion: """
      Reads one JSON object a line, such as {"id":1,"do":"authorize","tokenParams":{"ttl":60000}}, and answers \
      each with {"id":1,"ok":true,"result":…} or {"id":1,"ok":false,"error":{…}}: in turn with --rest, else when \
      it is done. What happens by itself comes as {"event":…}. It ends with {"do":"quit"} or the end of the \
      input, and what has no answer by then is waited for: exit code 1 where there comes none. Tokens are printed in \
      full. docs/session.md describes each line.

      Things to do: authorize, requestToken, createTokenRequest, time, request, revokeTokens, publish, history, \
      presence, status, state, quit; without --rest also connect, close, ping, attach, detach, subscribe, enter, \
      update, leave.
      """)

  @OptionGroup var connection: ConnectionOptions

  @Option(help: "The client's own identity.")
  var clientId: String?

  @Flag(help: "A client for REST, without a connection.")
  var rest = false

  @Flag(help: "Do not connect before a line says so.")
  var noAutoConnect = false

  func run() async throws {
    do {
      var options = try connection.clientOptions(clientId: clientId)
      options.autoConnect = !noAutoConnect
      if rest {
        let client = try RESTClient(options: options)
        await printing(client.auth.events) { await Driver.drive(RESTSession(client: client)) }
      } else {
        let client = try RealtimeClient(options: options)
        let session = RealtimeSession(client: client)
        let givenUp = await printing(client.auth.events) { await Driver.drive(session) }
        guard givenUp.isEmpty else { throw unanswered(givenUp) }
      }
    } catch let error as ErrorInfo {
      throw refused(error, isAnswer: true)
    } catch let wrong as WrongUsage {
      throw refused(wrong.error, isAnswer: false)
    }
  }

  private func refused(_ error: ErrorInfo, isAnswer: Bool) -> ExitCode {
    Terminal.print(["event": "error", "error": error.json])
    Terminal.complain(about: error, isAnswer: isAnswer)
    return ExitCode(1)
  }

  private func unanswered(_ lines: [String]) -> ExitCode {
    Terminal.say("error: the input ended before this was answered: \(Unanswered.listed(lines))")
    Terminal.say(
      "remedy: Keep the input open until each line is answered, or allow more time with --realtime-request-timeout."
    )
    return ExitCode(1)
  }

  private func printing<Value: Sendable>(
    _ events: AuthEvents, _ body: () async -> Value
  ) async -> Value {
    await withTaskGroup(of: Void.self, returning: Value.self) { group in
      group.addTask {
        for await event in events {
          if let line = try? event.json() { Terminal.print(line) }
        }
      }
      let result = await body()
      group.cancelAll()
      return result
    }
  }
}
