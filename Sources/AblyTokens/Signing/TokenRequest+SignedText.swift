extension TokenRequest {
  /// The exact text its MAC must cover, from the literal values that travelled: six lines, each ended by a
  /// line feed, an absent value being an empty line. It holds no secret.
  ///
  ///     keyName \n ttl \n capability \n clientId \n timestamp \n nonce \n
  public var signedText: String { String(decoding: signedUTF8, as: UTF8.self) }

  var signedUTF8: [UInt8] { signed.utf8 }
}
