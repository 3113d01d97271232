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
    let values = [40000..<40500, 42900..<42930, 50000..<50100, 80000..<80030, 90000..<90030, 91000..<91110]
    for value in values.joined() {
      let remedy = Terminal.remedy(for: ErrorInfo(ErrorInfo.Code(rawValue: value), "x")) ?? ""
      for name in Self.names { #expect(!remedy.contains(name), "\(value): \(remedy)") }
    }
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
