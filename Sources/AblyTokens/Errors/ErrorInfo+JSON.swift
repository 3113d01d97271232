extension ErrorInfo {
  /// How many causes below an error are read and written; what lies deeper is left out.
  static let maximumCauses = 4

  /// Reads an error as Ably sends it: the object itself or inside `{"error": …}` (TI1, TI2).
  ///
  /// `code` and `statusCode` may be numeric strings, `null` counts as absent, and unknown members are
  /// ignored. Text is the peer's: each part of it is put on one line without control characters and cut at
  /// 2 KiB (`requestId` and the names in `detail` at 256 bytes), so that no peer can flood or forge a log.
  /// At most 32 entries of `detail` (TI6) and 4 causes are kept, and an `href` that is not a plain web
  /// address counts as absent. The ``remedy`` is never the peer's: it is the code's.
  ///
  /// - Parameters:
  ///   - json: the body of an answer, or the `error` of a protocol message.
  ///   - statusCode: the status of the HTTP answer it came in. Where that says failure, it stands in for a
  ///     missing `statusCode`. Without a `code` the code is derived from the status.
  /// - Returns: `nil` for something that is no error: not an object, or one without `code`, `statusCode`
  ///   and `message`.
  public init?(json: JSONValue, statusCode: Int? = nil) {
    let enveloped = json["error"]?.object.map(JSONValue.object)
    self.init(body: enveloped ?? json, statusCode: statusCode, causes: Self.maximumCauses)
  }

  private init?(body: JSONValue, statusCode: Int?, causes: Int) {
    let code = body.integer("code").flatMap { $0 > 0 ? Code(rawValue: $0) : nil }
    let ownStatus = body.integer("statusCode").flatMap { (100...999).contains($0) ? $0 : nil }
    let message = body["message"]?.string.flatMap { $0.isEmpty ? nil : PeerText.line($0) }
    guard code != nil || ownStatus != nil || message != nil else { return nil }
    let status = ownStatus ?? statusCode.flatMap { $0 >= 400 ? $0 : nil }
    let known = code ?? Code(httpStatus: status ?? 0)
    self.init(
      known, message ?? known.title ?? "an error without a message",
      statusCode: status,
      href: body["href"]?.string.flatMap(PeerText.link),
      cause: causes > 0 ? body["cause"].flatMap { Self(body: $0, statusCode: nil, causes: causes - 1) } : nil,
      requestId: body["requestId"]?.string.map { PeerText.line($0, maximumCount: 256) },
      detail: body.detail)
  }

  /// The error as Ably writes it: `code`, `statusCode`, `message`, `href`, and `cause`, `requestId` and
  /// `detail` where there are any (TI1, TI4, TI6). Not the ``remedy``, which is this package's own.
  public var json: JSONValue { json(causes: Self.maximumCauses) }

  /// The body of an HTTP answer that refuses: ``json`` inside `{"error": …}`.
  public var errorBody: JSONValue { .object(["error": json]) }

  private func json(causes: Int) -> JSONValue {
    var members: [String: JSONValue] = [
      "code": .number(JSONNumber(code.rawValue)),
      "statusCode": .number(JSONNumber(statusCode)),
      "message": .string(message),
      "href": .string(href),
    ]
    members["requestId"] = requestId.map(JSONValue.string)
    if !detail.isEmpty { members["detail"] = .object(detail.mapValues(JSONValue.string)) }
    if causes > 0 { members["cause"] = cause?.json(causes: causes - 1) }
    return .object(members)
  }
}

extension JSONValue {
  fileprivate func integer(_ name: String) -> Int? {
    switch self[name] {
    case .number(let number): number.int64.flatMap(Int.init(exactly:))
    case .string(let text): Int(text)
    default: nil
    }
  }

  fileprivate var detail: [String: String] {
    let entries = (self["detail"]?.object ?? [:]).compactMapValues(\.string).sorted { $0.key < $1.key }
    return Dictionary(
      entries.prefix(32).map { (PeerText.line($0.key, maximumCount: 256), PeerText.line($0.value)) },
      uniquingKeysWith: { first, _ in first })
  }
}
