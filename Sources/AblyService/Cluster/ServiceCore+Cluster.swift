internal import AblyTokens

extension ServiceCore {
  /// Learns from the log, if there is one, where the other nodes are.
  ///
  /// - Throws: 50004 when the log cannot be read.
  func joinCluster() async throws(ErrorInfo) {
    guard let cluster else { return }
    let beginning = try await cluster.log.begin(by: cluster.id, at: now)
    realtime.perform { $0.share(beginning, as: cluster.id) }
    // Before anything is judged by its time.
    try await renewLease(cluster)
  }

  /// Takes part until the task is cancelled: hears the log, appends to it, and lives.
  ///
  /// - Throws: what ``SharedLog/follow(after:_:)`` does.
  func takePart(in cluster: ClusterNode) async throws(ErrorInfo) {
    guard let terms = realtime.perform(\.sharing) else { return }
    let result = await withTaskGroup(of: Result<Void, ErrorInfo>.self) { tasks in
      tasks.addTask { [self] in
        do throws(ErrorInfo) {
          try await cluster.log.follow(after: terms.position) { [self] in apply($0, terms.serials) }
          return .success(())
        } catch { return .failure(error) }
      }
      tasks.addTask { [self] in
        await cluster.appender.run { [self] (entries) async throws(ErrorInfo) in
          try await cluster.log.append(entries, by: cluster.id, at: now)
        } settle: { [self] ticket, result in
          realtime.perform { [now] in $0.settle(ticket, result, now: now) }
        }
        return .success(())
      }
      tasks.addTask { [self] in
        while !Task.isCancelled {
          try? await Task.sleep(for: .milliseconds(ClusterNode.renewalInterval))
          await renewLease()
        }
        return .success(())
      }
      // Apart, so that the lease does not wait for it, however many there are to bury.
      tasks.addTask { [self] in
        while !Task.isCancelled {
          try? await Task.sleep(for: .milliseconds(ClusterNode.renewalInterval))
          await buryTheDead()
        }
        return .success(())
      }
      let first = await tasks.next() ?? .success(())
      tasks.cancelAll()
      return first
    }
    try result.get()
  }

  private func apply(_ events: [LogEvent], _ serials: LogSerials) {
    // Read before the hub is held up.
    let read = events.map { ($0.position, SharedEvent($0, serials)) }
    let now = now
    var next: [(LogPosition, SharedEvent?)] = []
    for event in read {
      next.append(event)
      // What was done there already is not done twice.
      guard case .command(let command, let author)? = event.1, author != cluster?.id else { continue }
      realtime.perform { [next] in $0.apply(next, now: now) }
      next = []
      carryOut(command)
    }
    realtime.perform { [next] in $0.apply(next, now: now) }
  }

  /// Says that this node lives.
  func renewLease() async {
    guard let cluster else { return }
    // Where it cannot be said now it is said the next time.
    try? await renewLease(cluster)
  }

  /// Lets the members of nodes leave that do not live any more.
  func buryTheDead() async {
    guard let cluster else { return }
    while !Task.isCancelled, (try? await cluster.log.bury(at: now)) == true {}
  }

  /// Says that this node lives, and heeds what the log answers: the time, and whether it was taken for dead.
  ///
  /// - Throws: 50004 when the log cannot be written.
  private func renewLease(_ cluster: ClusterNode) async throws(ErrorInfo) {
    let start = untouchedTime
    let renewal = try await cluster.log.renew(by: cluster.id, at: now)
    let end = untouchedTime
    let isBack = cluster.lease.change(to: renewal.lease)
    realtime.perform { hub in
      if isBack { hub.comeBack(at: renewal.sequence) }
      hub.noteAgain()
    }
    guard let moment = renewal.moment else { return }
    // A clock that was set back meanwhile says nothing.
    if end >= start, cluster.clock.heed(moment, during: start...end) { realtime.alarm.ring() }
  }

  /// Looks whether the connection that a client wants to take up was another node's, and moves it here.
  ///
  /// - Throws: 40102 for credentials of another identity than the connection's, 50004 when the log cannot say.
  func takeConnection(
    _ parameters: ConnectParameters, _ principal: Principal
  ) async throws(ErrorInfo) -> (ConnectionKey, ConnectionSeal.Claims, LogTaking)? {
    guard let cluster, parameters.connectionKey != nil,
      let (key, claims) = try realtime.perform({ (hub) throws(ErrorInfo) in
        try hub.claims(of: parameters, principal)
      }),
      let taking = try await cluster.log.take(key.connectionId, by: cluster.id, at: now)
    else { return nil }
    return (key, claims, taking)
  }

  /// Publishes over HTTP.
  ///
  /// - Returns: a serial for each message.
  /// - Throws: 50004 when it cannot be stored, or nobody can say whether it is.
  func publish(
    _ drafts: [MessageDraft], to address: ChannelAddress, by publisher: String, base: String, now: Int64
  ) async throws(ErrorInfo) -> [String] {
    guard let cluster else {
      return realtime.perform { $0.publish(drafts, to: address, by: publisher, base: base, now: now) }
    }
    let receipt = try await cluster.appender.append(
      .publish(drafts, to: address, by: publisher, base: base, from: nil))
    return realtime.perform { $0.serials(of: receipt, count: drafts.count) }.compactMap(\.self)
  }

  /// One page of a channel's messages, or of what became of its members.
  ///
  /// - Throws: 50004 when the log cannot be read.
  func history(
    of address: ChannelAddress, _ kind: LogEvent.Kind, _ query: HistoryQuery
  ) async throws(ErrorInfo) -> HistoryPage {
    guard let cluster, let serials = realtime.perform(\.sharing)?.serials else {
      return realtime.perform {
        kind == .message ? $0.store.history(of: address, query) : $0.store.presenceHistory(of: address, query)
      }
    }
    let question = query.logQuery(of: LogMark.room(address), kind, serials)
    let (events, isCut) = question.cut(try await cluster.log.events(question))
    let messages = events.flatMap { event -> [StoredMessage] in
      kind == .message ? event.messages(serials) ?? [] : event.member(serials).map { [$0.1] } ?? []
    }
    return query.page(of: messages[...], isCut: isCut)
  }
}
