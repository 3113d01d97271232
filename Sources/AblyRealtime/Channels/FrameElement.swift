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
  var encoding: String? { get }

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
    // As messages usually are: the frame keeps them too, so that to change one is to copy all.
    if elements.allSatisfy({ $0.isWhole }) { return elements }
    var elements = elements
    var undecoded = UndecodedMessages()
    for place in elements.indices {
      elements[place].populate(from: frame, at: place)
      undecoded.note(elements[place].decode())
    }
    if let error = undecoded.error(in: "frame") { act(.warn(error)) }
    return elements
  }
}

extension FrameElement {
  /// Whether there is nothing to be undone, and nothing that the frame could add.
  fileprivate var isWhole: Bool {
    id != nil && connectionId != nil && timestamp != nil && encoding?.isEmpty != false
  }

  fileprivate mutating func populate(from frame: ProtocolMessage, at place: Int) {
    if id == nil { id = frame.elementId(at: place) }
    if connectionId == nil { connectionId = frame.connectionId }
    if timestamp == nil, let milliseconds = frame.timestamp { timestamp = Milliseconds.date(milliseconds) }
  }
}
