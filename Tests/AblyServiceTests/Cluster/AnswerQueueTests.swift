internal import AblyWire
internal import Testing

@testable internal import AblyService

@Suite("Answers that wait for the log of a cluster")
struct AnswerQueueTests {
  private func answer(_ serial: Int64) -> ProtocolMessage {
    var message = ProtocolMessage(.ack)
    message.msgSerial = serial
    return message
  }

  private func serials(_ answers: [ProtocolMessage]) -> [Int64?] { answers.map(\.msgSerial) }

  @Test("they go out in the order of their frames, also those that were known at once, and each once")
  func order() {
    var queue = AnswerQueue()
    queue.expect(1, weight: 1)
    queue.hold(answer(11))
    queue.expect(2, weight: 1)
    queue.expect(3, weight: 1)
    let early = queue.settle(2, with: answer(2))
    #expect(early.isEmpty)
    let three = queue.settle(1, with: answer(1))
    #expect(serials(three) == [1, 11, 2])
    let again = queue.settle(1, with: answer(1))
    #expect(again.isEmpty)
    let last = queue.settle(3, with: answer(3))
    #expect(serials(last) == [3])
    #expect(queue.isEmpty)
  }

  @Test("however many pass, each finds its frame, and what has gone out does not count")
  func stream() {
    var queue = AnswerQueue()
    let waiting: UInt64 = 100
    for ticket in UInt64(1)...5000 {
      queue.expect(ticket, weight: 5000)
      guard ticket > waiting else { continue }
      let answers = queue.settle(ticket - waiting, with: answer(Int64(ticket - waiting)))
      #expect(serials(answers) == [Int64(ticket - waiting)])
    }
    #expect(!queue.isFull)
  }

  @Test("it is full with so many, or so much, and has room again with half of that", arguments: [0, 65_536])
  func full(weight: Int) {
    var queue = AnswerQueue()
    var ticket: UInt64 = 0
    while !queue.isFull {
      ticket += 1
      queue.expect(ticket, weight: weight)
    }
    let most = weight == 0 ? AnswerQueue.maximumCount : AnswerQueue.maximumWeight / weight
    #expect(ticket == UInt64(most))
    for settled in 1...ticket / 2 {
      #expect(queue.isFull)
      _ = queue.settle(settled, with: answer(0))
    }
    #expect(!queue.isFull)
  }
}
