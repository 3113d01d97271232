internal import AblyTokens
internal import Testing

@testable internal import AblyService

@Suite("Fault rules as they are read and shown")
struct FaultRuleTests {
  private let desk: Desk

  init() throws {
    desk = try Desk()
    desk.core.enableAdministration()
  }

  private func faults() async -> JSONValue { await desk.send("GET", "/admin/faults").body }

  static let rules: [JSONValue] = [
    ["match": ["type": "ws_connect"], "action": ["type": "refuse_connection"]],
    [
      "match": ["type": "ws_connect", "count": 2, "queryContains": ["resume": "*"]],
      "action": ["type": "accept_and_close", "closeCode": 1011], "times": 3, "comment": "why",
    ],
    [
      "match": ["type": "ws_frame_to_client", "action": "ATTACHED", "channel": "a"],
      "action": ["type": "replace", "message": ["action": 4]],
    ],
    ["match": ["type": "ws_frame_to_client", "action": "20"], "action": ["type": "suppress_onwards"]],
    ["match": ["type": "ws_frame_to_server", "count": 1], "action": ["type": "suppress"]],
    ["match": ["type": "ws_frame_to_server"], "action": ["type": "delay", "delayMs": 5]],
    [
      "match": ["type": "ws_frame_to_client"],
      "action": ["type": "inject_to_client_and_close", "message": ["action": 6], "closeCode": 1000],
    ],
    ["match": ["type": "ws_frame_to_client"], "action": ["type": "inject_to_client", "message": [:]]],
    ["match": ["type": "http_request"], "action": ["type": "passthrough"]],
    [
      "match": ["type": "http_request", "method": "POST", "pathContains": "/keys/"],
      "action": ["type": "http_respond", "status": 401, "body": ["a": [1]], "headers": ["X-A": "b"]],
    ],
    [
      "match": ["type": "http_request"],
      "action": ["type": "http_replace_response", "status": 503, "body": .null],
    ],
    ["match": ["type": "http_request"], "action": ["type": "http_delay", "delayMs": 0]],
    ["match": ["type": "http_request"], "action": ["type": "http_drop"]],
    ["match": ["type": "delay_after_ws_connect", "delayMs": 5000], "action": ["type": "disconnect"]],
    [
      "match": ["type": "delay_after_ws_connect", "delayMs": 1],
      "action": ["type": "close", "closeCode": 1000],
    ],
  ]

  @Test("a rule is shown as it was added", arguments: rules)
  func shown(rule: JSONValue) async throws {
    let answer = await desk.send("POST", "/admin/faults", ["rules": [rule], "position": "prepend"])
    #expect(answer.status == 201, "\(answer.body)")
    var members = try #require(rule.object)
    members["met"] = 0
    members["applied"] = 0
    #expect(await faults() == ["count": 1, "rules": [.object(members)], "spent": []])
  }

  @Test("how often a rule has met something and been applied is told, also when it is over")
  func counted() async throws {
    _ = await desk.send(
      "POST", "/admin/faults",
      [
        "rules": [
          [
            "match": ["type": "http_request", "pathContains": "/time", "count": 2],
            "action": ["type": "http_respond", "status": 418], "times": 1,
          ],
          ["match": ["type": "http_request", "pathContains": "/stats"], "action": ["type": "passthrough"]],
        ]
      ])
    #expect(await desk.send("GET", "/time").status == 200)
    _ = await desk.send("GET", "/stats")
    var told = await faults()
    #expect(told["rules"]?.array?.map { $0["met"] } == [1, 1])
    #expect(told["rules"]?.array?.map { $0["applied"] } == [0, 1])
    #expect(await desk.send("GET", "/time").status == 418)
    told = await faults()
    #expect(told["count"] == 1)
    #expect(told["spent"]?.array?.map { $0["met"] } == [2])
    #expect(told["spent"]?.array?.map { $0["applied"] } == [1])
    _ = await desk.send("DELETE", "/admin/faults")
    #expect(await faults() == ["count": 0, "rules": [], "spent": []])
  }

  private static let passing: JSONValue = ["type": "passthrough"]

  static let slips: [(JSONValue, String)] = [
    (
      ["match": ["type": "http_request", "pathContain": "x"], "action": passing],
      "rules[1].match has no member 'pathContain': it may have count, method, pathContains, type"
    ),
    (
      ["match": ["type": "http_requst"], "action": passing],
      #"rules[1].match.type is "http_requst", and has to be one of delay_after_ws_connect, http_request, "#
        + "ws_connect, ws_frame_to_client, ws_frame_to_server"
    ),
    (
      ["match": ["type": "http_request"], "action": ["type": "http_drop", "status": 500]],
      "rules[1].action has no member 'status': it may have type"
    ),
    (
      ["match": ["type": "http_request"], "action": ["type": "http_respond"]],
      "rules[1].action.status is missing, and has to be a whole number from 200 to 599"
    ),
    (
      ["match": ["type": "http_request"], "action": passing, "time": 1],
      "rules[1] has no member 'time': it may have action, comment, match, times"
    ),
    (
      ["match": ["type": "http_request"], "action": passing, "times": 0],
      "rules[1].times is 0, and has to be a whole number from 1 to 2147483647"
    ),
    (["match": ["type": "http_request"]], "rules[1].action is missing, and has to be an object"),
    (5, "rules[1] is 5, and has to be an object"),
    (
      ["match": ["type": "ws_connect", "queryContains": ["a": 1]], "action": passing],
      #"rules[1].match.queryContains is {"a":1}, and has to be an object of texts"#
    ),
    (
      ["match": ["type": "ws_frame_to_client", "action": "ATACHED"], "action": passing],
      #"rules[1].match.action is "ATACHED", and has to be the name of an action in capitals or its number, "#
        + #"as a text such as "ATTACHED" or "11""#
    ),
    (
      ["match": ["type": "ws_frame_to_client", "action": 11], "action": passing],
      #"rules[1].match.action is 11, and has to be the name of an action in capitals or its number, "#
        + #"as a text such as "ATTACHED" or "11""#
    ),
  ]

  @Test(
    "40000: what is wrong with a rule is told by its place, its value and what may stand there",
    arguments: slips)
  func slip(rule: JSONValue, sentence: String) async {
    let good: JSONValue = ["match": ["type": "http_request"], "action": ["type": "passthrough"]]
    let answer = await desk.send("POST", "/admin/faults", ["rules": [good, rule]])
    #expect(answer.refusal == Refusal(400, 40000))
    #expect(answer.body["error"]?["message"]?.string == "the fault rule is not valid: \(sentence)")
    #expect(await faults()["count"] == 0)
  }

  @Test("40000: so is a slip beside the rules, and in an action")
  func elsewhere() async {
    let beside = await desk.send("POST", "/admin/faults", ["rules": [], "postion": "prepend"])
    #expect(beside.body["error"]?["message"]?.string?.contains("no member 'postion'") == true)
    let position = await desk.send("POST", "/admin/faults", ["rules": [], "position": "first"])
    #expect(
      position.body["error"]?["message"]?.string?.contains(
        #"the body.position is "first", and has to be append or prepend"#) == true)
    for (action, sentence) in [
      (["type": "skew_clock", "offset": 5], "the action has no member 'offset'"),
      (
        ["type": "skew_clock", "offsetMs": "5"], #"the action.offsetMs is "5", and has to be a whole number"#
      ),
      (["type": "expire_token", "clientID": "bob"], "the action has no member 'clientID'"),
      (["type": "expire"], #"the action.type is "expire", and has to be one of accept_and_close, "#),
    ] as [(JSONValue, String)] {
      let answer = await desk.send("POST", "/admin/actions", action)
      #expect(answer.refusal == Refusal(400, 40000))
      #expect(answer.body["error"]?["message"]?.string?.contains(sentence) == true, "\(answer.body)")
    }
  }

  @Test(
    "40400: where /admin is off, how to turn it on is told",
    arguments: ["/admin/faults", "/admin", "/admin/x"])
  func off(path: String) async throws {
    let answer = try await Desk().send("GET", path)
    #expect(answer.refusal == Refusal(404, 40400))
    #expect(answer.body["error"]?["message"]?.string?.contains("started with --admin") == true)
    #expect(
      await desk.send("GET", "/admin/x").body["error"]?["message"]?.string?.contains("/admin/faults") == true)
  }

  @Test(
    "40104: a token request after the clock was set back is refused by the service's own doing, and that is told"
  )
  func setBack() async throws {
    desk.core.clockSkew = 3_600_000
    let ahead = try TokenRequestSigner(key: desk.root.key).sign(
      TokenParams(timestamp: Milliseconds.date(Desk.start + 3_600_000)), at: desk.clock.date)
    #expect(await desk.exchange(ahead).status == 201)
    desk.core.clockSkew = 0
    let answer = await desk.exchange(
      try TokenRequestSigner(key: desk.root.key).sign(TokenParams(), at: desk.clock.date))
    #expect(answer.refusal == Refusal(401, 40104))
    let refusal = try #require(ErrorInfo(json: answer.body))
    #expect(ServiceCore.blamesItsClock(refusal))
    #expect(refusal.detail == ["clock": "setBack"])
  }

  @Test("a rule for HEAD meets HEAD alone, which is otherwise answered as GET is")
  func head() async {
    let rule: JSONValue = [
      "rules": [
        [
          "match": ["type": "http_request", "method": "HEAD"],
          "action": ["type": "http_respond", "status": 503],
        ]
      ]
    ]
    #expect(await desk.send("POST", "/admin/faults", rule).status == 201)
    #expect(await desk.send("GET", "/time").status == 200)
    #expect(await desk.send("HEAD", "/time").status == 503)
  }
}
