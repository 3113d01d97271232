internal import AblyTokens
internal import Dispatch
internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import AblyAuth

@Suite("A value for many readers")
struct ManyReadersTests {
  @Test("what was set is what every thread reads, and none reads what came before it again")
  func threads() {
    let value = ManyReaders { 0 }
    let wrong = Mutexed(0)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      var latest = 0
      for round in 1...2000 {
        // One of them changes it, as those who change it take turns.
        if thread == 0 { value.set { round } }
        let seen = value.value
        if seen < latest || (thread == 0 && seen != round) { wrong.withLock { $0 += 1 } }
        latest = seen
      }
    }
    #expect(wrong.withLock { $0 } == 0)
    #expect(value.all == Array(repeating: 2000, count: 16))
  }

  @Test("threads that live at one time do not all read one copy")
  func spread() {
    let numbers = Mutexed<Set<Int>>([])
    let together = DispatchGroup()
    let isEnough = DispatchSemaphore(value: 0)
    for _ in 0..<16 {
      together.enter()
      Thread.detachNewThread {
        numbers.withLock { _ = $0.insert(CurrentThread.number & 15) }
        together.leave()
        isEnough.wait()
      }
    }
    together.wait()
    for _ in 0..<16 { isEnough.signal() }
    #expect(numbers.withLock(\.count) > 4)
  }

  @Test("each copy is made for itself")
  func copies() {
    let made = Mutexed(0)
    let value = ManyReaders(count: 4) {
      made.withLock {
        $0 += 1
        return $0
      }
    }
    #expect(value.all == [1, 2, 3, 4])
    value.set { made.withLock { $0 } }
    #expect(value.all == [4, 4, 4, 4])
  }

  @Test("RSA10a, RSA16d, RSA10e: on whatever thread, a request uses the token that is in use by now")
  func credentials() async throws {
    let tokens = Mutexed(0)
    let client = try RESTClient.stubbed(StubTransport(.time)) {
      $0.auth = AuthOptions { _ in
        tokens.withLock {
          $0 += 1
          return .token("token-\($0)-\(String(repeating: "x", count: 20))")
        }
      }
    }
    let auth = client.auth
    func headers() -> Set<String?> { Set(auth.ready.all.map { $0?.credentials.header.text }) }
    func header(_ token: String) -> String { "Bearer \(Base64.standard.encode(token.utf8))" }
    #expect(headers() == [nil])
    let first = try await auth.authorize()
    #expect(headers() == [header(first.token)])
    let credentials = try await auth.credentials()
    auth.forget(credentials)
    #expect(headers() == [nil])
    let second = try await auth.credentials()
    #expect(second.serial != credentials.serial)
    #expect(headers() == [second.header.text])
    var options = AuthOptions()
    options.token = "given"
    let given = try await auth.authorize(options: options)
    #expect(given.token == "given")
    #expect(headers() == [header("given")])
  }
}
