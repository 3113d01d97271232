internal import AblyAuth
internal import AblyTokens
internal import Testing

@testable internal import ably_auth

@Suite struct VocabularyTests {
  /// What the library calls its options.
  private static let names = [
    "ClientOptions", "AuthOptions", "TokenParams.", "authCallback", "authUrl", "authURL", "useTokenAuth",
    "queryTime",
    "allowsBasicAuthOnLoopback", "realtimeRequestTimeout", "tlsPort", "defaultTokenParams",
  ]

  @Test("no advice of any code is in the words of the library")
  func codes() {
    for reason in [HTTPFailure.Reason.unresolved, .refused, .untrusted, .tls, .malformed, .broken] {
      let error = ErrorInfo(
        HTTPFailure(reason, ""), from: Origin(isSecure: true, host: "example.com", port: 443),
        limits: HTTPLimits(timeout: .seconds(1), maximumBodySize: 1))
      let remedy = Terminal.remedy(for: error) ?? "ClientOptions"
      for name in Self.names + ["transport"] { #expect(!remedy.contains(name), "\(reason): \(remedy)") }
    }
    let values = [40000..<40500, 42900..<42930, 50000..<50100, 80000..<80030, 90000..<90030, 91000..<91110]
    for value in values.joined() {
      let remedy = Terminal.remedy(for: ErrorInfo(ErrorInfo.Code(rawValue: value), "x")) ?? ""
      for name in Self.names { #expect(!remedy.contains(name), "\(value): \(remedy)") }
    }
  }

  @Test("an option whose value begins as an option does: how to write it, without the value")
  func dashes() {
    let text = "Error: Missing value for '--key <key>'\nHelp: …"
    #expect(
      Complaint(arguments: ["jwt", "--key", "-a.b:c"]).advice(on: text)
        == "remedy: Join a value that begins with '-' to its option by '=': --key=-…")
    #expect(Complaint(arguments: ["jwt", "--key"]).advice(on: text) == nil)
    #expect(Complaint(arguments: ["jwt", "--key", "-a"]).advice(on: "Error: Unknown option '-a'") == nil)
  }

  @Test("the program is called as the reader called it")
  func invocation() {
    let cases = [
      ("ably-auth", "ably-auth"), (".build/debug/ably-auth", ".build/debug/ably-auth"),
      ("/home/ann/app/.build/debug/ably-auth", ".build/debug/ably-auth"),
      ("/usr/bin/ably-auth", "/usr/bin/ably-auth"),
      ("/home/ann/my app/ably-auth", "'/home/ann/my app/ably-auth'"),
    ]
    for (path, expected) in cases { #expect(Invocation.spelling(of: path, in: "/home/ann/app") == expected) }
  }

  @Test("a complaint shows slips and hides what may be a secret")
  func complaints() {
    let cases: [([String], String, String)] = [
      (["fly"], "Unexpected argument 'fly'", "Unexpected argument 'fly'"),
      (["--port", "eighty"], "The value 'eighty' is invalid", "The value 'eighty' is invalid"),
      (["--port=eighty"], "The value 'eighty' is invalid", "The value 'eighty' is invalid"),
      (["--write-timeout", "soon"], "The value 'soon' is invalid", "The value 'soon' is invalid"),
      (["--kye", "swordfish"], "Unexpected argument 'swordfish'", "Unexpected argument '…'"),
      (["--auth-header", "swordfish"], "The value 'swordfish' is", "The value '…' is"),
      (["--auth-header=swordfish"], "The value 'swordfish' is", "The value '…' is"),
      (["a.b:c"], "Unexpected argument 'a.b:c'", "Unexpected argument '…'"),
      (["--json", "eyJhbGciOi.eyJ"], "Unexpected argument 'eyJhbGciOi.eyJ'", "Unexpected argument '…'"),
      (["--token=x"], "Unknown option '--token=x'", "Unknown option '--token=…'"),
    ]
    for (arguments, text, expected) in cases {
      #expect(Complaint(arguments: arguments).withoutSecrets(text) == expected)
    }
  }
}
