internal import AblyTokens
internal import Foundation

/// TokenRequests as clients post them.
enum SignedRequests {
  static func write(key: String, count: Int, path: String) throws {
    let signer = try TokenRequestSigner(key: APIKey(key))
    let params = TokenParams(capability: ["chat:*": [.publish, .subscribe]], clientId: "bob")
    var lines = Data()
    for _ in 0..<count {
      lines.append(contentsOf: try signer.sign(params).jsonUTF8)
      lines.append(UInt8(ascii: "\n"))
    }
    try lines.write(to: URL(fileURLWithPath: path))
  }
}
