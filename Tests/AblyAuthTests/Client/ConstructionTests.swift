internal import AblyAuth
internal import AblyTokens
internal import Logging
internal import Testing

@Suite("Construction of a client")
struct ConstructionTests {
  @Test(
    "RSC1a: a colon means a key, anything else a token", arguments: ["token", "a.b-c_D", "eyJh.eyJi.c2ln"])
  func keyOrToken(token: String) throws {
    #expect(try ClientOptions(keyOrToken: token).tokenDetails == TokenDetails(token: token))
    #expect(try ClientOptions(keyOrToken: token).key == nil)
    let options = try ClientOptions(keyOrToken: Sample.key)
    #expect(options.key?.keyName == Sample.keyName)
    #expect(options.token == nil)
    #expect(try RESTClient(token).auth.tokenDetails?.token == token)
    #expect(try RESTClient(Sample.key).auth.tokenDetails == nil)
  }

  @Test("RSC1a: a malformed key is 40400")
  func malformedKey() throws {
    let error = try #require(throws: ErrorInfo.self) { try RESTClient(":secret") }
    #expect(error.code == .notFound)
    #expect(!error.description.contains("secret"))
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: ErrorInfo.Code
    let adjust: @Sendable (inout ClientOptions) -> Void

    init(_ what: String, _ code: ErrorInfo.Code, _ adjust: @escaping @Sendable (inout ClientOptions) -> Void)
    {
      testDescription = what
      self.code = code
      self.adjust = adjust
    }
  }

  static let refused = [
    Case("RSC1b: nothing", .noAuthenticationMethod) { $0.key = nil },
    Case("RSC1b: an empty token", .noAuthenticationMethod) {
      $0.key = nil
      $0.token = ""
    },
    Case("RSC1b: a client id alone", .noAuthenticationMethod) {
      $0.key = nil
      $0.clientId = "bob"
    },
    Case("RSA14: token authentication without a token or a key", .noAuthenticationMethod) {
      $0.key = nil
      $0.useTokenAuth = true
    },
    Case("RSA4: Basic alone, with a token alone", .noAuthenticationMethod) {
      $0.key = nil
      $0.token = "t"
      $0.useTokenAuth = false
    },
    Case("RSC18, RSA1: a key without TLS", .basicAuthOverInsecureTransport) { $0.tls = false },
    Case("RSC18: a key without TLS on loopback, not allowed", .basicAuthOverInsecureTransport) {
      $0.tls = false
      $0.endpoint = "127.0.0.1"
    },
    Case("RSC18: a key without TLS elsewhere, allowed on loopback", .basicAuthOverInsecureTransport) {
      $0.tls = false
      $0.allowsBasicAuthOnLoopback = true
      $0.endpoint = "127.0.0.1.example.com"
    },
    Case(
      "RSC18, RSA1: a key without TLS on loopback, with a fallback host elsewhere",
      .basicAuthOverInsecureTransport
    ) {
      $0.tls = false
      $0.allowsBasicAuthOnLoopback = true
      $0.endpoint = "localhost"
      $0.fallbackHosts = ["127.0.0.1", "example.com"]
    },
    Case("RSA7c: a wildcard", .invalidClientId) { $0.clientId = "*" },
    Case("RSA7c: an empty client id", .invalidClientId) { $0.clientId = "" },
    Case("RSA7c: a star beside other characters", .invalidClientId) { $0.clientId = "a*" },
    Case("RSA7c: a line feed", .invalidClientId) { $0.clientId = "a\nb" },
    Case("RSA15a: the token of another client", .incompatibleCredentials) {
      $0.clientId = "bob"
      $0.tokenDetails = TokenDetails(token: "t", clientId: "eve")
    },
    Case("TO3k5: port 0", .invalidParameterValue) { $0.tlsPort = 0 },
    Case("TO3k4: port 65536", .invalidParameterValue) {
      $0.port = 65536
      $0.tls = false
      $0.token = "t"
    },
    Case("TO3l4: no time for requests", .invalidParameterValue) { $0.httpRequestTimeout = .zero },
    Case("TO3l3: negative time to connect", .invalidParameterValue) { $0.httpOpenTimeout = .seconds(-1) },
    Case("TO3k8: a URL for an endpoint", .invalidParameterValue) { $0.endpoint = "https://example.com" },
    Case("REC3b: a check of the network at no web address", .invalidParameterValue) {
      $0.connectivityCheckURL = "example.com/is-the-internet-up.txt"
    },
    Case("REC3b: a check of the network with user information", .invalidParameterValue) {
      $0.connectivityCheckURL = "https://user:word@example.com/"
    },
  ]

  @Test("unusable options throw, with the first thing to do", arguments: refused)
  func refusal(_ refused: Case) throws {
    let error = try #require(throws: ErrorInfo.self) {
      try RESTClient(options: .sample(refused.adjust))
    }
    #expect(error.code == refused.code)
    #expect(error.remedy?.isEmpty == false)
    #expect(!error.description.contains("keySecret"))
  }

  @Test("RSC18: who names another machine as a fallback host is told of which option to change")
  func remedyForFallbackHosts() throws {
    let error = try #require(throws: ErrorInfo.self) {
      try RESTClient(
        options: .sample {
          $0.tls = false
          $0.allowsBasicAuthOnLoopback = true
          $0.endpoint = "::1"
          $0.fallbackHosts = ["example.com"]
        })
    }
    #expect(error.code == .basicAuthOverInsecureTransport)
    #expect(error.remedy?.contains("fallbackHosts") == true)
  }

  static let accepted = [
    Case("RSA3a: a token without TLS", 0) {
      $0.key = nil
      $0.token = "t"
      $0.tls = false
    },
    Case("RSA4: tokens from a key, without TLS", 0) {
      $0.useTokenAuth = true
      $0.tls = false
    },
    Case("RSC18: a key on localhost, allowed", 0) {
      $0.tls = false
      $0.allowsBasicAuthOnLoopback = true
      $0.endpoint = "localhost"
    },
    Case("RSC18: a key on 127.9.9.9, allowed", 0) {
      $0.tls = false
      $0.allowsBasicAuthOnLoopback = true
      $0.endpoint = "127.9.9.9"
    },
    Case("RSC18: a key on ::1, allowed", 0) {
      $0.tls = false
      $0.allowsBasicAuthOnLoopback = true
      $0.endpoint = "::1"
    },
    Case("RSC18: a key on localhost, allowed, with fallback hosts of this machine", 0) {
      $0.tls = false
      $0.allowsBasicAuthOnLoopback = true
      $0.endpoint = "localhost"
      $0.fallbackHosts = ["127.0.0.1", "::1"]
    },
    Case("RSC18: a token on localhost, with a fallback host elsewhere", 0) {
      $0.key = nil
      $0.token = "t"
      $0.tls = false
      $0.endpoint = "localhost"
      $0.fallbackHosts = ["example.com"]
    },
    Case("RSA15a: the token of the same client", 0) {
      $0.clientId = "bob"
      $0.tokenDetails = TokenDetails(token: "t", clientId: "bob")
    },
    Case("RSA15b: a token for any client", 0) {
      $0.clientId = "bob"
      $0.tokenDetails = TokenDetails(token: "t", clientId: "*")
    },
    Case("RSA15a: a token of nobody", 0) {
      $0.clientId = "bob"
      $0.tokenDetails = TokenDetails(token: "t")
    },
  ]

  @Test("options that work", arguments: accepted)
  func acceptance(_ accepted: Case) throws {
    _ = try RESTClient(options: .sample(accepted.adjust))
  }

  @Test("TO3d, RSC2, TO3f, TO3n, TO3p, TO3l5, TO3l6, TO3l8, TO3l10: defaults")
  func defaults() {
    let options = ClientOptions()
    #expect(options.tls)
    #expect(options.port == 80)
    #expect(options.tlsPort == 443)
    #expect(options.httpOpenTimeout == .seconds(4))
    #expect(options.httpRequestTimeout == .seconds(10))
    #expect(options.httpMaxRetryCount == 3)
    #expect(options.httpMaxRetryDuration == .seconds(15))
    #expect(options.fallbackRetryTimeout == .seconds(600))
    #expect(options.maxMessageSize == 65_536)
    #expect(options.useBinaryProtocol)
    #expect(options.idempotentRestPublishing)
    #expect(!options.addRequestIds)
    #expect(!options.queryTime)
    #expect(!options.allowsBasicAuthOnLoopback)
    #expect(options.useTokenAuth == nil)
    #expect(options.logger.logLevel == .warning)
  }

  @Test("TO3j, AO2d, AO2e, AO2f: without credentials there are none, and an authURL would be asked with GET")
  func noCredentials() {
    let options = ClientOptions()
    #expect(options.authMethod == .get)
    #expect(options.authMethod.rawValue == "GET")
    #expect(options.authHeaders.isEmpty)
    #expect(options.authParams.isEmpty)
    #expect(options.key == nil)
    #expect(options.token == nil)
    #expect(options.tokenDetails == nil)
    #expect(options.authCallback == nil)
    #expect(options.authURL == nil)
    #expect(options.clientId == nil)
    #expect(options.endpoint == nil)
    #expect(options.fallbackHosts == nil)
    #expect(options.defaultTokenParams == nil)
  }

  @Test("RSA16b, TO3j2: a token given alone has no details")
  func bareToken() {
    var options = ClientOptions(token: "t")
    #expect(options.tokenDetails == TokenDetails(token: "t"))
    options.token = nil
    #expect(options.tokenDetails == nil)
  }
}
