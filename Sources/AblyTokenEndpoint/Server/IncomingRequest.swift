internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// A request as it comes in, part by part.
struct IncomingRequest {
  private let head: HTTPRequestHead
  private var body: [UInt8] = []
  private var bodyCount = 0

  /// How much of a body that is too large is read and thrown away, so that its sender gets to read the answer.
  private static let maximumDrainedBytes = 1 << 20

  init(_ head: HTTPRequestHead) { self.head = head }

  mutating func append(_ part: ByteBuffer) {
    bodyCount += part.readableBytes
    if bodyCount <= EndpointRequest.maximumBodyBytes { body.append(contentsOf: part.readableBytesView) }
  }

  var method: HTTPMethod { head.method }

  var isTooLarge: Bool { bodyCount > EndpointRequest.maximumBodyBytes }

  var isEndless: Bool { bodyCount > Self.maximumDrainedBytes }

  var awaitsContinue: Bool {
    guard head.version.minor > 0, let value = head.headers.first(name: "Expect") else { return false }
    return value.lowercased() == "100-continue"
  }

  /// Whether the connection goes on after the answer. Not after an offer of another protocol, beyond which NIO's
  /// decoder reads no further request.
  var keepsAlive: Bool { head.isKeepAlive && !head.headers.contains(name: "Upgrade") }

  func endpointRequest(from peer: IPAddress?) -> EndpointRequest {
    var fields = HTTPFields()
    fields.reserveCapacity(head.headers.count)
    var authority: String?
    for (name, value) in head.headers {
      switch name {
      // The ones that nearly every request has, without a look into a table.
      case "Host", "host": authority = authority ?? value
      case "Authorization", "authorization": fields.append(HTTPField(name: .authorization, value: value))
      default:
        guard let name = HTTPField.Name(name) else { continue }
        if name.canonicalName == "host" {
          authority = authority ?? value
        } else {
          fields.append(HTTPField(name: name, value: value))
        }
      }
    }
    return EndpointRequest(
      method: method.fieldMethod, target: head.uri, authority: authority, headerFields: fields, body: body,
      peer: peer)
  }

  func pageRequest(from peer: IPAddress?) -> EndpointPageRequest {
    func value(of name: String) -> String? {
      let values = head.headers[name]
      return values.isEmpty ? nil : values.joined(separator: ", ")
    }
    return EndpointPageRequest(
      method: method.rawValue, path: head.uri.prefix { $0 != "?" }, peer: peer, host: value(of: "host"),
      origin: value(of: "origin"), fetchSite: value(of: "sec-fetch-site"))
  }
}

extension HTTPMethod {
  fileprivate var fieldMethod: HTTPRequest.Method {
    switch self {
    case .GET: .get
    case .POST: .post
    case .OPTIONS: .options
    case .HEAD: .head
    default: HTTPRequest.Method(rawValue) ?? .put
    }
  }
}
