internal import AblyAuth
internal import AblyTokens
internal import ServiceLifecycle
internal import Synchronization

/// What takes time and is none of the connection's own frames.
enum RealtimeJob: Sendable {
  case authenticate(Int, insteadOf: Credentials?, because: ErrorInfo?)
  case reauthenticate(insteadOf: Credentials)
  case findAlternatives(Int)
  /// What is left to do where whoever began has done their share.
  case carryOut
}

extension RealtimeEngine {
  /// The client runs from now on: somebody is about to call ``untilEnd()``.
  ///
  /// - Throws: 40000 when it runs already, or has run.
  func begin() throws(ErrorInfo) {
    let connects: Bool? = room.withLock { room in
      guard case .new(let connects) = room.phase else { return nil }
      room.phase = .running
      return connects ?? options.autoConnect
    }
    guard let connects else {
      throw ErrorInfo(
        .badRequest, "the client runs already, or has run", remedy: "Make a client for each run.")
    }
    if connects { handle(.connect) }
  }

  /// Works until the task is cancelled, or a graceful shutdown begins; closes the connection then.
  func untilEnd() async {
    await withTaskCancellationHandler {
      await withGracefulShutdownHandler {
        await workInSpiteOfCancellation()
      } onGracefulShutdown: {
        self.end()
      }
    } onCancel: {
      end()
    }
  }

  /// A connection that is cancelled has yet to be closed, so its work does not learn of it that way. It ends
  /// with ``end()``, within the time that the service has to answer, and is waited for.
  private func workInSpiteOfCancellation() async {
    await Task { await work() }.value
  }

  private func work() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.alarm.run(self.surroundings.clock) { self.handle(.due) } }
      for await job in jobs { group.addTask { await self.perform(job) } }
      group.cancelAll()
    }
  }

  /// Closes the connection, then ends the run.
  func end() {
    room.withLock { room in
      if case .running = room.phase { room.phase = .ending }
    }
    handle(.close)
    if [.initialized, .closed, .failed].contains(read(\.state)) { endIfAsked() }
  }

  /// The connection is closed: if that was the way to the end, the run is over.
  func endIfAsked() {
    let isOver = room.withLock { room in
      guard case .ending = room.phase else { return false }
      room.phase = .over
      return true
    }
    if isOver { handle(.end) }
  }

  /// Nothing happens from now on: all sequences end, and so does the work.
  func finish() {
    changes.finish()
    listeners.finish()
    newJobs.finish()
  }

  private func perform(_ job: RealtimeJob) async {
    switch job {
    case .authenticate(let number, let refused, let error):
      do throws(ErrorInfo) {
        handle(
          .authenticated(
            number, try await rest.auth.connectionCredentials(insteadOf: refused, because: error)))
      } catch {
        handle(.notAuthenticated(number, error))
      }
    case .reauthenticate(let credentials): await reauthenticate(insteadOf: credentials)
    case .carryOut: carryOut(atMost: .max)
    case .findAlternatives(let number):
      let hasNetwork = await rest.hasNetwork(asking: options.connectivityCheckURL)
      handle(.alternatives(number, hasNetwork ? rest.endpoint.fallbacks.shuffled() : []))
    }
  }

  /// Under token authentication without means to renew, the token in use is left to its end.
  private func reauthenticate(insteadOf credentials: Credentials) async {
    let reason = ErrorInfo(.tokenExpired, "the service asked for another token")
    do throws(ErrorInfo) {
      guard rest.auth.canRenew else { throw .noMeansToRenew(cause: reason) }
      handle(
        .renewed(try await rest.auth.connectionCredentials(insteadOf: credentials, because: reason)))
    } catch {
      handle(.notRenewed(error))
    }
  }
}
