internal import AblyTokenEndpoint
internal import AblyTokens
internal import ArgumentParser

/// Where the endpoint listens.
struct ServePlaceOptions: ParsableArguments {
  @Option(help: "The address to listen on, 127.0.0.1 unless given. [ABLY_SERVE_HOST]")
  var host: String?

  @Option(
    help: ArgumentHelp(
      "The port to listen on, 8081 unless given; 0 takes a free one. [ABLY_SERVE_PORT] Given twice, the second is --ably-port."
    ))
  var port: [Int] = []

  @Option(help: "The path of the endpoint, /auth unless given. [ABLY_SERVE_PATH]")
  var path: String?

  @Option(
    help: ArgumentHelp(
      "The certificate to speak TLS with, in PEM form. [ABLY_SERVE_TLS_CERT]", valueName: "file"))
  var tlsCert: String?

  @Option(
    help: ArgumentHelp("The certificate's private key, in PEM form. [ABLY_SERVE_TLS_KEY]", valueName: "file"))
  var tlsKey: String?

  /// The second of two ports, which is Ably's.
  var ablyPort: Int? { port.count > 1 ? port[1] : nil }

  func check() throws {
    guard port.count <= 2, port.allSatisfy({ (0...65_535).contains($0) }) else {
      throw ValidationError("A port is a number from 0 to 65535.")
    }
    guard (tlsCert == nil) == (tlsKey == nil) else {
      throw ValidationError("--tls-cert and --tls-key belong together.")
    }
  }

  func configuration() throws -> EndpointServerConfiguration {
    var configuration = EndpointServerConfiguration()
    if let host = host ?? ServeEnvironment["host"] { configuration.host = host }
    if let path = path ?? ServeEnvironment["path"] { configuration.path = path }
    if let port = port.first {
      configuration.port = port
    } else if let text = ServeEnvironment["port"] {
      guard let port = Int(text), (0...65_535).contains(port) else {
        throw ValidationError("ABLY_SERVE_PORT is not a port.")
      }
      configuration.port = port
    }
    let certificate = tlsCert ?? ServeEnvironment["tlsCert"]
    let key = tlsKey ?? ServeEnvironment["tlsKey"]
    guard (certificate == nil) == (key == nil) else {
      throw ValidationError("ABLY_SERVE_TLS_CERT and ABLY_SERVE_TLS_KEY belong together.")
    }
    if let certificate, let key { configuration.tls = (certificate, key) }
    return configuration
  }
}
