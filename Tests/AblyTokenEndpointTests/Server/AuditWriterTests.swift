internal import AblyTokens
internal import Foundation
internal import HTTPTypes
internal import Testing

@testable internal import AblyTokenEndpoint

@Suite struct AuditWriterTests {
  @Test("each decision is one line of JSON, in order, whoever writes at the same time")
  func lines() async throws {
    let pipe = Pipe()
    let writer = AuditWriter(pipe.fileHandleForWriting)
    let setup = try EndpointSetup(
      callers: [SecretCallers(secret: Desk.secret)], policy: Desk.members, keys: KeyRing(APIKey(Desk.key)))
    let endpoint = TokenEndpoint(setup, audit: writer, now: { Desk.now })
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask {
          _ = await endpoint.respond(
            to: EndpointRequest(
              method: .get, target: "/", headerFields: [.authorization: "Bearer \(Login.token())"]))
        }
      }
    }
    writer.write()
    try pipe.fileHandleForWriting.close()
    let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 50)
    for line in lines {
      let json = try JSONValue(parsing: String(line))
      #expect(json["event"] == "decision")
      #expect(json["decision"] == "granted")
      #expect(json["caller"] == "bob")
      #expect(json["time"] == 1_800_000_000_000)
      #expect(json["capability"]?.string?.contains("chat:*") == true)
    }
  }

  private func record(_ decision: AuditRecord.Outcome? = nil) -> AuditRecord {
    var record = AuditRecord(time: Desk.now, peer: nil)
    if let decision { record.outcome = decision }
    return record
  }

  private func text(_ pipe: Pipe, until lines: Int) async -> String {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        var bytes = Data()
        while bytes.count(where: { $0 == 0x0A }) < lines { bytes += pipe.fileHandleForReading.availableData }
        continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
      }
    }
  }

  @Test("lines are written as they come, and what is left is written at the end")
  func running() async throws {
    let pipe = Pipe()
    let writer = AuditWriter(pipe.fileHandleForWriting)
    writer.record(record())
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await writer.run() }
      #expect(await text(pipe, until: 1).contains("nothing was decided"))
      writer.record(record())
      writer.record(record())
      #expect(await text(pipe, until: 2).contains("nothing was decided"))
      tasks.cancelAll()
      try await tasks.waitForAll()
    }
    writer.record(record())
    let ended = Task { try await writer.run() }
    ended.cancel()
    _ = await ended.result
    #expect(await text(pipe, until: 1).contains("nothing was decided"))
  }

  @Test("a reader that stands still keeps the process from nothing, its end included")
  func stuck() async throws {
    let pipe = Pipe()
    let writer = AuditWriter(
      pipe.fileHandleForWriting, maximumBytes: 4 << 20, patience: .milliseconds(20))
    // More than a pipe holds.
    for _ in 0..<2000 { writer.record(record()) }
    let ended = Task { try await writer.run() }
    ended.cancel()
    _ = await ended.result
    #expect(await text(pipe, until: 2000).count(where: \.isNewline) == 2000)
  }

  @Test("where there is no room, refusals give way to grants, and what is lost is told")
  func room() async throws {
    let pipe = Pipe()
    let writer = AuditWriter(pipe.fileHandleForWriting, maximumBytes: 4000, patience: .seconds(60))
    for _ in 0..<100 { writer.record(record()) }
    let lost = writer.lostCount
    #expect(lost > 50)
    writer.record(
      record(
        .granted(
          AuditRecord.Grant(
            form: .request, keyName: "a.b", clientId: "bob", capability: ["a": [.publish]], ttl: .seconds(1)))
      ))
    #expect(writer.lostCount == lost)
    writer.write()
    let written = await text(pipe, until: 100 - lost + 2)
    #expect(written.contains(#""clientId":"bob""#))
    #expect(written.hasSuffix("{\"event\":\"decisions-lost\",\"count\":\(lost)}\n"))
  }

  @Test("what cannot be written counts as lost")
  func unwritable() throws {
    let reader = try #require(FileHandle(forReadingAtPath: "/dev/null"))
    let writer = AuditWriter(reader)
    for _ in 0..<3 { writer.record(record()) }
    writer.write()
    #expect(writer.lostCount == 3)
  }

  @Test("figures are counted and written as Prometheus reads them")
  func figures() async throws {
    let book = FigureBook()
    let setup = try EndpointSetup(
      callers: [SecretCallers(secret: Desk.secret)], policy: Desk.members, keys: KeyRing(APIKey(Desk.key)))
    let endpoint = TokenEndpoint(setup, audit: AuditCapture(), metrics: book, now: { Desk.now })
    let granted = EndpointRequest(
      method: .get, target: "/", headerFields: [.authorization: "Bearer \(Login.token())"])
    _ = await endpoint.respond(to: granted)
    _ = await endpoint.respond(to: granted)
    _ = await endpoint.respond(to: EndpointRequest(method: .get, target: "/"))
    #expect(book.text.contains("# TYPE ably_token_endpoint_answers_total counter\n"))
    #expect(book.text.contains("ably_token_endpoint_answers_total{status=\"200\"} 2\n"))
    #expect(book.text.contains("ably_token_endpoint_answers_total{status=\"401\"} 1\n"))
    #expect(book.text.contains("ably_token_endpoint_answers_total{status=\"503\"} 0\n"))
    #expect(book.text.contains("# TYPE ably_token_endpoint_answer_seconds summary\n"))
    #expect(book.text.contains("ably_token_endpoint_answer_seconds_count 3\n"))
  }

  @Test(
    "the date of an answer is written as HTTP wants it",
    arguments: [
      (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
      (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
      (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
    ])
  func dates(_ second: Int64, _ text: String) { #expect(DateText.text(of: second) == text) }
}
