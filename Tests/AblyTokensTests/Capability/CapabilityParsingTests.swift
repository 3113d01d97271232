internal import AblyTokens
internal import Testing

@Suite("Reading capability texts")
struct CapabilityParsingTests {
  private static let readable: [(String, Capability)] = [
    (#"{"*":["*"]}"#, ["*": [.all]]),
    (
      #"{"chat:*":["publish","subscribe"],"news":["history"]}"#,
      ["chat:*": [.publish, .subscribe], "news": [.history]]
    ),
    (" \n{ \"a\" : [ \"publish\" ] }\t", ["a": [.publish]]),
    (#"{"a":["publish","publish"]}"#, ["a": [.publish]]),
    (#"{"[*]*":["*"]}"#, .everything),
    (
      #"{"[queue]q":["subscribe"],"[meta]*":["subscribe"],"[filter]c":["subscribe"]}"#,
      ["[queue]q": [.subscribe], "[meta]*": [.subscribe], "[filter]c": [.subscribe]]
    ),
    (
      #"{"zeta": ["subscribe", "publish"], "alpha:*":["presence","history"], "[?]chat":["subscribe"]}"#,
      ["zeta": [.subscribe, .publish], "alpha:*": [.presence, .history], "[?]chat": [.subscribe]]
    ),
    (
      #"{"b<a>&'=":["publish"],"a\u00e9/x":["subscribe"]}"#,
      ["b<a>&'=": [.publish], "a\u{E9}/x": [.subscribe]]
    ),
    (#"{}"#, [:]),
  ]

  @Test("RSA9f: both readers take what the service takes", arguments: readable)
  func reads(text: String, expected: Capability) throws {
    #expect(try Capability(strict: text) == expected)
    #expect(try Capability(parsing: text) == expected)
  }

  @Test("{} is read and allows nothing")
  func empty() throws {
    #expect(try Capability(strict: "{}").isEmpty)
    #expect(try Capability(strict: "{}").canonicalText == "{}")
  }

  /// The text, what the forgiving reader makes of it, and what the refusal of the strict one says.
  private static let forgiven: [(String, String, says: [String])] = [
    (#"{"a":"publish"}"#, #"{"a":["publish"]}"#, ["\"a\"", "not a list"]),
    (#"{"a":["teleport"]}"#, #"{"a":["teleport"]}"#, ["\"a\"", "\"teleport\""]),
    (#"{"a":["publish_"]}"#, #"{"a":["publish_"]}"#, ["\"a\"", "\"publish_\""]),
    (#"{"a":["Publish"]}"#, #"{"a":["Publish"]}"#, ["\"a\"", "\"Publish\""]),
    (#"{"a":[""]}"#, #"{"a":[""]}"#, ["\"a\"", "\"\""]),
    (#"{"a":["*","publish"]}"#, #"{"a":["*"]}"#, ["\"a\"", "\"*\""]),
    (#"{"a":["publish","publish","*"]}"#, #"{"a":["*"]}"#, ["\"a\"", "\"*\""]),
    (#"{"a":["*","*"],"b":[]}"#, #"{"a":["*"],"b":[]}"#, ["\"b\"", "no operation"]),
    (#"{"":["publish"]}"#, #"{"":["publish"]}"#, ["\"\"", "empty"]),
    (#"{"[queue":["publish"]}"#, #"{"[queue":["publish"]}"#, ["\"[queue\"", "never closed"]),
    (#"{"[queue]":["publish"]}"#, #"{"[queue]":["publish"]}"#, ["\"[queue]\"", "nothing follows"]),
    (#"{"[]a":["publish"]}"#, #"{"[]a":["publish"]}"#, ["\"[]a\"", "names nothing"]),
    (#"{"[?][*]*":["publish"]}"#, #"{"[?][*]*":["publish"]}"#, ["second bracket"]),
    (#"{"[filter=x]a":["publish"]}"#, #"{"[filter=x]a":["publish"]}"#, ["no value"]),
    (#"{"[queues]*":["publish"]}"#, #"{"[queues]*":["publish"]}"#, ["\"[queues]*\"", "[queue]"]),
  ]

  @Test("what a person may write, the service refuses with 40000 and names", arguments: forgiven)
  func forgives(text: String, canonical: String, says: [String]) throws {
    #expect(try Capability(parsing: text).canonicalText == canonical)
    let error = try #require(throws: ErrorInfo.self) { try Capability(strict: text) }
    #expect(error.code == .badRequest && error.statusCode == 400)
    for part in says { #expect(error.message.contains(part), "\(error.message)") }
    #expect(error.remedy?.contains("JSON object") == true)
  }

  @Test(
    "both readers refuse with 40000 what is no capability",
    arguments: [
      "", " ", "publish", "null", "[]", #"["publish"]"#, #""*""#, "7", #"{"a":1}"#, #"{"a":null}"#,
      #"{"a":{}}"#,
      #"{"a":true}"#, #"{"a":[1]}"#, #"{"a":[null]}"#, #"{"a":[["publish"]]}"#, #"{"a":["publish"]"#,
      #"{"a":["publish"]} x"#, #"{'a':['publish']}"#, #"{a:["publish"]}"#, #"{"a":["publish",]}"#,
      #"{"a":["publish"],"a":["subscribe"]}"#, #"{"a":["publish"],"\u0061":["subscribe"]}"#,
      "{\"\u{E9}\":[\"publish\"],\"e\u{301}\":[\"subscribe\"]}",
    ])
  func refuses(text: String) throws {
    for read in [{ try Capability(strict: text) }, { try Capability(parsing: text) }]
      as [() throws -> Capability]
    {
      let error = try #require(throws: ErrorInfo.self) { try read() }
      #expect(error.code == .badRequest && error.statusCode == 400)
    }
  }

  @Test(
    "the refusal names the resource whose operations are wrong", arguments: [#"{"x:y":1}"#, #"{"x:y":[1]}"#])
  func names(text: String) throws {
    let error = try #require(throws: ErrorInfo.self) { try Capability(parsing: text) }
    #expect(error.message.contains("\"x:y\""))
  }

  @Test("a refusal stays short and on one line whatever the text holds")
  func message() throws {
    let name = "\\r\\nX-Evil: 1\\u2028" + String(repeating: "x", count: 10_000)
    let error = try #require(throws: ErrorInfo.self) { try Capability(strict: "{\"\(name)\":[\"\(name)\"]}") }
    #expect(error.message.utf8.count < 400)
    #expect(!error.message.contains { $0.isNewline })
  }

  @Test("nothing but the literal form of a key decides: texts are not normalised")
  func bytes() throws {
    let composed = try Capability(strict: "{\"caf\u{E9}\":[\"publish\"]}")
    #expect(composed.allows(.publish, on: "caf\u{E9}"))
    #expect(!composed.allows(.publish, on: "cafe\u{301}"))
  }
}
