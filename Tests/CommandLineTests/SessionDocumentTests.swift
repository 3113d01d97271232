internal import AblyService
internal import AblyTokens
internal import Foundation
internal import TestSupport
internal import Testing

@Suite("docs/session.md", .endsAtLast)
struct SessionDocumentTests {
  /// A block of the page: a command, the lines that are sent, and those that come.
  struct Example: CustomTestStringConvertible, Sendable {
    let arguments: [String]
    let sent: [String]
    let expected: [String]

    var testDescription: String { arguments.joined(separator: " ") }

    init?(_ block: Substring) {
      let lines = block.split(separator: "\n").map(String.init)
      guard let command = lines.first, command.hasPrefix("$ ably-auth session ") else { return nil }
      arguments = command.split(separator: " ").dropFirst(2).map { $0.filter { $0 != "'" } }
      sent = lines.filter { $0.hasPrefix("> ") }.map { String($0.dropFirst(2)) }
      expected = lines.filter { $0.hasPrefix("< ") }.map { String($0.dropFirst(2)) }
    }
  }

  static let examples: [Example] = {
    let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/session.md")
    let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
    return text.split(separator: "```\n").compactMap(Example.init)
  }()

  @Test("it has examples with and without a connection")
  func found() {
    #expect(examples.count == 3)
    #expect(examples.contains { $0.arguments.contains("--rest") })
    #expect(examples.contains { !$0.arguments.contains("--rest") })
  }

  private var examples: [Example] { Self.examples }

  @Test("what is shown comes, all of it", arguments: examples)
  func comes(example: Example) async throws {
    let core = try ServiceCore(keys: [
      ServiceKey(APIKey(Tool.key)),
      ServiceKey(APIKey("demo00.key001:for-this-machine-too"), revocableTokens: true),
    ])
    let outcome = try await withAblyServer(core: core) { server in
      let place = ["--port", "\(server.port)", "--no-tls", "--insecure-basic-on-loopback"]
      return try await Tool.run(
        list: example.arguments.flatMap { $0 == "$PLACE" ? place : [$0] },
        environment: ["ABLY_API_KEY": Tool.key, "ABLY_ENDPOINT": "127.0.0.1"],
        input: example.sent.joined(separator: "\n") + "\n")
    }
    #expect(outcome.exitCode == 0, "\(outcome.talk)")
    var came = try outcome.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    for line in example.expected {
      let pattern = try JSONValue(parsing: line)
      let index = came.firstIndex { Self.matches($0, pattern) }
      #expect(index != nil, "\(line) is missing in \(outcome.output)")
      if let index { came.remove(at: index) }
    }
    if example.arguments.contains("--rest") { #expect(came.isEmpty, "not shown: \(came.map(\.text))") }
  }

  /// A text `…` stands for anything, and a member of that name for any further members.
  private static func matches(_ value: JSONValue, _ pattern: JSONValue) -> Bool {
    switch (value, pattern) {
    case (_, "…"): return true
    case (.array(let values), .array(let patterns)):
      return values.count == patterns.count && zip(values, patterns).allSatisfy(matches)
    case (.object(let members), .object(var patterns)):
      let isOpen = patterns.removeValue(forKey: "…") != nil
      return (isOpen || members.count == patterns.count)
        && patterns.allSatisfy { name, pattern in members[name].map { matches($0, pattern) } ?? false }
    default: return value == pattern
    }
  }
}
