internal import AblyTokens
internal import NIOSSL

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

extension ServerConfiguration.TLSFiles {
  /// TLS 1.2 or later with this certificate.
  ///
  /// - Throws: 40000, with what is wrong with which file.
  func configuration() throws(ErrorInfo) -> TLSConfiguration {
    guard let chain = certificates(in: certificatePath) else {
      throw refusal(of: certificatePath, as: "certificate", holdsOther: isKey(certificatePath))
    }
    guard let key = try? NIOSSLPrivateKey(file: keyPath, format: .pem) else {
      throw refusal(of: keyPath, as: "private key", holdsOther: certificates(in: keyPath) != nil)
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    // Made here so that files which do not belong together are told before the server runs.
    guard (try? NIOSSLContext(configuration: configuration)) != nil else {
      throw ErrorInfo(
        .badRequest, "the private key in \(keyPath) does not belong to the certificate in \(certificatePath)",
        remedy:
          "Give the key that the certificate was made for; in the certificate's file it comes first, before "
          + "those that lead to its root.")
    }
    return configuration
  }

  private func certificates(in path: String) -> [NIOSSLCertificate]? {
    guard let chain = try? NIOSSLCertificate.fromPEMFile(path), !chain.isEmpty else { return nil }
    return chain
  }

  private func isKey(_ path: String) -> Bool { (try? NIOSSLPrivateKey(file: path, format: .pem)) != nil }

  private func refusal(of path: String, as what: String, holdsOther: Bool) -> ErrorInfo {
    guard access(path, R_OK) == 0 else {
      return ErrorInfo(
        .badRequest, "the file of the \(what), \(path), cannot be read: \(String(cString: strerror(errno)))",
        remedy: "Check the path, and that this user may read the file.")
    }
    guard !holdsOther else {
      let other = what == "certificate" ? "a private key" : "a certificate"
      return ErrorInfo(
        .badRequest, "\(path) is given as the \(what), and holds \(other)",
        remedy: "Exchange the two: one file holds the certificate, the other its private key.")
    }
    return ErrorInfo(
      .badRequest, "\(path) is given as the \(what), and holds none in PEM form",
      remedy: what == "certificate"
        ? "Give a file with -----BEGIN CERTIFICATE----- in it."
        : "Give a file with -----BEGIN PRIVATE KEY----- in it, without a passphrase.")
  }
}
