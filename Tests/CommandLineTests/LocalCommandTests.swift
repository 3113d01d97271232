internal import AblyTokens
internal import Foundation
internal import TestSupport
internal import Testing

@Suite(.endsAtLast) struct LocalCommandTests {
  @Test("ready, used, and stopped by SIGTERM with exit code 0")
  func life() async throws {
    let (details, exitCode) = try await LocalService.run { service in
      #expect(service.ready["event"] == "ready")
      #expect(service.ready["host"] == "127.0.0.1")
      #expect(service.ready["tls"] == false)
      #expect(service.ready["keys"] == [])
      let time = try await Tool.run(list: ["time", "--json"] + service.options).json()
      #expect(abs(try #require(time["offset"]?.number?.int64)) < 60_000)
      return try await Tool.run(
        list: ["token", "--key", Tool.key, "--client-id", "bob", "--capability", #"{"chat:*": ["publish"]}"#]
          + service.options
      ).json()
    }
    #expect(exitCode == 0)
    #expect(details["keyName"] == "demo00.key000")
    #expect(details["clientId"] == "bob")
    #expect(details["capability"] == #"{"chat:*":["publish"]}"#)
  }

  @Test("without a key it makes one and says so")
  func madeKey() async throws {
    _ = try await LocalService.run([]) { service in
      let key = try #require(service.ready["keys"]?.array?.first?.string)
      let outcome = try await Tool.run(list: ["token", "--key", key] + service.options)
      #expect(outcome.exitCode == 0)
      #expect(try outcome.json()["capability"] == #"{"*":["*"]}"#)
    }
  }

  @Test("a key has the capability that follows it")
  func limitedKey() async throws {
    _ = try await LocalService.run(["--key", "a.b:c=d={\"chat\":[\"publish\"]}"]) { service in
      let outcome = try await Tool.run(list: ["token", "--key", "a.b:c=d"] + service.options)
      #expect(try outcome.json()["capability"] == #"{"chat":["publish"]}"#)
      let refused = try await Tool.run(
        list: ["token", "--key", "a.b:c=d", "--capability", #"{"news":["publish"]}"#] + service.options)
      #expect(refused.exitCode == 1)
      #expect(refused.talk.contains("40160"))
    }
  }

  @Test("a revocable key gives an hour at most")
  func revocableKey() async throws {
    _ = try await LocalService.run(["--revocable-key", "a.b:c"]) { service in
      let refused = try await Tool.run(list: ["token", "--key", "a.b:c", "--ttl", "61m"] + service.options)
      #expect(refused.talk.contains("40003"))
      #expect(
        try await Tool.run(list: ["token", "--key", "a.b:c", "--ttl", "60m"] + service.options).exitCode == 0)
    }
  }

  @Test("limits are those that were given, and one that lets nobody in is wrong usage")
  func limits() async throws {
    _ = try await LocalService.run(["--key", "a.b:c", "--max-body-bytes", "20"]) { service in
      let refused = try await Tool.run(list: ["token", "--key", "a.b:c"] + service.options)
      #expect(refused.talk.contains("40009"))
    }
    for flag in [
      "--max-header-bytes", "--max-body-bytes", "--max-frame-bytes", "--max-depth", "--max-connections",
      "--max-connections-per-address", "--max-channels", "--max-reauthentications", "--first-request-timeout",
      "--request-timeout", "--response-timeout", "--write-timeout", "--silence-timeout",
    ] {
      let outcome = try await Tool.run(list: ["local", "--port", "0", flag, "0"])
      #expect(outcome.exitCode == 2, "\(flag)")
    }
  }

  @Test("apps are made for nobody where that is wanted")
  func noApps() async throws {
    for (arguments, made) in [([], true), (["--apps", "nobody"], false)] {
      _ = try await LocalService.run(["--key", "a.b:c"] + arguments) { service in
        let call = ["request", "POST", "/apps", "--key", "a.b:c", "--insecure-basic-on-loopback"]
        let answer = try await Tool.run(list: call + service.options)
        #expect((answer.talk + answer.output).contains("40300") != made)
        #expect(answer.output.contains("keySecret") == made)
      }
    }
    #expect(try await Tool.run(list: ["local", "--port", "0", "--apps", "some"]).exitCode == 2)
  }

  @Test("a port that is taken, and one that speaks no TLS, are told in a sentence")
  func ports() async throws {
    _ = try await LocalService.run { service in
      let second = try await Tool.run("local", "--port", String(service.port))
      #expect(second.exitCode == 1)
      #expect(
        second.talk.hasPrefix(
          "error: [40000] cannot listen on 127.0.0.1, port \(service.port): another process uses the port\n"),
        "\(second.talk)")
      #expect(second.talk.contains("remedy: Stop what uses the port"))
      #expect(!second.talk.contains("errno"))
      let secure = try await Tool.run(
        "time", "--endpoint", "127.0.0.1", "--tls-port", String(service.port))
      #expect(secure.exitCode == 3)
      #expect(secure.talk.contains("it does not answer in TLS"))
      #expect(secure.talk.contains("give --no-tls"))
      #expect(!secure.talk.contains("SSL"))
    }
  }

  @Test("a certificate that nobody vouches for is told in a sentence, with what to do about it")
  func untrusted() async throws {
    try await TestCertificate.withFiles { certificate, key in
      let arguments = ["--key", Tool.key, "--tls-cert", certificate, "--tls-key", key]
      _ = try await LocalService.run(arguments) { service in
        let place = ["--endpoint", "127.0.0.1", "--tls-port", String(service.port), "--key", Tool.key]
        let sentence = "the certificate of 127.0.0.1:\(service.port) is not trusted here"
        let overHTTP = try await Tool.run(list: ["time"] + place)
        #expect(overHTTP.exitCode == 3)
        #expect(overHTTP.talk.contains("error: [80000] \(sentence) See "), "\(overHTTP.talk)")
        #expect(overHTTP.talk.contains("If the service there has no TLS, give --no-tls and --port."))
        #expect(overHTTP.talk.contains("update-ca-certificates). One that has expired"), "\(overHTTP.talk)")
        let live = try await Tool.run(
          list: ["session"] + place, input: #"{"id":1,"do":"connect"}"# + "\n")
        #expect(live.output.contains(#""message":"\#(sentence)""#), "\(live.output)")
        for text in [overHTTP.talk, live.output] {
          #expect(!text.contains("SSL") && !text.contains(".swift") && !text.contains(".cc"), "\(text)")
        }
      }
    }
  }

  @Test("defaults apply only where no parameter is given")
  func defaults() async throws {
    _ = try await LocalService.run { service in
      let defaults = ["--default-token-params", #"{"clientId":"carol","ttl":60000}"#]
      let command = ["token", "--key", Tool.key] + service.options + defaults
      let untouched = try await Tool.run(list: command).json()
      #expect(untouched["clientId"] == "carol")
      let replaced = try await Tool.run(list: command + ["--ttl", "90s"]).json()
      #expect(replaced["clientId"] == nil)
    }
  }

  @Test("the quickstart runs by itself, goes the full circle, and shows no secret")
  func quickstart() async throws {
    let outcome = try await Tool.run("quickstart")
    #expect(outcome.exitCode == 0, "\(outcome.talk)\(outcome.output)")
    for step in 1...14 { #expect(outcome.output.contains("\n\(step). ")) }
    for code in ["40160", "40105", "40141", "40300"] { #expect(outcome.output.contains(code)) }
    #expect(outcome.output.contains("Every step went as expected."))
    for shown in [
      #""token":"<redacted>""#, #""mac":"<redacted>""#, #""accessToken":"<redacted>""#,
      "Authorization: Bearer <redacted>", "Authorization: Basic <redacted>",
      "WebSocket /?accessToken=<redacted>&resume=<redacted>",
    ] { #expect(outcome.output.contains(shown)) }
    #expect(!outcome.output.contains("eyJ"))
    // A secret or a token is longer than anything that may be shown in one word.
    let words = outcome.output.split { !$0.isLetter && !$0.isNumber && $0 != "-" && $0 != "_" }
    #expect(words.filter { $0.utf8.count > 30 } == [])
  }

  @Test(
    "the quickstart tells in order what travelled: on one connection the token is widened, renewed and revoked"
  )
  func fullCircle() async throws {
    let outcome = try await Tool.run("quickstart")
    let lines = outcome.output.split(separator: "\n").map { $0.drop { $0 == " " } }
    let ids = lines.filter { $0.hasPrefix("← CONNECTED") }
    #expect(ids.count >= 4 && Set(ids).count == 1, "\(ids)")
    var rest = lines.drop { !$0.hasPrefix("8. ") }
    for next in [
      "→ GET /auth", "← 200", "→ POST /keys/", "← 201", "→ WebSocket", "← CONNECTED", "→ ATTACH", "← ERROR",
      "→ GET /auth?clientId=alice", "→ AUTH", "← CONNECTED", "← AUTH", "→ GET /auth", "→ AUTH", "← CONNECTED",
      "→ POST /keys/", "← DISCONNECTED", "→ GET /auth", "→ WebSocket", "← CONNECTED", "← MESSAGE",
      "← DISCONNECTED", "→ GET /auth", "← 403",
    ] {
      rest = rest.drop { !$0.hasPrefix(next) }
      #expect(!rest.isEmpty, "\(next) is missing in its place")
      rest = rest.dropFirst()
    }
  }
}
