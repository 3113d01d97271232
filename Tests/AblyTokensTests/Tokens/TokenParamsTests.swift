import AblyTokens
import Testing

@Suite struct TokenParamsTests {
  @Test("TK2b: a capability as a value and as text are the same thing")
  func capability() {
    var params = TokenParams(capability: ["b": [.publish], "a:*": [.subscribe, .history]])
    #expect(params.capabilityText == #"{"a:*":["history","subscribe"],"b":["publish"]}"#)
    params.capabilityText = #"{"x": ["publish"]}"#
    #expect(params.capability == ["x": [.publish]])
    #expect(params.capabilityText == #"{"x": ["publish"]}"#)
    params.capability = nil
    #expect(params.capabilityText == nil)
  }

  @Test("TK1: equal values are equal however they came about")
  func equality() {
    var typed = TokenParams(ttl: .seconds(1), capability: ["a": [.publish]])
    var text = TokenParams(ttl: .milliseconds(1000))
    text.capabilityText = #"{"a":["publish"]}"#
    #expect(typed == text)
    #expect(Set([typed, text]).count == 1)
    typed.clientId = "bob"
    #expect(typed != text)
  }

  @Test("TK2b: a capability that no reader of JSON would take is not signed")
  func twins() throws {
    let params = TokenParams(capability: ["\u{E9}": [.publish], "e\u{301}": [.subscribe]])
    let signer = TokenRequestSigner(key: try APIKey("app.key:c2VjcmV0"))
    let error = #expect(throws: ErrorInfo.self) { try signer.sign(params) }
    #expect(error?.code == .badRequest)
    let single = TokenParams(capability: ["\u{E9}": [.publish]])
    #expect(throws: Never.self) { try signer.sign(single) }
  }

  @Test("TK2b: a text that was changed after a value was set is checked again")
  func changedText() throws {
    var params = TokenParams(capability: ["a": [.publish]])
    params.capabilityText = "not a capability"
    let signer = TokenRequestSigner(key: try APIKey("a.k:s"))
    #expect(throws: ErrorInfo.self) { try signer.sign(params) }
  }
}

extension TokenParams {
  // As users write one: what is set after `self.init` must count like anything else.
  fileprivate init(late ttl: Duration, capability text: String) {
    self.init(ttl: .seconds(1), capability: ["a": [.publish]])
    self.ttl = ttl
    capabilityText = text
  }
}

@Suite struct TokenParamsInitialiserTests {
  @Test("values set in an initialiser of an extension count")
  func late() throws {
    let signer = TokenRequestSigner(key: try APIKey("a.k:s"))
    #expect(try signer.sign(TokenParams(late: .seconds(7), capability: "")).ttl == .seconds(7))
    #expect(throws: ErrorInfo.self) { try signer.sign(TokenParams(late: .seconds(7), capability: "nothing")) }
  }
}
