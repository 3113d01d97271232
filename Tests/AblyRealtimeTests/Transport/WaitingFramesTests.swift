internal import TestSupport
internal import Testing

@testable internal import AblyRealtime

@Suite("Frames that wait to be sent", .endsAtLast)
struct WaitingFramesTests {
  private func frame(_ number: Int, _ size: Int = 1) -> RealtimeFrame {
    RealtimeFrame(isText: number.isMultiple(of: 2), bytes: Array(repeating: UInt8(number % 251), count: size))
  }

  @Test("They are taken in order, as many as have the size that is asked for", arguments: 0..<20)
  func order(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var waiting = WaitingFrames()
    var (given, taken): ([RealtimeFrame], [RealtimeFrame]) = ([], [])
    for number in 0..<400 {
      if Bool.random(using: &random) {
        given.append(frame(number, Int.random(in: 0...20, using: &random)))
        #expect(waiting.append(given[given.count - 1]) == true)
      } else {
        let size = Int.random(in: 1...60, using: &random)
        let part = waiting.take(size)
        // One more would have been too many, and one less too few.
        #expect(part.dropLast().reduce(0) { $0 + $1.bytes.count } < size)
        taken += part
      }
    }
    taken += waiting.take(.max)
    #expect(taken == given && waiting.isEmpty)
    #expect(waiting.take(1) == [])
  }

  @Test("There is room for so many, and so much")
  func bounds() {
    var waiting = WaitingFrames()
    let small = frame(1)
    for _ in 0..<WaitingFrames.maximumCount { guard waiting.append(small) else { break } }
    #expect(waiting.append(small) == false)
    _ = waiting.take(1)
    #expect(waiting.append(small) == true)
    waiting.clear()
    let large = frame(2, WaitingFrames.maximumBytes / 8)
    for _ in 0..<8 { #expect(waiting.append(large) == true) }
    #expect(waiting.append(small) == false)
    #expect(waiting.append(RealtimeFrame(isText: true, bytes: [])) == true)
  }
}
