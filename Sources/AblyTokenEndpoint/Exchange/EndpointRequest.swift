public import HTTPTypes

/// A request to the endpoint, of whatever web framework.
public struct EndpointRequest: Sendable {
  /// The method.
  public var method: HTTPRequest.Method

  /// The path and what follows it, as it travelled.
  public var target: String

  /// The host that was asked, with its port if that was said: what `Host` says, where it is not among the
  /// ``headerFields``. It is the client's word.
  public var authority: String?

  /// The header fields.
  public var headerFields: HTTPFields

  /// The whole body; the framework bounds it to ``maximumBodyBytes``.
  public var body: [UInt8]

  /// The address that the connection comes from. Never one that a header names.
  public var peer: IPAddress?

  /// The largest body that means anything here, in bytes.
  public static let maximumBodyBytes = 64 * 1024

  /// Describes a request.
  ///
  /// - Parameters:
  ///   - head: method, target and header fields.
  ///   - body: the whole body.
  ///   - peer: the IP address that the connection comes from, without port; what is no address counts as none.
  public init(_ head: HTTPRequest, body: [UInt8] = [], peer: String? = nil) {
    self.init(
      method: head.method, target: head.path ?? "/", authority: head.authority,
      headerFields: head.headerFields, body: body, peer: peer.flatMap { IPAddress($0) })
  }

  /// Describes a request by its parts.
  public init(
    method: HTTPRequest.Method, target: String, authority: String? = nil, headerFields: HTTPFields = [:],
    body: [UInt8] = [], peer: IPAddress? = nil
  ) {
    self.method = method
    self.target = target
    self.authority = authority
    self.headerFields = headerFields
    self.body = body
    self.peer = peer
  }

  /// What stands after the `?`.
  var query: Substring {
    guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return "" }
    return target[target.utf8.index(after: mark)...]
  }
}

extension EndpointRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Method and path: header fields, query and body may hold credentials.
  public var description: String { "\(method.rawValue) \(target.prefix { $0 != "?" })" }

  /// The same as ``description``.
  public var debugDescription: String { description }

  /// Shows the ``description`` alone, so that `dump` prints no credential.
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
