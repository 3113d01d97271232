internal import AblyService
internal import NIOSSL

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A certificate for 127.0.0.1 and localhost that only tests trust.
enum TestCertificate {
  /// Both in files, for as long as `body` runs.
  static func withFiles<Result>(
    _ body: (ServerConfiguration.TLSFiles) async throws -> Result
  ) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(component: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let certificatePath = folder.appending(component: "certificate.pem")
    let keyPath = folder.appending(component: "key.pem")
    try Data(certificate.utf8).write(to: certificatePath)
    try Data(key.utf8).write(to: keyPath)
    return try await body(
      ServerConfiguration.TLSFiles(certificatePath: certificatePath.path, keyPath: keyPath.path))
  }

  /// What a client that trusts it uses.
  static func trusting() throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)))
    return configuration
  }

  private static let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBmjCCAUGgAwIBAgIUfJHs2vN8t7clpUneMjbB01yCPYMwCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJdGVzdCBvbmx5MCAXDTI2MTEyNjAyNTIwOVoYDzIxMjYxMTAy
    MDI1MjA5WjAUMRIwEAYDVQQDDAl0ZXN0IG9ubHkwWTATBgcqhkjOPQIBBggqhkjO
    PQMBBwNCAATV/gtGva2BjGywCkc7DSfsv9MSp/qWHxDiPIZwrqdRlsG3q/CfG39G
    YWU+nc29qT+2Z3/KDOHsptMoALhjvzT9o28wbTAdBgNVHQ4EFgQU38R8/kF6u1LK
    W5E8Rom45VmFaKwwHwYDVR0jBBgwFoAU38R8/kF6u1LKW5E8Rom45VmFaKwwGgYD
    VR0RBBMwEYcEfwAAAYIJbG9jYWxob3N0MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
    zj0EAwIDRwAwRAIgNt6kAPi0Ydgu3zZPl19uWhdrswQVuoNjlnMRveF5IjICICl+
    d3vAwKslwoGnZOt6qMzMtgKcfyFajnHmfzj4QKro
    -----END CERTIFICATE-----
    """

  private static let key = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgG+bTUek2kU6+GdsR
    DIGHNJIaTa2IWLIQjMt1gumPe9+hRANCAATV/gtGva2BjGywCkc7DSfsv9MSp/qW
    HxDiPIZwrqdRlsG3q/CfG39GYWU+nc29qT+2Z3/KDOHsptMoALhjvzT9
    -----END PRIVATE KEY-----
    """
}
