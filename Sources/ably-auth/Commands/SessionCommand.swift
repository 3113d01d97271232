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
      input. Tokens are printed in full.

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
        await printing(client.auth.events) { await Driver.drive(RealtimeSession(client: client)) }
      }
    } catch let error as ErrorInfo {
      throw refused(error)
    } catch let wrong as WrongUsage {
      throw refused(wrong.error)
    }
  }

  private func refused(_ error: ErrorInfo) -> ExitCode {
    Terminal.print(["event": "error", "error": error.json])
    Terminal.complain(about: error)
    return ExitCode(1)
  }

  private func printing(_ events: AuthEvents, _ body: () async -> Void) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for await event in events {
          if let line = try? event.json() { Terminal.print(line) }
        }
      }
      await body()
      group.cancelAll()
    }
  }
}
