/// What a protocol message says in single bits (TR3). Bits without a name travel along.
package struct ProtocolFlags: OptionSet, Sendable, Hashable {
  package let rawValue: Int64

  package init(rawValue: Int64) { self.rawValue = rawValue }

  package static let hasPresence = Self(rawValue: 1 << 0)
  package static let hasBacklog = Self(rawValue: 1 << 1)
  package static let resumed = Self(rawValue: 1 << 2)
  package static let transient = Self(rawValue: 1 << 4)
  package static let hasObjects = Self(rawValue: 1 << 7)
  package static let presence = Self(rawValue: 1 << 16)
  package static let publish = Self(rawValue: 1 << 17)
  package static let messageSubscribe = Self(rawValue: 1 << 18)
  package static let presenceSubscribe = Self(rawValue: 1 << 19)
  package static let annotationPublish = Self(rawValue: 1 << 21)
  package static let annotationSubscribe = Self(rawValue: 1 << 22)
  package static let objectSubscribe = Self(rawValue: 1 << 24)
  package static let objectPublish = Self(rawValue: 1 << 25)
}
