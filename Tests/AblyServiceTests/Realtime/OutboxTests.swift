internal import AblyTokens
internal import AblyWire
internal import Synchronization
internal import Testing

@testable internal import AblyService

@Suite struct OutboxTests {
  private let outbox: Outbox
  private let rings = Rings()

  private final class Rings: Sendable {
    private let counted = Atomic<Int>(0)
    var count: Int { counted.load(ordering: .sequentiallyConsistent) }
    func ring() { counted.add(1, ordering: .sequentiallyConsistent) }
  }

  init() {
    var settings = RealtimeSettings()
    settings.maximumQueuedFrames = 100
    settings.maximumQueuedBytes = 100_000
    outbox = Outbox(settings)
    outbox.listen { [rings] in rings.ring() }
  }

  private func push(_ id: Int, weight: Int = 0) {
    var message = ProtocolMessage(.heartbeat)
    message.id = String(id)
    outbox.push(.frame(OutgoingFrame(message, weight: weight)))
  }

  /// The id of what is sent next, `close` or `nothing`.
  private func take() -> String {
    switch outbox.take() {
    case .frame(let frame): frame.message.id ?? "nobody"
    case .ping: "ping"
    case .close: "close"
    case nil: "nothing"
    }
  }

  @Test("texts of a client that a frame says again count as what they take")
  func texts() {
    let long = String(repeating: "x", count: 60_000)
    let messages: [(inout ProtocolMessage) -> Void] = [
      { $0.id = long }, { $0.channel = long }, { $0.channelSerial = long }, { $0.params = ["rewind": long] },
      { $0.error = ErrorInfo(.badRequest, long) },
    ]
    for change in messages {
      var message = ProtocolMessage(.heartbeat)
      change(&message)
      #expect(OutgoingFrame(message).weight >= 60_000)
      outbox.push(.frame(OutgoingFrame(message)))
    }
    #expect(outbox.standing == .cut)
  }

  @Test("what is put in comes out in its order, however much of it waits")
  func order() {
    var (next, last) = (0, 0)
    for round in [1, 2, 5, 60, 3, 90, 0, 99] {
      for _ in 0..<round {
        push(last)
        last += 1
      }
      for _ in 0..<(round * 2 / 3) {
        #expect(take() == String(next))
        next += 1
      }
      if round.isMultiple(of: 2) {
        while next < last {
          #expect(take() == String(next))
          next += 1
        }
      }
    }
    while next < last {
      #expect(take() == String(next))
      next += 1
    }
    #expect(take() == "nothing")
    #expect(outbox.standing == .open)
  }

  @Test("its bell rings once for whoever has found nothing, and not for one who has yet to look")
  func bell() {
    push(0)
    #expect(rings.count == 0)
    #expect([take(), take()] == ["0", "nothing"])
    push(1)
    push(2)
    #expect(rings.count == 1)
    #expect(take() == "1")
    push(3)
    #expect(rings.count == 1)
    #expect([take(), take(), take()] == ["2", "3", "nothing"])
    outbox.push(.ping)
    #expect(rings.count == 2)
  }

  @Test("its bell rings when the socket may be read on, once")
  func held() {
    outbox.hold(true)
    #expect(outbox.isHeld && rings.count == 0)
    outbox.hold(false)
    outbox.hold(false)
    #expect(!outbox.isHeld && rings.count == 1)
  }

  @Test("the end is told at once, also to one who has not yet taken what comes before it")
  func end() {
    push(0)
    outbox.push(.close(code: 1000))
    #expect(rings.count == 1)
    #expect(outbox.standing == .closing)
    push(1)
    outbox.push(.close(code: 1001))
    #expect([take(), take(), take()] == ["0", "close", "nothing"])
    #expect(rings.count == 1)
  }

  @Test("too many frames, or too much of them, cut it: then nothing is left", arguments: [0, 5000])
  func cut(weight: Int) {
    for index in 0..<101 { push(index, weight: weight) }
    #expect(outbox.standing == .cut)
    #expect(take() == "nothing")
    #expect(rings.count == 1)
  }

  @Test("what was taken does not count against its bounds")
  func room() {
    for index in 0..<1000 {
      push(index, weight: 50_000)
      #expect(take() == String(index))
    }
    #expect(outbox.standing == .open)
  }

  @Test("who waits in a task gets everything up to the end, and is told of it")
  func tasks() async {
    let outbox = outbox
    await withTaskGroup(of: Int.self) { tasks in
      tasks.addTask {
        var count = 0
        await outbox.forEach { _ in count += 1 }
        return count
      }
      tasks.addTask {
        await outbox.waitForEnd()
        return 0
      }
      for index in 0..<50 {
        push(index)
        await Task.yield()
      }
      outbox.push(.close(code: nil))
      #expect(await tasks.reduce(0, +) == 51)
    }
    let other = Outbox(RealtimeSettings())
    await withTaskGroup(of: Void.self) { tasks in
      tasks.addTask { await other.waitForCut() }
      tasks.addTask { await other.forEach { _ in } }
      other.cut()
      await tasks.waitForAll()
    }
  }
}
