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
  private let progress: Locked<Progress>

  private struct Progress {
    var seen: [String: [UInt8]?]
    var begun = 0
    var finished = 0
  }

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
    progress = Locked(Progress(seen: loaded.contents))
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
    guard Self.differs(progress.withLock { $0.seen }) else { return .unchanged }
    return await reload()
  }

  /// Reads the policy again, as on a SIGHUP.
  @discardableResult
  public func reload() async -> Outcome {
    let number = begin()
    // What stands in the files of the policy in force before the new one is read, since a broken one may name others.
    let before = progress.withLock { Array($0.seen.keys) }.map { ($0, Self.content($0)) }
    let attempt = await loader.attempt()
    return take(attempt, number, before: Dictionary(before, uniquingKeysWith: { first, _ in first }))
  }

  /// Counts a reload, before it reads anything.
  func begin() -> Int {
    progress.withLock { progress in
      progress.begun += 1
      return progress.begun
    }
  }

  /// Puts in force what was read, unless a reload that began later is done already: it has read what is newer.
  func take(
    _ attempt: PolicyLoader.Attempt, _ number: Int, before: [String: [UInt8]?] = [:]
  ) -> Outcome {
    let isNewest = progress.withLock { progress in
      guard number > progress.finished else { return false }
      progress.finished = number
      switch attempt.outcome {
      case .success(let loaded):
        endpoint.replaceSetup(loaded.setup)
        progress.seen = attempt.contents
      case .failure: progress.seen = before.merging(attempt.contents) { $1 }
      }
      return true
    }
    return isNewest ? told(attempt.outcome) : .unchanged
  }

  private func told(_ outcome: Result<LoadedPolicy, PolicyFileError>) -> Outcome {
    switch outcome {
    case .success(let loaded):
      endpoint.telemetry.countReload(isReplaced: true)
      logger.notice("the policy was replaced", metadata: ["rules": "\(loaded.file.rules.count)"])
      for warning in loaded.warnings {
        logger.warning("a warning about the policy", metadata: ["warning": "\(warning)"])
      }
      return .replaced
    case .failure(let error):
      endpoint.telemetry.countReload(isReplaced: false)
      for problem in error.problems {
        logger.error("the policy is broken, and the old one stays", metadata: ["problem": "\(problem)"])
      }
      return .refused(error.problems)
    }
  }

  private static func content(_ path: String) -> [UInt8]? {
    try? BoundedFile.read(path, limit: PolicyFile.maximumBytes)
  }

  static func differs(_ contents: [String: [UInt8]?]) -> Bool {
    contents.contains { path, bytes in content(path) != bytes }
  }
}
