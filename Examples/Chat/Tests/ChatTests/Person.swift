import Testing

/// Somebody at a terminal.
struct Person: Sendable {
  fileprivate let shown: AsyncStream<String>
  fileprivate let typing: AsyncStream<String>.Continuation
  fileprivate let chat: Task<Void, any Error>

  init(shown: AsyncStream<String>, typing: AsyncStream<String>.Continuation, chat: Task<Void, any Error>) {
    self.shown = shown
    self.typing = typing
    self.chat = chat
  }

  func write(_ line: String) { typing.yield(line) }

  /// Reads on until a line is shown.
  func sees(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) async {
    var seen: [String] = []
    for await shown in shown {
      if shown == line { return }
      seen.append(shown)
    }
    Issue.record("the chat ended without \(line); it showed \(seen)", sourceLocation: sourceLocation)
  }

  /// Waits until the chat is over by itself.
  func end() async throws { try await chat.value }

  func leave() async throws {
    write("/quit")
    try await chat.value
  }
}
