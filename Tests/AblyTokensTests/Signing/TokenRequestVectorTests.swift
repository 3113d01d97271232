import AblyTokens
import Foundation
import Testing

/// What an independent implementation says about signing; see `Vectors/make-vectors.py`.
@Suite struct TokenRequestVectorTests {
  struct Vector: CustomTestStringConvertible, Sendable {
    let json: JSONValue

    var testDescription: String { json["case"]?.string ?? "" }
    var body: String { json["body"]?.string ?? "" }
    var text: String { json["text"]?.string ?? "" }
    var mac: String { json["mac"]?.string ?? "" }
    var isLiteral: Bool { json["literal"]?.array?.isEmpty == false }
    var params: JSONValue { json["params"] ?? .null }
  }

  static let file = try? VectorFile.json("token-requests")
  static let vectors = (file?["requests"]?.array ?? []).map(Vector.init)

  static func key() throws -> APIKey { try APIKey(#require(file?["key"]?.string)) }

  @Test func thereAreVectors() {
    #expect(Self.vectors.count == 23)
  }

  @Test("RSA9g: the signed text and the MAC of a body as it travels", arguments: vectors)
  func decoded(_ vector: Vector) throws {
    let request = try TokenRequest(json: vector.body)
    #expect(request.signedText == vector.text)
    #expect(request.mac == vector.mac)
    #expect(TokenRequestSigner(key: try Self.key()).verify(request))
  }

  @Test("TE6: a body that was read and written again still verifies", arguments: vectors)
  func roundTrip(_ vector: Vector) throws {
    let request = try TokenRequest(json: vector.body)
    let again = try TokenRequest(json: request.jsonText)
    #expect(again == request)
    #expect(TokenRequestSigner(key: try Self.key()).verify(again))
  }

  @Test("RSA9a: signing the same values gives the same MAC", arguments: vectors.filter { !$0.isLiteral })
  func signed(_ vector: Vector) throws {
    var params = TokenParams(
      clientId: vector.params["clientId"]?.string, nonce: vector.params["nonce"]?.string)
    params.ttl = vector.params["ttl"]?.number?.int64.map(Duration.milliseconds)
    params.capabilityText = vector.params["capability"]?.string
    let timestamp = try #require(vector.params["timestamp"]?.number?.int64)
    params.timestamp = Date(timeIntervalSince1970: Double(timestamp) / 1000)
    let request = try TokenRequestSigner(key: Self.key()).sign(params)
    #expect(request.signedText == vector.text)
    #expect(request.mac == vector.mac)
  }

  @Test("RSA9g: no other body verifies", arguments: vectors)
  func tampered(_ vector: Vector) throws {
    let signer = TokenRequestSigner(key: try Self.key())
    let request = try TokenRequest(json: vector.body)
    let members = try #require(JSONValue(parsing: request.jsonText).object)
    let others: [String: JSONValue] = [
      "keyName": "vec7or.other", "ttl": 86_400_001, "capability": #"{"*":["*"]}"#, "clientId": "eve",
      "timestamp": 1_731_234_567_891, "nonce": "another-nonce-0123456",
      "mac": .string(String(vector.mac.reversed())),
    ]
    for (name, value) in others {
      let changed = try TokenRequest(json: .object(members.merging([name: value]) { $1 }))
      #expect(!signer.verify(changed), "\(name) changed")
    }
  }
}
