internal import Configuration

/// The configuration of `serve` in the environment, `ABLY_SERVE_HOST` for `host`; an empty value counts as unset.
enum ServeEnvironment {
  private static let reader = ConfigReader(provider: EnvironmentVariablesProvider()).scoped(to: "ably.serve")

  static subscript(name: String) -> String? {
    reader.string(forKey: ConfigKey([name])).flatMap { $0.isEmpty ? nil : $0 }
  }
}
