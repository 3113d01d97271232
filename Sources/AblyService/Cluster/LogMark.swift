internal import AblyTokens
internal import Crypto

/// Hashes of one length that stand for texts of any.
enum LogMark {
  /// Sixteen bytes of a hash over texts, in hexadecimal digits. No two lists of texts are written alike: each goes in with
  /// its length.
  static func hex(_ texts: String...) -> String {
    var hash = SHA256()
    for text in texts {
      hash.update(data: Array("\(text.utf8.count):".utf8))
      hash.update(data: Array(text.utf8))
    }
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: hash.finalize().prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
      as: UTF8.self)
  }

  static func room(_ address: ChannelAddress) -> String { hex("room", address.appId, address.name.text) }

  static func member(_ key: MemberKey) -> String { hex("member", key.connectionId, key.clientId) }

  /// Of messages that are the same when they come again.
  static func message(_ address: ChannelAddress, _ author: String, _ id: String) -> String {
    hex("message", address.appId, address.name.text, author, id)
  }
}
