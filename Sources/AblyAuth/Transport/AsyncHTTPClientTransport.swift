public import AsyncHTTPClient
public import HTTPTypes
internal import NIOCore
internal import NIOHTTP1

/// Carries requests over HTTP/1.1 with async-http-client.
///
/// Nobody has to shut it down: its connections close when the last client that uses it is gone. Clients that
/// are made without a transport share one for the whole process, and with it its pool of connections, unless
/// their ``ClientOptions/httpOpenTimeout`` is not the usual one.
public final class AsyncHTTPClientTransport: HTTPTransport {
  /// The one that clients share. It lives as long as the process.
  static let shared = AsyncHTTPClientTransport(openTimeout: ClientOptions.defaultOpenTimeout)

  private let client: HTTPClient

  /// Makes a transport with a pool of connections of its own.
  ///
  /// - Parameters:
  ///   - configuration: a proxy, trusted certificates and the like. What a transport must not do (follow
  ///     redirects, repeat failed connections, unpack bodies beyond their limit) is switched off in it.
  ///   - openTimeout: how long making a connection may take.
  public init(_ configuration: HTTPClient.Configuration = .init(), openTimeout: Duration) {
    var configuration = configuration
    configuration.redirectConfiguration = .disallow
    configuration.decompression = .disabled
    configuration.httpVersion = .http1Only
    configuration.timeout.connect = TimeAmount(openTimeout)
    // It would repeat a refused connection or a rejected certificate until the request's time is over.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.networkFrameworkWaitForConnectivity = false
    client = HTTPClient(configuration: configuration)
  }

  deinit {
    // Whoever sends keeps the transport alive, so that nothing is under way here.
    client.shutdown { _ in }
  }

  /// Sends one request; see ``HTTPTransport``.
  public func send(
    _ request: HTTPRequest, body: [UInt8], limits: HTTPLimits
  ) async throws(HTTPFailure) -> HTTPReply {
    let request = try HTTPClient.Request(request, body: body)
    do {
      let answer = ResponseAccumulator(request: request, maxBodySize: limits.bodySize)
      let exchange = client.execute(
        request: request, delegate: answer, deadline: .now() + TimeAmount(limits.timeout))
      let response = try await withTaskCancellationHandler {
        try await exchange.futureResult.get()
      } onCancel: {
        exchange.cancel()
      }
      return try HTTPReply(response)
    } catch let failure as HTTPFailure {
      throw failure
    } catch {
      throw HTTPFailure(error)
    }
  }
}

extension HTTPLimits {
  // What async-http-client takes; it traps at anything else.
  fileprivate var bodySize: Int { min(max(maximumBodySize, 0), Int(Int32.max)) }
}

extension HTTPClient.Request {
  fileprivate init(_ request: HTTPRequest, body: [UInt8]) throws(HTTPFailure) {
    let url = "\(request.scheme ?? "https")://\(request.authority ?? "")\(request.path ?? "/")"
    var headers = HTTPHeaders()
    headers.reserveCapacity(request.headerFields.count + 2)
    for field in request.headerFields { headers.add(name: field.name.rawName, value: field.value) }
    do {
      try self.init(
        url: url, method: HTTPMethod(rawValue: request.method.rawValue), headers: headers,
        body: body.isEmpty ? nil : .bytes(body))
    } catch {
      throw HTTPFailure(.invalidRequest, "\(error)")
    }
  }
}

extension HTTPReply {
  fileprivate init(_ response: HTTPClient.Response) throws(HTTPFailure) {
    let status = Int(response.status.code)
    guard (100...999).contains(status) else { throw HTTPFailure(.malformed, "the status is \(status)") }
    var fields = HTTPFields()
    fields.reserveCapacity(response.headers.count)
    for (name, value) in response.headers {
      if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
    }
    self.init(
      response: HTTPResponse(status: .init(code: status), headerFields: fields),
      body: response.body.map { Array($0.readableBytesView) } ?? [])
  }
}
