/// Where and how a server listens.
public struct ServerConfiguration: Sendable {
  /// The address or host name to listen on.
  public var host: String

  /// The port to listen on; 0 takes a free one.
  public var port: Int

  /// The certificate to speak TLS with; `nil` for plain HTTP.
  public var tls: TLSFiles?

  /// Whether plain HTTP may be spoken on an address that other machines can reach. Tokens could then be read
  /// on their way, and API keys are refused all the same.
  public var allowsPublicPlainText: Bool

  /// How long a connection may stand still, in the middle of a request too, before it is closed.
  public var idleTimeout: Duration

  /// What is taken from peers at most.
  public var limits = ServerLimits()

  /// Files in PEM format.
  public struct TLSFiles: Sendable {
    /// The path of the certificate, followed in the file by those that lead to its root.
    public var certificatePath: String

    /// The path of the certificate's private key.
    public var keyPath: String

    /// Names the two files.
    public init(certificatePath: String, keyPath: String) {
      self.certificatePath = certificatePath
      self.keyPath = keyPath
    }
  }

  /// Listens on this machine alone unless told otherwise.
  public init(
    host: String = "127.0.0.1", port: Int = 8080, tls: TLSFiles? = nil, allowsPublicPlainText: Bool = false,
    idleTimeout: Duration = .seconds(30)
  ) {
    self.host = host
    self.port = port
    self.tls = tls
    self.allowsPublicPlainText = allowsPublicPlainText
    self.idleTimeout = idleTimeout
  }
}
