import AblyAuth
import AblyRealtime
import AblyTokens
import AblyWire

/// Somebody's chat: shows what others say, and does what its user writes.
public struct ChatClient: Sendable {
  private let calls: ServerCalls
  private let place: ClientOptions
  private let show: @Sendable (String) -> Void

  /// - Parameters:
  ///   - server: the address of the chat's server.
  ///   - place: where Ably is; credentials in it do not count.
  ///   - show: shows a line.
  public init(server: String, place: ClientOptions, show: @escaping @Sendable (String) -> Void) {
    calls = ServerCalls(server: server)
    self.place = place
    self.show = show
  }

  /// Chats until the user leaves, the input ends, or the user is out.
  public func run(_ name: String, _ password: String, input: AsyncStream<String>) async throws {
    let session: String
    do { session = try await calls.signIn(name, password) } catch let refusal as ServerCalls.Refusal {
      return show("you cannot sign in (\(refusal.status))")
    }
    var options = place
    options.auth = AuthOptions(
      authURL: calls.server + "/auth", headers: ["Authorization": "Bearer \(session)"])
    try await withRealtimeClient(options) { client in
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await waitForTheEnd(of: client) }
        group.addTask { await converse(client, session: session, input) }
        await group.next()
        group.cancelAll()
      }
    }
  }

  /// Ends when the connection has failed for good: the endpoint refused, and nothing is tried again.
  private func waitForTheEnd(of client: RealtimeClient) async {
    let changes = client.connection.events
    for await change in changes where change.current == .failed {
      // The innermost cause is what the endpoint itself said.
      var reason = change.reason
      while let cause = reason?.cause { reason = cause }
      return show("you are out: \(reason?.message ?? "nobody says why")")
    }
  }

  private func converse(_ client: RealtimeClient, session: String, _ input: AsyncStream<String>) async {
    await withTaskGroup(of: Void.self) { readers in
      var room = await enter("lobby", client, &readers)
      for await line in input {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        switch (words.first, words.count > 1 ? words[1] : nil) {
        case (nil, _): break
        case ("/quit", _): return readers.cancelAll()
        case ("/join", let name?): if let entered = await enter(name, client, &readers) { room = entered }
        case ("/who", _): await tellWhoIsThere(room)
        case ("/remove", let name?): await remove(name, session: session)
        default: await say(line, in: room)
        }
      }
      readers.cancelAll()
    }
  }

  private func enter(
    _ name: String, _ client: RealtimeClient, _ readers: inout TaskGroup<Void>
  ) async -> RealtimeChannel? {
    let room = client.channels["room:\(name)"]
    do {
      let messages = room.subscribe()
      try await room.presence.enter()
      readers.addTask { await read(messages, in: name) }
      show("you are in \(name)")
      return room
    } catch {
      show("you may not enter \(name) (\(error.code.rawValue))")
      return nil
    }
  }

  private func read(_ messages: ChannelSequence<Message>, in room: String) async {
    do {
      for try await message in messages {
        show("[\(room)] \(message.clientId ?? "somebody"): \(message.data?.string ?? "")")
      }
    } catch { show("[\(room)] \(error.message)") }
  }

  private func say(_ text: String, in room: RealtimeChannel?) async {
    guard let room else { return show("you are in no room: /join one") }
    do { try await room.publish(name: "remark", data: .string(text)) } catch {
      show("that was not sent: \(error.message)")
    }
  }

  private func tellWhoIsThere(_ room: RealtimeChannel?) async {
    do {
      let members = try await room?.presence.get() ?? []
      show("here: \(members.compactMap(\.clientId).sorted().joined(separator: ", "))")
    } catch { show("nobody can tell: \(error.message)") }
  }

  private func remove(_ name: String, session: String) async {
    do {
      try await calls.remove(name, session: session)
      show("\(name) was removed")
    } catch let refusal as ServerCalls.Refusal where refusal.status == 403 {
      show("only moderators remove people")
    } catch { show("\(name) could not be removed: \(error)") }
  }
}
