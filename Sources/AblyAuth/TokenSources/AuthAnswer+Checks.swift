internal import AblyTokens

extension AuthAnswer {
  /// The largest answer (RSA4f), in bytes.
  static let maximumCount = 128 << 10

  /// What can be used right away, and what has yet to be exchanged.
  enum Usable: Sendable {
    case token(TokenDetails)
    case request(TokenRequest)
  }

  /// Looks at an answer before it is used.
  ///
  /// - Throws: ``Unusable`` for one that cannot be a token (RSA4f).
  func usable() throws(Unusable) -> Usable {
    switch self {
    case .token(let token): return .token(TokenDetails(token: try Self.checked(token)))
    case .tokenDetails(let details):
      _ = try Self.checked(details.token)
      return .token(details)
    case .tokenRequest(let request):
      guard request.jsonUTF8.count <= Self.maximumCount else { throw .tooLarge }
      return .request(request)
    case .json(let json): return try Self.usable(json)
    }
  }

  private static func usable(_ json: JSONValue) throws(Unusable) -> Usable {
    switch json {
    case .object: break
    case .null: throw Unusable("it is null")
    case .string: throw Unusable("it is a JSON string: JSON was encoded twice, or a bare token once")
    default: throw Unusable("it is not a JSON object")
    }
    guard json.utf8.count <= maximumCount else { throw .tooLarge }
    let details: TokenDetails
    do throws(ErrorInfo) {
      guard json["token"] != nil else { return .request(try TokenRequest(json: json)) }
      details = try TokenDetails(json: json)
    } catch {
      throw Unusable("it is neither token details nor a token request: \(error.message)")
    }
    return try AuthAnswer.tokenDetails(details).usable()
  }

  private static func checked(_ token: String) throws(Unusable) -> String {
    guard token.utf8.count <= maximumCount else { throw .tooLarge }
    switch token {
    case "": throw Unusable("the token is empty")
    case "null", "undefined", "nil": throw Unusable("the token is the text '\(token)'")
    default: break
    }
    switch token.utf8.first {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      throw Unusable("the token is JSON: give it as JSON, and from an authURL with the type application/json")
    case UInt8(ascii: "\""): throw Unusable("the token stands in quotes: it was encoded as JSON")
    default: break
    }
    guard token.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      throw Unusable("the token holds white space or control characters")
    }
    return token
  }

  /// Why an answer cannot be a token. It does not repeat the answer.
  struct Unusable: Error {
    let why: String

    init(_ why: String) { self.why = why }

    static let tooLarge = Unusable("it is larger than \(maximumCount >> 10) KiB")
  }
}
