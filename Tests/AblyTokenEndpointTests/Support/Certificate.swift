internal import Foundation

/// A certificate for 127.0.0.1 that nobody trusts.
enum Certificate {
  /// It and its key in two files, for as long as `body` runs.
  static func withFiles<Result>(
    _ body: (_ certificatePath: String, _ keyPath: String) async throws -> Result
  ) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "certificate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (certificate, key) = (folder.appending(path: "certificate.pem"), folder.appending(path: "key.pem"))
    try Data(text.utf8).write(to: certificate)
    try Data(Self.key.utf8).write(to: key)
    return try await body(certificate.path, key.path)
  }

  static let text = """
    -----BEGIN CERTIFICATE-----
    MIIBRjCB7qADAgECAgEBMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCXRlc3Qgb25s
    eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFDESMBAGA1UEAwwJ
    dGVzdCBvbmx5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEsf/P8Cp7kn1yY6kb
    pd7M93B8dh7Dd0sEFPAk5zZrxKug8lmss3y2nnhcWLAvaosG/1NMUgwFkKd+3tFx
    ELB546MvMC0wDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SH
    BH8AAAEwCgYIKoZIzj0EAwIDRwAwRAIgXGe2LAT/oCGvTS14M/KO+6zjrUizZWIx
    jp4VcO/fAKUCIE/Q/Fk0xgowrI7kNApI6G1BvWPWawdmMFfG0KUoec6p
    -----END CERTIFICATE-----
    """

  // Of no use anywhere else.
  private static let key = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKmJlAdNhXNrDhHzY
    5vLmvYyUmhlh1O0HUHnybp5vf16hRANCAASx/8/wKnuSfXJjqRul3sz3cHx2HsN3
    SwQU8CTnNmvEq6DyWayzfLaeeFxYsC9qiwb/U0xSDAWQp37e0XEQsHnj
    -----END PRIVATE KEY-----
    """
}
