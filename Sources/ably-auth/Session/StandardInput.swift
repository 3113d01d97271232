internal import Foundation

/// The lines of stdin. Reading them blocks, so a thread of its own does it.
enum StandardInput {
  static var lines: AsyncStream<String> {
    let (stream, continuation) = AsyncStream.makeStream(of: String.self)
    Thread.detachNewThread {
      while let line = readLine() { continuation.yield(line) }
      continuation.finish()
    }
    return stream
  }
}
