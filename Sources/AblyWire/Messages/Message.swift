public import AblyTokens

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// A message on a channel (TM1, TM2).
public struct Message: Sendable, Hashable {
  /// What makes the message the same when it is published again; always there on a received one (TM2a).
  public var id: String?

  /// The event's name (TM2g).
  public var name: String?

  /// What it carries (TM2d).
  public var data: MessageData?

  /// The encodings that were applied to ``data`` and are still to be undone, the last one rightmost (TM2e,
  /// RSL4b). Leave it absent when publishing, unless you encoded the data yourself.
  public var encoding: String?

  /// The identity of its publisher (TM2b). Leave it absent to publish under the client's own identity
  /// (RSA7a1); the service refuses one that the credentials do not allow.
  public var clientId: String?

  /// The connection it was published on (TM2c).
  public var connectionId: String?

  /// The private key of the connection on whose behalf it is published; never on a received one (TM2h).
  public var connectionKey: String? {
    get { secretConnectionKey?.text }
    set { secretConnectionKey = newValue.map(Secret.init) }
  }

  private var secretConnectionKey: Secret?

  /// When the service received it, exact to the millisecond (TM2f).
  public var timestamp: Date?

  /// Further data about the message, such as `headers` or `push`: a JSON object (TM2i).
  public var extras: JSONValue?

  /// The name the service gave it on its channel (TM2r).
  public var serial: String?

  /// What the message does to another (TM2j); a plain one creates (TM5).
  public var action: MessageAction?

  /// The version of the message, as the service wrote it (TM2s).
  public var version: JSONValue? {
    get { knownVersion?.json }
    set { knownVersion = newValue.map(MessageVersion.init) }
  }

  /// The same, in the form in which it takes least.
  package var knownVersion: MessageVersion?

  /// What others annotated it with, as the service summed it up (TM2u).
  public var annotations: JSONValue?

  /// Makes a message to publish (TM4).
  public init(name: String? = nil, data: MessageData? = nil, clientId: String? = nil) {
    self.name = name
    self.data = data
    self.clientId = clientId
  }
}
