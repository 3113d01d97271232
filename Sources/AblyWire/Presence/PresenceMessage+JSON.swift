public import AblyTokens

extension PresenceMessage {
  /// Reads a presence message as it travels: ``data`` is still encoded as ``encoding`` says.
  ///
  /// - Throws: 40000 for something that is not an object or a member that should be text and is not, 40003
  ///   for a timestamp that is not a whole number of milliseconds.
  public init(json: JSONValue) throws(ErrorInfo) {
    guard case .object = json else {
      throw ErrorInfo(.badRequest, "a presence message must be a JSON object")
    }
    self.init(try Message(json: json))
  }

  /// A presence message that was read as a message.
  init(_ message: Message) {
    self.init()
    id = message.id
    action = message.action.map { PresenceAction(rawValue: $0.rawValue) }
    clientId = message.clientId
    connectionId = message.connectionId
    data = message.data
    encoding = message.encoding
    timestamp = message.timestamp
    extras = message.extras
  }

  /// Reads a presence message and undoes its encodings (TP4); throws as ``init(json:)``.
  public init(fromEncoded json: JSONValue) throws(ErrorInfo) {
    try self.init(json: json)
    decode()
  }

  /// The JSON object that travels, with the data encoded; throws as ``Message/json()``.
  public func json() throws(ErrorInfo) -> JSONValue { try message.json() }

  /// The message that travels in its place.
  var message: Message {
    var message = Message(data: data, clientId: clientId)
    message.id = id
    message.action = action.map { MessageAction(rawValue: $0.rawValue) }
    message.connectionId = connectionId
    message.encoding = encoding
    message.timestamp = timestamp
    message.extras = extras
    return message
  }

  /// Undoes the encodings, as ``Message/decode()`` (RSP5).
  @discardableResult
  public mutating func decode() -> ErrorInfo? {
    var message = Message(data: data)
    message.encoding = encoding
    let failure = message.decode()
    data = message.data
    encoding = message.encoding
    return failure
  }
}
