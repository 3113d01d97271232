internal import AblyTokenEndpoint
internal import AblyTokens
internal import Foundation
internal import HTTPTypes
internal import Testing

@Suite struct ConditionTests {
  private func decision(_ condition: String, _ claims: JSONValue) throws -> String {
    let yaml = """
      callers: { jwt: { secret-env: LOGIN_SECRET } }
      rules:
        - { when: { sub: \(condition) }, deny: banned }
        - { clientId: "{sub}", capability: { a: [publish] } }
      """
    return PolicyExplanation(try PolicyFile(yaml: yaml)).outcome(for: claims)
  }

  @Test(
    "an id is the same with and without quotes, as a text and as a number",
    arguments: [
      ("1234", "1234"), ("1234", 1234), ("\"1234\"", 1234), ("\"1234\"", "1234"), ("123e45", "123e45"),
      ("0x1F", "0x1F"), ("+49170", "+49170"), ("007", "007"), ("-5", "-5"), ("1.50", "1.50"),
      ("1_000", "1_000"), ("9223372036854775808", "9223372036854775808"), ("bob", "bob"),
    ] as [(String, JSONValue)])
  func same(_ condition: String, _ sub: JSONValue) throws {
    #expect(try decision(condition, ["sub": sub]) == "rule 1 refuses: banned")
  }

  @Test(
    "another id is another, and a truth value is no text",
    arguments: [
      ("1234", "01234"), ("1234", 1235), ("0x1F", 31), ("007", 7), ("007", "7"), ("true", "true"),
      ("\"true\"", true), ("1", true), ("bob", "Bob"),
    ] as [(String, JSONValue)])
  func other(_ condition: String, _ sub: JSONValue) throws {
    #expect(try !decision(condition, ["sub": sub]).contains("banned"))
  }
}
