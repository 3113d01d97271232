internal import TestSupport
internal import Testing

@Suite(.endsAtLast) struct ExitCodeTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let arguments: [String]
    let exitCode: Int32
    let talk: String

    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let cases = [
    Case(arguments: ["--help"], exitCode: 0, talk: ""),
    Case(arguments: ["--version"], exitCode: 0, talk: ""),
    Case(arguments: ["help", "inspect"], exitCode: 0, talk: ""),
    Case(arguments: ["fly"], exitCode: 2, talk: "Unexpected argument 'fly'"),
    Case(arguments: ["local", "--prot", "0"], exitCode: 2, talk: "Unknown option '--prot'"),
    Case(arguments: ["local", "--port", "eighty"], exitCode: 2, talk: "'eighty'"),
    Case(arguments: ["token-request"], exitCode: 2, talk: "ABLY_API_KEY"),
    Case(arguments: ["token-request"], exitCode: 2, talk: "ably-auth token-request --help"),
    Case(arguments: ["token-request", "--key", Tool.key, "--ttl", "soon"], exitCode: 2, talk: "--ttl"),
    Case(
      arguments: ["token-request", "--key", Tool.key, "--ttl", "99999999999999999d"], exitCode: 2,
      talk: "--ttl"),
    Case(arguments: ["token-request", "--key", "swordfish"], exitCode: 2, talk: "40400"),
    Case(arguments: ["token-request", "--key", Tool.key, "--client-id", "a*"], exitCode: 2, talk: "40012"),
    Case(
      arguments: ["token-request", "--key", Tool.key, "--capability", "chat"], exitCode: 2, talk: "40000"),
    Case(arguments: ["token-request", "--key", Tool.key, "--ttl=-1"], exitCode: 2, talk: "40003"),
    Case(
      arguments: ["token-request", "--key", Tool.key, "--ttl", "-5"], exitCode: 2, talk: "ttl is negative"),
    Case(arguments: ["jwt", "--key", Tool.key, "--ttl", "-5"], exitCode: 2, talk: "40003"),
    Case(
      arguments: ["time", "--http-request-timeout", "-5"], exitCode: 2,
      talk: "remedy: Join a value that begins with '-' to its option by '=': --http-request-timeout=-…"),
    Case(arguments: ["jwt", "--key", Tool.key, "--ttl", "25h"], exitCode: 2, talk: "40003"),
    Case(arguments: ["jwt", "--key", Tool.key, "--ttl", "2h", "--revocable"], exitCode: 2, talk: "40003"),
    Case(
      arguments: ["jwt", "--key", Tool.key, "--publish-rate", "chat"], exitCode: 2, talk: "--publish-rate"),
    Case(
      arguments: ["jwt", "--key", Tool.key, "--channel-claim", "=x"], exitCode: 2, talk: "--channel-claim"),
    Case(
      arguments: ["can", "publish", "chat:x", "--capability", #"{"chat:*":["publish"]}"#], exitCode: 0,
      talk: ""),
    Case(
      arguments: ["can", "publish", "chat:x", "--capability", #"{"chat":["publish"]}"#], exitCode: 1, talk: ""
    ),
    Case(arguments: ["can", "publish", "chat:x"], exitCode: 2, talk: "--capability"),
    Case(arguments: ["can", "publish", "chat:x", "--capability", "bad"], exitCode: 2, talk: "40000"),
    Case(arguments: ["can", "publish", "chat:x", "--token", "bad"], exitCode: 2, talk: "40005"),
    Case(arguments: ["inspect", "a.b", "--key", "swordfish"], exitCode: 2, talk: "40400"),
    Case(arguments: ["token", "--key", Tool.key, "--client-id", "a*"], exitCode: 2, talk: "40012"),
    Case(
      arguments: ["token", "--key", Tool.key, "--default-token-params", "[]"], exitCode: 2, talk: "40000"),
    Case(
      arguments: ["token", "--key", Tool.key, "--default-token-params", #"{"capabilty":{"a":["publish"]}}"#],
      exitCode: 2, talk: "40000"),
    Case(
      arguments: ["can", "publish", "x", "--capability", #"{"x":["*","publish"]}"#], exitCode: 0,
      talk: "note: the service would refuse"),
    Case(
      arguments: [
        "session", "--rest", "--key", Tool.key, "--endpoint", "127.0.0.1", "--port", "1", "--no-tls",
      ], exitCode: 1, talk: "--insecure-basic-on-loopback"),
    Case(arguments: ["time", "--endpoint", "a/b"], exitCode: 2, talk: "40003"),
    Case(arguments: ["time", "--endpoint", "a/b"], exitCode: 2, talk: "--endpoint is not a host"),
    Case(
      arguments: ["time", "--http-request-timeout=0"], exitCode: 2,
      talk: "remedy: Correct what the message names"),
    Case(arguments: ["request", "GET", "/a b", "--key", Tool.key], exitCode: 2, talk: "40003"),
    Case(
      arguments: ["request", "POST", "/a", "--key", Tool.key, "--body", "{"], exitCode: 2,
      talk: "--body is not JSON: malformed JSON at byte 1"),
    Case(
      arguments: ["request", "POST", "/a", "--key", Tool.key, "--body", "{"], exitCode: 2,
      talk: "remedy: Quote it for the shell, such as --body '"),
    Case(
      arguments: ["token", "--key", Tool.key, "--default-token-params", "{"], exitCode: 2,
      talk: "--default-token-params is not JSON"),
    Case(
      arguments: ["serve", "--check", "none.json", "--claims", "{"], exitCode: 2, talk: "--claims is not JSON"
    ),
    Case(
      arguments: ["serve", "--check", "none.json", "--claims", "[]"], exitCode: 2,
      talk: "remedy: Give the claims of a login"),
    Case(
      arguments: ["revoke", "--client-id", "x", "--key", Tool.key, "--no-tls"], exitCode: 2,
      talk: "remedy: Leave --no-tls away: tokens are revoked with the key itself. To a service"),
    Case(arguments: ["request", "G T", "/a", "--key", Tool.key], exitCode: 2, talk: "40003"),
    Case(arguments: ["request", "GET", "/a"], exitCode: 2, talk: "Give --key, --token or --auth-url"),
    Case(
      arguments: ["token-request", "--key", "demo:only-for-this-machine"], exitCode: 0,
      talk: "note: the name of an Ably key is appId.keyId"),
    Case(
      arguments: ["local", "--port", "0", "--data-dir", "/proc/nope"], exitCode: 2, talk: "cannot be used"),
    Case(
      arguments: ["inspect", "sometoken.abc", "demo00.key000:only-for-this-machine"], exitCode: 2,
      talk: "Unexpected argument '…'"),
    Case(arguments: ["token", "--auth-header", "swordfish"], exitCode: 2, talk: "--auth-header"),
    Case(arguments: ["token", "--auth-header=swordfish"], exitCode: 2, talk: "--auth-header"),
    Case(arguments: ["token", "--no-such-option=swordfish"], exitCode: 2, talk: "--no-such-option"),
    Case(arguments: ["inspect", #"{"keyName":"a.b","nonce":"n"}"#], exitCode: 1, talk: "40000"),
    Case(arguments: ["can", "*", "chat:x", "--capability", "{}"], exitCode: 2, talk: "one operation"),
    Case(arguments: ["inspect", "nothing known"], exitCode: 1, talk: "40005"),
    Case(arguments: ["inspect", "{}"], exitCode: 1, talk: "40005"),
    Case(arguments: ["inspect", "{\"token\":"], exitCode: 1, talk: "40000"),
    Case(
      arguments: ["time", "--endpoint", "127.0.0.1", "--port", "1", "--no-tls"], exitCode: 3, talk: "80000"),
    Case(
      arguments: ["token", "--key", Tool.key, "--endpoint", "127.0.0.1", "--port", "1", "--no-tls"],
      exitCode: 3,
      talk: "80000"),
    Case(arguments: ["token", "--endpoint", "127.0.0.1", "--no-tls"], exitCode: 2, talk: "ABLY_API_KEY"),
    Case(arguments: ["local", "--port", "70000"], exitCode: 2, talk: "65535"),
    Case(
      arguments: ["serve", "--dev", "--host", "no..such..host", "--port", "0"], exitCode: 2,
      talk: "port 0: no address is known for this name\nremedy: Listen on 127.0.0.1"),
    Case(arguments: ["local", "--tls-cert", "a.pem"], exitCode: 2, talk: "--tls-key"),
    Case(arguments: ["local", "--host", "0.0.0.0", "--port", "0"], exitCode: 2, talk: "40103"),
    Case(
      arguments: ["local", "--host", "0.0.0.0", "--port", "0"], exitCode: 2, talk: "--allow-public-plain-text"
    ),
    Case(arguments: ["local", "--port", "0", "--key", "a.b:c={\"a\":[]}"], exitCode: 2, talk: "40000"),
    Case(
      arguments: ["local", "--port", "0", "--key", Tool.key, "--key", Tool.key], exitCode: 2,
      talk: "the key demo00.key000 is given twice"),
    Case(
      arguments: ["local", "--port", "0", "--key", Tool.key, "--revocable-key", Tool.key], exitCode: 2,
      talk: "remedy: Give each key once, with --key or with --revocable-key."),
    Case(
      arguments: ["local", "--port", "0", "--key", Tool.key, "--remove-key", "demo00.key000"], exitCode: 2,
      talk: "remedy: Name it with --remove-key"),
    // Of any file: this one is there wherever the tests run.
    Case(arguments: ["inspect", "/dev/null"], exitCode: 2, talk: "this is the name of a file"),
    Case(arguments: ["inspect", "/dev/null"], exitCode: 2, talk: "ably-auth inspect - <FILE`"),
  ]

  @Test("every ending has its exit code, says what to do, and shows no secret", arguments: cases)
  func ending(_ sample: Case) async throws {
    let outcome = try await Tool.run(list: sample.arguments)
    #expect(outcome.exitCode == sample.exitCode, "\(outcome.talk)")
    #expect(outcome.talk.contains(sample.talk), "\(outcome.talk)")
    for secret in ["only-for-this-machine", "swordfish"] {
      #expect(!outcome.talk.contains(secret))
      #expect(!outcome.output.contains(secret))
    }
    if sample.exitCode > 0, sample.talk.hasPrefix("4") { #expect(outcome.talk.contains("remedy: ")) }
  }
}
