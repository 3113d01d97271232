extension PresenceMessage {
  /// The size that counts against the service's limit (TP5), in bytes, as that of a message; see ``Message/size``.
  package var size: Int { message.size }
}
