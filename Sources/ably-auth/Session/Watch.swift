internal import AblyRealtime
internal import AblyTokens
internal import AblyWire

/// What of a session's channels is printed as it happens: asked for once, however many lines name a channel.
struct Watch: Sendable {
  private let client: RealtimeClient
  private var watched: Set<String> = []
  private var subscribed: Set<String> = []

  init(_ client: RealtimeClient) { self.client = client }

  /// Tells what is to be printed from now on because of a line, before anything is done for it.
  mutating func printers(for line: JSONValue) -> [@Sendable () async -> Void] {
    guard let name = line["channel"]?.string, !name.isEmpty, line["do"]?.string != "history" else {
      return []
    }
    // What is refused does nothing.
    guard (try? line.checkMembers(hasConnection: true)) != nil else { return [] }
    let channel = client.channels.get(name)
    var printers: [@Sendable () async -> Void] = []
    if watched.insert(name).inserted {
      let changes = channel.events
      printers.append { for await change in changes { Terminal.print(change.json(of: name)) } }
    }
    if line["do"]?.string == "subscribe", subscribed.insert(name).inserted {
      let messages = channel.subscribe()
      let members = channel.presence.subscribe()
      printers.append { await Self.print(messages) { $0.event(on: name) } }
      printers.append { await Self.print(members) { $0.event(on: name) } }
    }
    return printers
  }

  private static func print<Element>(
    _ sequence: ChannelSequence<Element>, _ line: (Element) -> JSONValue
  ) async {
    do throws(ErrorInfo) {
      for try await element in sequence { Terminal.print(line(element)) }
    } catch {
      Terminal.print(["event": "error", "error": error.json])
    }
  }
}
