/// Where and how an endpoint is served.
public struct EndpointServerConfiguration: Sendable {
  /// The address or host name to listen on.
  public var host: String

  /// The port to listen on; 0 takes a free one.
  public var port: Int

  /// The path of the endpoint.
  public var path: String

  /// The certificate to speak TLS with, followed in its file by those that lead to its root, and its private key;
  /// paths of PEM files. Plain HTTP without.
  public var tls: (certificatePath: String, keyPath: String)?

  /// How long a connection may stand still, in the middle of a request too, before it is closed.
  public var idleTimeout: Duration

  /// The most connections at a time; one more is closed at once. Keep it below the number of files that the process
  /// may have open.
  public var maximumConnections: Int

  /// The most of them from one address. This very machine may have as many as there are; a proxy elsewhere is one
  /// address.
  public var maximumConnectionsPerAddress: Int

  /// Listens on this machine alone unless told otherwise.
  public init(
    host: String = "127.0.0.1", port: Int = 8081, path: String = "/auth",
    tls: (certificatePath: String, keyPath: String)? = nil, idleTimeout: Duration = .seconds(60),
    maximumConnections: Int = 10_000, maximumConnectionsPerAddress: Int = 500
  ) {
    self.host = host
    self.port = port
    self.path = path
    self.tls = tls
    self.idleTimeout = idleTimeout
    self.maximumConnections = maximumConnections
    self.maximumConnectionsPerAddress = maximumConnectionsPerAddress
  }
}
