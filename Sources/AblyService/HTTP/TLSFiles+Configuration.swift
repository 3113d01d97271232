internal import NIOSSL

extension ServerConfiguration.TLSFiles {
  /// TLS 1.2 or later with this certificate.
  func configuration() throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(certificatePath).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: keyPath, format: .pem)))
    configuration.minimumTLSVersion = .tlsv12
    // Made here so that files which do not belong together are told before the server runs.
    _ = try NIOSSLContext(configuration: configuration)
    return configuration
  }
}
