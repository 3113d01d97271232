#if Postgres
  internal import AblyService
  internal import AblyTokens
  internal import AblyWire
  internal import Foundation
  internal import TestSupport
  internal import Testing

  /// The table of docs/operations.md: what is refused and what is allowed while the database is away.
  @Suite("PostgreSQL goes away and comes back", OwnPostgres.needed, .endsAtLast)
  struct AwayTests {
    @Test("the page has the rows that are tested here, word for word")
    func documented() throws {
      #expect(try AwayRow.documented() == AwayRow.all.map { [$0.name, $0.answer] })
    }

    @Test("what is refused, what is allowed, and that all of it comes back by itself")
    func table() async throws {
      try await OwnPostgres.use { postgres in
        let desk = try await AwayDesk(postgres)
        let (changes, heard) = AsyncStream.makeStream(of: StoreChange.self)
        desk.two.changes.observe { heard.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
          tasks.addTask { try await desk.one.followStore() }
          tasks.addTask { try await desk.two.followStore() }
          var iterator = changes.makeAsyncIterator()
          func wait(for isAwaited: (StoreChange) -> Bool) async {
            while let change = await iterator.next() { if isAwaited(change) { return } }
          }
          await wait { if case .contents = $0 { true } else { false } }
          let guests = try await guests(desk)
          #expect(await desk.revoke("bob", on: desk.one) == 201)
          await wait { if case .revoked = $0 { true } else { false } }
          #expect(await desk.use("Bearer \(guests.bob.token)") == 401)
          #expect(await desk.use("Bearer \(guests.eve.token)") == 200)

          try await postgres.down()
          await wait { if case .lost = $0 { true } else { false } }
          for row in AwayRow.all { #expect(try await row.holds(desk, guests), "\(row.name)") }

          // Those who go on asking find it away until the last moment, which must not delay anybody after it.
          let asking = Task { while !Task.isCancelled { _ = try? await desk.token(desk.plain) } }
          try await postgres.up()
          await wait { if case .contents = $0 { true } else { false } }
          asking.cancel()
          for row in AwayRow.all { #expect(try await row.comesBack(desk, guests), "\(row.name), afterwards") }
          tasks.cancelAll()
        }
        await desk.close()
      }
    }

    private func guests(_ desk: AwayDesk) async throws -> AwayGuests {
      let used = try desk.sign(desk.plain)
      #expect(await desk.exchange(used, on: desk.one).status == 201)
      let guests = AwayGuests(
        free: try await desk.token(desk.plain), bob: try await desk.token(desk.revocable, clientId: "bob"),
        eve: try await desk.token(desk.revocable, clientId: "eve"), used: used,
        watcher: try await CoreClient.connect(desk.two, desk.plain),
        member: try await CoreClient.connect(desk.two, desk.plain, clientId: "mia"),
        traveller: try await CoreClient.connect(desk.one, desk.plain, clientId: "tom"))
      for client in [guests.watcher, guests.member, guests.traveller] {
        #expect(try await client.attach("a").action == .attached)
      }
      #expect(try await guests.member.change(2, serial: 0).action == .ack)
      #expect(try await guests.watcher.next(.presence).presence.map(\.action) == [.enter])
      #expect(try await guests.traveller.publish("before", serial: 0).action == .ack)
      // One of the very millisecond of its revocation would go on.
      while let issued = guests.bob.issued, Date() <= issued.addingTimeInterval(0.001) { await Task.yield() }
      return guests
    }
  }
#endif
