internal import AblyTokens
public import Logging
public import ServiceLifecycle
internal import Synchronization

/// Replaces an endpoint's setup when its policy changes, or when told to. A broken file is refused, and the old
/// policy stays.
public final class PolicyReloader: Service {
  /// What came of a look at the files.
  public enum Outcome: Sendable, Equatable {
    /// Nothing has changed.
    case unchanged
    /// The new policy is in force.
    case replaced
    /// The new one is broken, and the old one stays. Says everything that is wrong with it.
    case refused([PolicyProblem])
  }

  private let endpoint: TokenEndpoint
  private let loader: PolicyLoader
  private let interval: Duration
  private let logger: Logger
  private let seen: Locked<[String: [UInt8]?]>

  /// - Parameters:
  ///   - endpoint: whose setup is replaced.
  ///   - loader: reads the policy.
  ///   - loaded: what is in force.
  ///   - interval: how often ``run()`` looks whether a file has changed.
  ///   - logger: gets a line for each replacement and refusal.
  public init(
    _ endpoint: TokenEndpoint, loader: PolicyLoader, loaded: LoadedPolicy, interval: Duration = .seconds(2),
    logger: Logger = Logger(label: "ably-token-endpoint")
  ) {
    self.endpoint = endpoint
    self.loader = loader
    self.interval = interval
    self.logger = logger
    seen = Locked(loaded.contents)
  }

  /// Looks again and again until it is shut down or cancelled.
  public func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do { try await Task.sleep(for: self.interval) } catch { return }
        await self.reloadIfChanged()
      }
    }
  }

  /// Reads the policy again if a file of it has changed. A broken one is tried once, not again and again.
  @discardableResult
  public func reloadIfChanged() async -> Outcome {
    guard Self.differs(seen.withLock { $0 }) else { return .unchanged }
    return await reload()
  }

  /// Reads the policy again, as on a SIGHUP.
  @discardableResult
  public func reload() async -> Outcome {
    do throws(PolicyFileError) {
      let loaded = try await loader.load()
      endpoint.replaceSetup(loaded.setup)
      seen.withLock { $0 = loaded.contents }
      logger.notice("the policy was replaced", metadata: ["rules": "\(loaded.file.rules.count)"])
      return .replaced
    } catch {
      seen.withLock { seen in
        for path in seen.keys {
          seen[path] = .some(try? BoundedFile.read(path, limit: PolicyFile.maximumBytes))
        }
      }
      for problem in error.problems {
        logger.error("the policy is broken, and the old one stays", metadata: ["problem": "\(problem)"])
      }
      return .refused(error.problems)
    }
  }

  static func differs(_ contents: [String: [UInt8]?]) -> Bool {
    contents.contains { path, bytes in (try? BoundedFile.read(path, limit: PolicyFile.maximumBytes)) != bytes
    }
  }
}
