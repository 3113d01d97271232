#if os(Linux)
  import Foundation

  @testable import AblyTokens

  /// The next nonce of a source, once in a forked child and once in its parent.
  enum ForkedNonce {
    struct CannotFork: Error {}

    private typealias Fork = @convention(c) () -> Int32

    static func both(of source: NonceSource) throws -> (child: String, parent: String) {
      // Swift hides fork, because little is safe in a child; making a nonce and writing it is.
      guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "fork") else { throw CannotFork() }
      let fork = unsafeBitCast(symbol, to: Fork.self)
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { throw CannotFork() }
      let process = fork()
      guard process >= 0 else { throw CannotFork() }
      if process == 0 {
        let text = Array(source.next().text.utf8)
        _ = write(ends[1], text, text.count)
        _exit(0)
      }
      let parent = source.next().text
      close(ends[1])
      defer { close(ends[0]) }
      var bytes = [UInt8](repeating: 0, count: 64)
      let count = read(ends[0], &bytes, bytes.count)
      var status: Int32 = 0
      waitpid(process, &status, 0)
      return (String(decoding: bytes.prefix(max(0, count)), as: UTF8.self), parent)
    }
  }
#endif
