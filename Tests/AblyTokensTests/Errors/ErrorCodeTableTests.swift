internal import AblyTokens
internal import Testing

/// The numbers of Ably's public list that a client, a token endpoint or a service can meet.
private let listed: [ErrorInfo.Code] = [
  40000, 40001, 40002, 40003, 40004, 40005, 40006, 40007, 40008, 40009, 40010, 40011, 40012, 40013, 40014,
  40015, 40016, 40017, 40018, 40019, 40020, 40021, 40022, 40023, 40024, 40025, 40030, 40031, 40032, 40033,
  40034, 40035, 40099,
  40100, 40101, 40102, 40103, 40104, 40105, 40106, 40110, 40111, 40112, 40113, 40114, 40115, 40120, 40121,
  40125, 40126, 40127, 40128, 40130, 40131, 40132, 40133, 40140, 40141, 40142, 40143, 40144, 40145, 40150,
  40151, 40160, 40161, 40162, 40163, 40164, 40165, 40166, 40167, 40170, 40171, 40172, 40180, 40181, 40182,
  40300, 40310, 40311, 40320, 40330, 40331, 40332,
  40400,
  40500,
  40900,
  41001,
  42200, 42210, 42211, 42212, 42213,
  42910, 42911, 42912, 42913, 42914, 42915, 42916, 42917, 42918, 42920, 42921, 42922, 42923, 42924, 42925,
  42926,
  50000, 50001, 50002, 50003, 50004, 50005, 50006, 50010, 50205, 50210, 50305, 50306, 50310, 50320, 50330,
  50405, 50410,
  80000, 80001, 80002, 80003, 80004, 80005, 80006, 80007, 80008, 80009, 80010, 80011, 80012, 80013, 80014,
  80015, 80016, 80017, 80018, 80019, 80020, 80021, 80022, 80023, 80024, 80030,
  90000, 90001, 90002, 90003, 90004, 90005, 90006, 90007, 90008, 90009, 90010, 90021,
  91000, 91001, 91002, 91003, 91004, 91005, 91006, 91007, 91008, 91100,
]

@Suite("Ably's error codes")
struct ErrorCodeTableTests {
  private typealias Code = ErrorInfo.Code

  @Test("TI3: the codes are those of Ably's list, each once")
  func list() {
    #expect(Code.known == listed)
  }

  @Test("every code has a short name and something to do about it", arguments: ErrorInfo.Code.known)
  func words(code: ErrorInfo.Code) throws {
    let title = try #require(code.title)
    let remedy = try #require(code.remedy)
    #expect((5...60).contains(title.count))
    #expect(title.last?.isPunctuation == false || title.hasSuffix(")"))
    #expect((30...300).contains(remedy.count))
    #expect(remedy.hasSuffix("."))
    #expect(remedy.first?.isUppercase == true)
    #expect(!remedy.contains("\n") && !remedy.contains("  "))
    #expect(!remedy.lowercased().hasPrefix(title.lowercased()))
  }

  @Test("no two codes share a title or a remedy")
  func distinct() {
    #expect(Set(Code.known.compactMap(\.title)).count == Code.known.count)
    #expect(Set(Code.known.compactMap(\.remedy)).count == Code.known.count)
  }

  @Test(
    "the remedy names the thing to look at",
    arguments: [
      (ErrorInfo.Code.invalidParameterValue, "24 hours"), (.invalidClientId, "clientId"),
      (.invalidCredentials, "ably-auth inspect"), (.basicAuthOverInsecureTransport, "tls"),
      (.timestampOutsideWindow, "clock"), (.nonceReplayed, "HTTP cache"),
      (.noAuthenticationMethod, "authUrl"),
      (.wrongKeyForRevocation, "the key that issued the tokens"), (.tokenExpired, "renews"),
      (.invalidJWT, "HS256"), (.capabilityDenied, "ably-auth can"),
      (.revocationNotEnabled, "--revocable-key"),
      (.tokenRequestCallbackFailed, "application/jwt"), (.noMeansToRenew, "authCallback"),
      (.forbidden, "policy"), (.notFound, "key id"), (.rateLimited, "Retry-After"),
      (.tokenRequestFailed, "403"),
      (.presenceRequiresClientId, "clientId"),
    ])
  func specific(code: ErrorInfo.Code, hint: String) throws {
    #expect(try #require(code.remedy).contains(hint))
  }

  @Test("a code that is not known has no words", arguments: [Int.min, -1, 0, 40_036, 99_999, Int.max])
  func unknown(number: Int) {
    let code = ErrorInfo.Code(rawValue: number)
    #expect(code.title == nil)
    #expect(code.remedy == nil)
    #expect(ErrorInfo(code, "unheard of").remedy == nil)
  }

  @Test("TI1: an error takes its remedy from its code unless it is given one")
  func remedyOfAnError() {
    #expect(ErrorInfo(.nonceReplayed, "seen").remedy == Code.nonceReplayed.remedy)
    #expect(ErrorInfo(.nonceReplayed, "seen", remedy: "Sign again.").remedy == "Sign again.")
  }
}
