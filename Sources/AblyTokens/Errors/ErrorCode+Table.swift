extension ErrorInfo.Code {
  /// What is known about one code, written once, beside the code's constant.
  struct Entry: Sendable {
    let code: ErrorInfo.Code
    let title: String
    let remedy: String
    let statusCode: Int?

    /// - Parameter status: where Ably answers with another status than the one the number suggests.
    init(_ code: ErrorInfo.Code, _ title: String, status: Int? = nil, _ remedy: String) {
      self.code = code
      self.title = title
      self.remedy = remedy
      self.statusCode = status
    }
  }

  /// Every code this version names, in ascending order.
  public static let known: [Self] = entries.map(\.code).sorted()

  /// A few words that name the code; `nil` for a code this version does not know.
  public var title: String? { entry?.title }

  /// The first thing to do about it; `nil` for a code this version does not know.
  public var remedy: String? { entry?.remedy }

  /// The HTTP status that goes with the code where none is known.
  ///
  /// Most codes begin with their status: 40142 is a 401. A code that does not, such as 80003, goes with 400
  /// unless Ably documents another status for it.
  public var usualStatusCode: Int {
    if let statusCode = entry?.statusCode { return statusCode }
    let leading = rawValue / 100
    return (400...599).contains(leading) ? leading : 400
  }

  private var entry: Entry? { Self.entriesByCode[self] }

  private static let entries: [Entry] = [
    requestEntries, versionEntries, messageEntries, contentEntries,
    authenticationEntries, keyEntries, tokenEntries, permissionEntries,
    accountEntries, placementEntries, resourceEntries, rateEntries, platformEntries,
    connectionEntries, recoveryEntries, channelEntries, presenceEntries,
  ].flatMap { $0 }

  // A code in two families is a slip that a test catches; it must not trap in somebody's server.
  private static let entriesByCode = Dictionary(
    entries.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
}
