internal import NIOSSL

extension ServerConfiguration.TLSFiles {
  /// TLS 1.2 or later with this certificate.
  func configuration() throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(certificatePath).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: keyPath, format: .pem)))
    configuration.minimumTLSVersion = .tlsv12
    return configuration
  }
}
