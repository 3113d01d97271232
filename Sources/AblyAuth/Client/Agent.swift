/// How this library names itself to the service (RSC7d).
package enum Agent {
  /// The version of this library.
  package static let version = "0.1.0"

  /// The `Ably-Agent` header field: the library, the language and the platform (RSC7d1).
  package static let identifier = "ably-auth-swift/\(version) swift/\(languageVersion) \(platform)"

  /// The library and its version as a connection names them (RSC7b).
  package static let library = "ably-auth-swift-\(version)"

  /// The version of the wire protocol that it speaks (CSV2b).
  package static let protocolVersion = 6

  #if compiler(>=6.3)
    private static let languageVersion = "6.3"
  #else
    private static let languageVersion = "6.2"
  #endif

  #if os(Linux)
    private static let platform = "linux"
  #elseif os(macOS)
    private static let platform = "macos"
  #elseif os(iOS)
    private static let platform = "ios"
  #elseif os(tvOS)
    private static let platform = "tvos"
  #elseif os(watchOS)
    private static let platform = "watchos"
  #elseif os(visionOS)
    private static let platform = "visionos"
  #else
    private static let platform = "other"
  #endif
}
