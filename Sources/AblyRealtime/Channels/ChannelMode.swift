internal import AblyWire

/// What a channel is attached for (TB2d). The service grants no more than the capability of the credentials
/// allows.
public enum ChannelMode: String, Sendable, Hashable, CaseIterable {
  /// To enter, update and leave presence.
  case presence
  /// To publish messages.
  case publish
  /// To receive messages.
  case subscribe
  /// To receive who is present.
  case presenceSubscribe = "presence_subscribe"
  /// To publish annotations.
  case annotationPublish = "annotation_publish"
  /// To receive annotations.
  case annotationSubscribe = "annotation_subscribe"
  /// To change objects.
  case objectPublish = "object_publish"
  /// To receive objects.
  case objectSubscribe = "object_subscribe"

  /// The bit that travels (TR3).
  var flag: ProtocolFlags {
    switch self {
    case .presence: .presence
    case .publish: .publish
    case .subscribe: .messageSubscribe
    case .presenceSubscribe: .presenceSubscribe
    case .annotationPublish: .annotationPublish
    case .annotationSubscribe: .annotationSubscribe
    case .objectPublish: .objectPublish
    case .objectSubscribe: .objectSubscribe
    }
  }
}

extension Set<ChannelMode> {
  /// The modes among some flags (RTL4m).
  init(_ flags: ProtocolFlags) { self.init(ChannelMode.allCases.filter { flags.contains($0.flag) }) }

  /// As they travel (RTL4l).
  var flags: ProtocolFlags { reduce(into: []) { $0.formUnion($1.flag) } }
}
