internal import AblyAuth
internal import AblyTokens
internal import ArgumentParser

/// Sends a request of one's own.
struct RequestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "request", abstract: "Send a request to the service with the client's credentials.",
    discussion: "Prints the status, the code of a refusal, and the items, as one line of JSON.")

  @OptionGroup var connection: ConnectionOptions

  @Option(help: "The client's own identity.")
  var clientId: String?

  @Argument(help: "The verb, such as GET.")
  var method: String

  @Argument(help: "The path, such as /channels/chat:lobby/messages.")
  var path: String

  @Option(help: ArgumentHelp("What to send.", valueName: "json"))
  var body: String?

  @Option(
    help: ArgumentHelp("The version of the protocol to go by (\(Agent.protocolVersion)).", valueName: "n"))
  var version = Agent.protocolVersion

  func run() async throws {
    let body = try self.body.map { text throws(WrongUsage) in
      try JSONValue(text, of: "--body", such: #"{"name":"greeting","data":"hello"}"#)
    }
    try WrongUsage.unless { () throws(ErrorInfo) in try RESTClient.checkRequest(method, path) }
    let client = try connection.client(clientId: clientId)
    let response = try await client.request(method, path, version: version, body: body)
    Terminal.print(response.json)
    guard response.success else { throw ExitCode(1) }
  }
}
