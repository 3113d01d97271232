internal import AblyTokens
internal import AblyWire

/// A message as its publisher wrote it, checked, without what the service adds.
struct MessageDraft: Sendable {
  var id: String?
  let name: String?
  let data: String?
  let encoding: String?
  var clientId: String?
  var extras: JSONValue?

  private static let maximumBytesBeside = 1024

  /// Reads a message; members it does not know are ignored.
  ///
  /// - Throws: 40000 for something that is no object; 40016, 40013, 40012, 40031 or 40032 for a name, data or
  ///   encoding, clientId, id or extras of the wrong type; 40006 for a connectionKey, since nobody is
  ///   connected.
  init(_ json: JSONValue) throws(ErrorInfo) {
    guard json.object != nil else { throw ErrorInfo(.badRequest, "a message must be a JSON object") }
    guard json["connectionKey"] == nil else { throw Self.namesConnection }
    name = try Self.text("name", in: json, .invalidMessageName)
    clientId = try Self.text("clientId", in: json, .invalidClientId)
    id = try Self.short(Self.text("id", in: json, .invalidMessageId), "id", .invalidMessageId)
    (data, encoding) = try Self.payload(of: json)
    extras = try Self.checked(extras: json["extras"])
  }

  /// The same for a message that was read already.
  init(_ message: Message) throws(ErrorInfo) {
    guard message.connectionKey == nil else { throw Self.namesConnection }
    name = Self.present(message.name)
    clientId = Self.present(message.clientId)
    id = try Self.short(Self.present(message.id), "id", .invalidMessageId)
    (data, encoding) = try Self.payload(of: message)
    extras = try Self.checked(extras: message.extras)
  }

  private static let namesConnection = ErrorInfo(
    .invalidConnectionId, "a message names a connection that is not open", statusCode: 400)

  private static func checked(extras: JSONValue?) throws(ErrorInfo) -> JSONValue? {
    guard let extras else { return nil }
    guard extras.object != nil else {
      throw ErrorInfo(.invalidMessageExtras, "the extras of a message must be an object", statusCode: 400)
    }
    guard !extras.isDeeper(than: maximumExtrasDepth) else {
      throw ErrorInfo(
        .invalidMessageExtras, "the extras of a message lie deeper than \(maximumExtrasDepth) levels",
        statusCode: 400)
    }
    return extras
  }

  // They come back in frames and pages, around which readers have bounds of their own.
  private static let maximumExtrasDepth = 32

  /// What counts against the size limit, in bytes (TM6).
  var size: Int {
    dataSize + (name?.utf8.count ?? 0) + (clientId?.utf8.count ?? 0) + (extras?.utf8.count ?? 0)
  }

  // Of bytes that travel as text the bytes count.
  private var dataSize: Int {
    guard let data else { return 0 }
    guard let encoding, encoding == "base64" || encoding.hasSuffix("/base64") else { return data.utf8.count }
    return data.utf8.count / 4 * 3 - data.utf8.suffix(2).count { $0 == UInt8(ascii: "=") }
  }

  /// Whether it sets the part of the extras that only some publishers may.
  var isPrivileged: Bool { extras?["privileged"] != nil }

  /// What the publisher's token says about it, for others to read: the publisher itself cannot write it.
  var claim: String? {
    get { extras?["userClaim"]?.string }
    set {
      guard newValue != nil || extras?["userClaim"] != nil else { return }
      var members = extras?.object ?? [:]
      members["userClaim"] = newValue.map(JSONValue.string)
      extras = members.isEmpty ? nil : .object(members)
    }
  }

  // An object or array that was not turned into text is kind to curl: it is read back as what it was.
  private static func payload(of json: JSONValue) throws(ErrorInfo) -> (data: String?, encoding: String?) {
    let encoding = try short(
      text("encoding", in: json, .invalidDataOrEncoding), "encoding", .invalidDataOrEncoding)
    switch json["data"] {
    case nil: return (nil, encoding)
    case .string(let text): return (text, encoding)
    case .some(let value): return try payload(value, encoding)
    }
  }

  private static func payload(
    of message: Message
  ) throws(ErrorInfo) -> (data: String?, encoding: String?) {
    var encoding = present(message.encoding)
    // Bytes that travelled as such are kept in base64, as if that had been a step of their encoding.
    if message.data?.binary != nil { encoding = encoding.map { "\($0)/base64" } ?? "base64" }
    encoding = try short(encoding, "encoding", .invalidDataOrEncoding)
    switch message.data {
    case nil: return (nil, encoding)
    case .string(let text): return (text, encoding)
    case .binary(let bytes): return (Base64.standard.encode(bytes), encoding)
    case .json(let value): return try payload(value, encoding)
    }
  }

  private static func payload(
    _ value: JSONValue, _ encoding: String?
  ) throws(ErrorInfo) -> (data: String?, encoding: String?) {
    guard encoding == nil, value.object != nil || value.array != nil else {
      throw ErrorInfo(
        .invalidDataOrEncoding,
        "the data of a message must be a string, or an object or array without encoding",
        statusCode: 400)
    }
    return (value.text, "json")
  }

  private static func present(_ text: String?) -> String? { text?.isEmpty == true ? nil : text }

  private static func text(
    _ name: String, in json: JSONValue, _ code: ErrorInfo.Code
  ) throws(ErrorInfo) -> String? {
    guard let value = json[name] else { return nil }
    guard let text = value.string else {
      throw ErrorInfo(code, "the \(name) of a message must be a string", statusCode: 400)
    }
    return text.isEmpty && name != "data" ? nil : text
  }

  private static func short(
    _ text: String?, _ name: String, _ code: ErrorInfo.Code
  ) throws(ErrorInfo) -> String? {
    guard (text?.utf8.count ?? 0) <= maximumBytesBeside else {
      throw ErrorInfo(code, "the \(name) of a message is over \(maximumBytesBeside) bytes", statusCode: 400)
    }
    return text
  }
}

extension JSONValue {
  fileprivate func isDeeper(than levels: Int) -> Bool {
    switch self {
    case .object(let members): levels <= 0 || members.values.contains { $0.isDeeper(than: levels - 1) }
    case .array(let elements): levels <= 0 || elements.contains { $0.isDeeper(than: levels - 1) }
    default: false
    }
  }
}

extension MessageDraft {
  /// The largest publish, all its messages counted together (TO3l8).
  static let maximumPublishBytes = 65536

  /// The most messages in one publish. Their places in it take three digits of a serial.
  static let maximumPublishCount = 1000

  /// Reads the body of a publish: one message or an array of them.
  ///
  /// - Throws: what ``init(_:)`` does; 40030 for an empty array, 40034 for more than 1000 messages, 40031
  ///   where only some have an id or two have the same, 40009 with status 413 for more than 64 KiB.
  static func drafts(in body: JSONValue) throws(ErrorInfo) -> [MessageDraft] {
    try drafts(of: body.array ?? [body]) { message throws(ErrorInfo) in try MessageDraft(message) }
  }

  /// The same for what came in a frame.
  static func drafts(of published: ClientFrame.Published) throws(ErrorInfo) -> [MessageDraft] {
    switch published {
    case .json(let json): try drafts(in: json ?? [])
    case .messages(let messages):
      try drafts(of: messages) { message throws(ErrorInfo) in try MessageDraft(message) }
    }
  }

  private static func drafts<Element>(
    of messages: [Element], _ draft: (Element) throws(ErrorInfo) -> MessageDraft
  ) throws(ErrorInfo) -> [MessageDraft] {
    guard !messages.isEmpty else {
      throw ErrorInfo(.invalidPublishRequest, "nothing to publish", statusCode: 400)
    }
    guard messages.count <= maximumPublishCount else {
      throw ErrorInfo(
        .tooManyMessagesInOnePublish, "one publish holds more than \(maximumPublishCount) messages",
        statusCode: 400)
    }
    var drafts: [MessageDraft] = []
    drafts.reserveCapacity(messages.count)
    for message in messages { drafts.append(try draft(message)) }
    let ids = drafts.count > 1 ? drafts.compactMap(\.id) : []
    guard ids.isEmpty || ids.count == drafts.count && Set(ids.map { Array($0.utf8) }).count == ids.count
    else {
      throw ErrorInfo(
        .invalidMessageId, "of the messages of one publish all or none have an id, each its own",
        statusCode: 400)
    }
    try checkSize(of: drafts, atMost: maximumPublishBytes)
    return drafts
  }

  /// - Throws: 40009 with status 413 for more.
  static func checkSize(of drafts: [MessageDraft], atMost most: Int) throws(ErrorInfo) {
    let size = drafts.reduce(0) { $0 + $1.size }
    guard size <= most else {
      throw ErrorInfo(
        .maxMessageSizeExceeded, "the publish takes \(size) bytes, more than \(most)", statusCode: 413)
    }
  }
}
