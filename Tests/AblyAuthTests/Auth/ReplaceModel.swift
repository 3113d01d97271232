internal import AblyAuth
internal import AblyTokens

/// What a client should do, by the rule "replace, never merge" alone.
struct ReplaceModel {
  /// Ways to authenticate, apart from what ``AuthOptions`` makes of them.
  struct Ways: Hashable {
    var callback: Int?
    var url: Int?
    var key: Int?
    var literal: TokenDetails?
    var queryTime = false

    var canObtainTokens: Bool { callback != nil || url != nil || key != nil }
  }

  /// Something that leaves the client.
  enum Seen: Hashable {
    case callback(Int, TokenParams)
    case url(Int, TokenParams)
    case exchange(key: Int, TokenParams)
    case time
    case request(authorization: String)
  }

  /// What a call gives: a token, a signed request, nothing at all, or the code of an error.
  enum Outcome: Hashable {
    case token(TokenDetails)
    case signed(key: Int, TokenParams)
    case done
    case error(ErrorInfo.Code)
  }

  let own: String?
  private(set) var params: TokenParams
  private(set) var ways: Ways
  private(set) var token: TokenDetails?
  private(set) var usesTokens: Bool
  private var knowsTime = false

  init(own: String?, params: TokenParams?, ways: Ways) {
    self.own = own
    self.ways = ways
    token = ways.literal
    usesTokens = ways.literal != nil || ways.callback != nil || ways.url != nil
    self.ways.literal = nil
    self.params = Self.lasting(params ?? TokenParams())
    if let own { self.params.clientId = own }
  }

  /// The token that any source gives when it is asked for this.
  static func answer(_ params: TokenParams) -> TokenDetails {
    TokenDetails(token: "t-\(params.clientId ?? "none")", clientId: params.clientId ?? "carol")
  }

  static func lasting(_ params: TokenParams) -> TokenParams {
    var params = params
    params.timestamp = nil
    params.nonce = nil
    return params
  }

  var clientId: String? { own ?? token?.clientId }

  // MARK: Calls

  mutating func authorize(_ params: TokenParams?, _ ways: Ways?) -> (seen: [Seen], outcome: Outcome) {
    var asked = params ?? self.params
    asked.clientId = asked.clientId ?? own
    self.params = Self.lasting(asked)
    let used = ways ?? self.ways
    if var ways {
      ways.literal = nil
      ways.queryTime = false
      self.ways = ways
    }
    asked.clientId = asked.clientId ?? token?.clientId
    token = nil
    usesTokens = true
    if let literal = ways?.literal { return ([], use(literal)) }
    let (seen, outcome) = obtain(asked, used)
    guard case .token(let token) = outcome else { return (seen, outcome) }
    return (seen, use(token))
  }

  mutating func requestToken(_ params: TokenParams?, _ ways: Ways?) -> (seen: [Seen], outcome: Outcome) {
    obtain(params ?? self.params, ways ?? self.ways)
  }

  mutating func createTokenRequest(
    _ params: TokenParams?, _ ways: Ways?
  ) -> (seen: [Seen], outcome: Outcome) {
    let ways = ways ?? self.ways
    guard let key = ways.key else { return ([], .error(.invalidCredentials)) }
    let (seen, signed) = sign(params ?? self.params, asking: ways.queryTime)
    return (seen, .signed(key: key, signed))
  }

  mutating func request() -> (seen: [Seen], outcome: Outcome) {
    guard usesTokens else { return ([.request(authorization: Sample.basic)], .done) }
    var seen: [Seen] = []
    if token == nil {
      let (steps, outcome) = obtain(params, ways)
      seen = steps
      guard case .token(let token) = outcome else { return (seen, outcome) }
      if case .error(let code) = use(token) { return (seen, .error(code)) }
    }
    return (seen + [.request(authorization: RenewalTests.bearer(token?.token ?? ""))], .done)
  }

  // MARK: Steps

  private mutating func obtain(_ params: TokenParams, _ ways: Ways) -> (seen: [Seen], outcome: Outcome) {
    if let callback = ways.callback {
      return ([.callback(callback, params)], .token(Self.answer(params)))
    }
    if let url = ways.url { return ([.url(url, params)], .token(Self.answer(params))) }
    guard let key = ways.key else { return ([], .error(.noMeansToRenew)) }
    let (seen, signed) = sign(params, asking: ways.queryTime)
    return (seen + [.exchange(key: key, signed)], .token(Self.answer(params)))
  }

  private mutating func sign(_ params: TokenParams, asking: Bool) -> (seen: [Seen], signed: TokenParams) {
    var params = params
    guard params.timestamp == nil else { return ([], params) }
    let asks = asking && !knowsTime
    knowsTime = knowsTime || asks
    let milliseconds = knowsTime ? HTTPReply.serverTime : Sample.nowMilliseconds
    params.timestamp = Milliseconds.date(milliseconds)
    return (asks ? [.time] : [], params)
  }

  private mutating func use(_ token: TokenDetails) -> Outcome {
    if let own, let clientId = token.clientId, clientId != own, clientId != "*" {
      return .error(.incompatibleCredentials)
    }
    self.token = token
    return .token(token)
  }
}
