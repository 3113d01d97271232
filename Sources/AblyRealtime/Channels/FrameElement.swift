internal import AblyTokens
internal import AblyWire

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A message of a frame, which may leave to the frame what is so for all of them.
protocol FrameElement {
  var id: String? { get set }
  var connectionId: String? { get set }
  var timestamp: Date? { get set }

  /// Undoes the encodings; returns why it stopped early.
  mutating func decode() -> ErrorInfo?
}

extension Message: FrameElement {}
extension PresenceMessage: FrameElement {}

extension ChannelMachine {
  /// Messages with what their frame says of them all (TM2a, TM2c, TM2f, TP3a, TP3d, TP3g), their data decoded.
  mutating func decoded<Element: FrameElement>(
    _ elements: [Element], of frame: ProtocolMessage
  ) -> [Element] {
    var elements = elements
    for place in elements.indices {
      elements[place].populate(from: frame, at: place)
      if let failure = elements[place].decode() { act(.warn(failure)) }
    }
    return elements
  }
}

extension FrameElement {
  fileprivate mutating func populate(from frame: ProtocolMessage, at place: Int) {
    if id == nil, let frameId = frame.id { id = "\(frameId):\(place)" }
    if connectionId == nil { connectionId = frame.connectionId }
    if timestamp == nil, let milliseconds = frame.timestamp { timestamp = Milliseconds.date(milliseconds) }
  }
}
