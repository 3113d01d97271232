/// What has yet to be sent on a socket: bounded, whatever a peer makes its client say.
struct WaitingFrames: Sendable {
  /// More than all that waits for a confirmation can be, however its text is written.
  static let maximumBytes = 512 << 20
  static let maximumCount = 1 << 18

  private var frames: [RealtimeFrame] = []
  private var start = 0
  private var bytes = 0

  var isEmpty: Bool { start == frames.count }

  /// - Returns: `false` where there is no room for it.
  mutating func append(_ frame: RealtimeFrame) -> Bool {
    guard frames.count - start < Self.maximumCount, frame.bytes.count <= Self.maximumBytes - bytes else {
      return false
    }
    frames.append(frame)
    bytes += frame.bytes.count
    return true
  }

  /// Takes out the first ones, until they have this size; none where there is none.
  mutating func take(_ size: Int) -> [RealtimeFrame] {
    var (end, taken) = (start, 0)
    while end < frames.count, taken < size {
      taken += frames[end].bytes.count
      end += 1
    }
    bytes -= taken
    guard end < frames.count else {
      let rest = start == 0 ? frames : Array(frames[start...])
      self = WaitingFrames()
      return rest
    }
    let part = Array(frames[start..<end])
    start = end
    // Moving the rest once per half keeps taking at constant cost.
    if start > frames.count / 2 {
      frames.removeFirst(start)
      start = 0
    }
    return part
  }

  /// Forgets all.
  mutating func clear() { self = WaitingFrames() }
}
