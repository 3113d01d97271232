internal import AblyAuth
internal import AblyTokens
internal import ArgumentParser

/// A client that is driven line by line.
struct SessionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "session", abstract: "Drive a client line by line, in JSON.",
    discussion: """
      Reads one JSON object a line, such as {"id":1,"do":"authorize","tokenParams":{"ttl":60000}}, and answers \
      each in turn with {"id":1,"ok":true,"result":…} or {"id":1,"ok":false,"error":{…}}. What happens by itself \
      comes as {"event":…}. It ends with {"do":"quit"} or the end of the input. Tokens are printed in full.

      Things to do: authorize, requestToken, createTokenRequest, time, request, revokeTokens, publish, history, \
      presence, status, state, quit.
      """)

  @OptionGroup var connection: ConnectionOptions

  @Option(help: "The client's own identity.")
  var clientId: String?

  @Flag(help: "A client for REST. The only kind there is yet.")
  var rest = false

  func validate() throws {
    guard rest else { throw ValidationError("There is no realtime client yet: give --rest.") }
  }

  func run() async throws {
    let client: RESTClient
    do {
      client = try connection.client(clientId: clientId)
    } catch {
      Terminal.print(["event": "error", "error": error.error.json])
      throw ExitCode(1)
    }
    let events = client.auth.events
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for await event in events {
          if let line = try? event.json() { Terminal.print(line) }
        }
      }
      await drive(RESTSession(client: client))
      group.cancelAll()
    }
  }

  private func drive(_ session: RESTSession) async {
    for await text in StandardInput.lines where !text.allSatisfy(\.isWhitespace) {
      var answer: [String: JSONValue] = [:]
      do throws(ErrorInfo) {
        let line = try JSONValue(parsing: text)
        answer["id"] = line["id"]
        if line["do"]?.string == "quit" {
          answer["ok"] = true
          return Terminal.print(.object(answer))
        }
        answer["result"] = try await session.perform(line)
        answer["ok"] = true
      } catch {
        answer["ok"] = false
        answer["error"] = error.json
      }
      Terminal.print(.object(answer))
    }
  }
}
