internal import AblyTokens
internal import TestSupport
internal import Testing

@Suite("The end of a session, and what its errors advise", .endsAtLast)
struct SessionEndTests {
  private static func read(_ output: String) throws -> [JSONValue] {
    try output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
  }

  @Test("40033: a line that is never answered is named, in its answer and on stderr, and the exit code is 1")
  func pending() async throws {
    let ended = try await withRefusingPort { port in
      try await Tool.run(
        list: [
          "session", "--endpoint", "127.0.0.1", "--port", "\(port)", "--no-tls", "--token", "appId.token",
          "--disconnected-retry-timeout", "60000", "--realtime-request-timeout", "1500",
        ], input: #"{"id":1,"do":"state"}"# + "\n" + #"{"id":7,"do":"attach","channel":"a"}"# + "\n")
    }
    #expect(ended.exitCode == 1)
    let lines = try Self.read(ended.output)
    #expect(lines.first { $0["id"] == 1 }?["ok"] == true)
    let error = lines.first { $0["id"] == 7 }?["error"]
    #expect(error?["code"] == 40033)
    #expect(
      error?["message"]?.string?.hasPrefix("the input ended, and attach (id 7) was not answered within ")
        == true,
      "\(ended.output)")
    #expect(ended.talk.contains("--realtime-request-timeout"))
    #expect(ended.talk.contains("the input is over; waiting for answers,"), "\(ended.talk)")
    #expect(
      ended.talk.contains("error: the input ended before this was answered: attach (id 7)\n"), "\(ended.talk)"
    )
    #expect(!ended.output.contains("was cancelled"))
  }

  @Test("what helps against an error is told on stderr, in the words of the command line")
  func remedies() async throws {
    let (ended, port) = try await withRefusingPort { port in
      let ended = try await Tool.run(
        list: [
          "session", "--endpoint", "127.0.0.1", "--tls-port", "\(port)", "--token", "appId.token",
          "--disconnected-retry-timeout", "60000",
        ], input: #"{"id":1,"do":"connect"}"# + "\n")
      return (ended, port)
    }
    let lines = try Self.read(ended.output)
    let remedy =
      "Check --tls-port, and whether the service runs; for one without TLS give --no-tls and --port."
    for error in [
      lines.first { $0["id"] == 1 }?["error"], lines.first { $0["current"] == "disconnected" }?["reason"],
    ] {
      #expect(error?["message"]?.string == "nothing listens at 127.0.0.1:\(port)", "\(ended.output)")
      #expect(error?["remedy"] == nil)
    }
    #expect(ended.talk.contains("remedy: \(remedy)\n"), "\(ended.talk)")
  }

  static let slips: [(line: String, message: String, remedy: String)] = [
    (
      #"{"do":"dance"}"#, "there is nothing called 'dance' to do",
      "A line may say authorize, createTokenRequest, history, presence, publish, quit, request, requestToken, "
        + "revokeTokens, state, status, time."
    ),
    (#"{"id":1}"#, "the line has no 'do'", "A line may say authorize, "),
    ("[]", "the line is no JSON object", "Send one JSON object a line"),
    (
      #"{"do":"attach","channel":"a"}"#, "a REST client has no connection to do that with: attach",
      "Leave --rest away for that"
    ),
    (
      #"{"do":"publish","chanel":"a"}"#, "a line that says publish has no member 'chanel'",
      "It may have channel, clientId, data, do, id, name."
    ),
    (
      #"{"do":"publish"}"#, "the channel of a line that says publish has to be a text, and not an empty one",
      #"Write it as "channel":"chat:lobby"."#
    ),
    (
      #"{"do":"request","method":"GET","path":5}"#,
      "the path of a line that says request has to be a text, and not an empty one",
      #"Write it as "path":"/time"."#
    ),
    (
      #"{"do":"publish","channel":"a","clientId":5}"#,
      "the clientId of a line that says publish has to be a text, and not an empty one",
      #"Write it as "clientId""#
    ),
    (
      #"{"do":"revokeTokens","targets":["revocationKey:a:b"]}"#, "a target must be an object",
      #"Write it as {"type":"revocationKey","value":"a:b"}; a type is clientId, revocationKey or channel."#
    ),
    (
      #"{"do":"revokeTokens","targets":"clientId:bob"}"#, "targets must be an array of objects",
      #"Write it as {"type":"clientId","value":"bob"}"#
    ),
    (#"{"do":"revokeTokens"}"#, "targets must be an array of objects", #"Write it as {"type":"clientId""#),
  ]

  @Test("40000: a slip is told with what a line may say", arguments: slips)
  func slip(line: String, message: String, remedy: String) async throws {
    let outcome = try await Tool.run(
      "session", "--rest", "--key", Tool.key, "--use-token-auth", input: line + "\n")
    let error = try outcome.json()["error"]
    #expect(error?["code"] == 40000)
    #expect(error?["message"]?.string == message)
    #expect(outcome.talk.contains("remedy: \(remedy)"), "\(outcome.talk)")
  }
}
