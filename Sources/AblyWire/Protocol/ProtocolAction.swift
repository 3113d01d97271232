/// What a protocol message is for (TR2). Open: one that is not named here is ignored (RTF1), never refused.
package struct ProtocolAction: RawRepresentable, Sendable, Hashable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  package static let heartbeat = Self(rawValue: 0)
  package static let ack = Self(rawValue: 1)
  package static let nack = Self(rawValue: 2)
  package static let connect = Self(rawValue: 3)
  package static let connected = Self(rawValue: 4)
  package static let disconnect = Self(rawValue: 5)
  package static let disconnected = Self(rawValue: 6)
  package static let close = Self(rawValue: 7)
  package static let closed = Self(rawValue: 8)
  package static let error = Self(rawValue: 9)
  package static let attach = Self(rawValue: 10)
  package static let attached = Self(rawValue: 11)
  package static let detach = Self(rawValue: 12)
  package static let detached = Self(rawValue: 13)
  package static let presence = Self(rawValue: 14)
  package static let message = Self(rawValue: 15)
  package static let sync = Self(rawValue: 16)
  package static let auth = Self(rawValue: 17)
  package static let object = Self(rawValue: 19)
  package static let annotation = Self(rawValue: 21)
}
