package import AblyWire

extension WireFormat {
  /// The format that the options ask for (RSC8a, RSC8b).
  package init(_ options: ClientOptions) {
    self = options.useBinaryProtocol ? .messagePack : .json
  }
}
