internal import Foundation
internal import TestSupport
internal import Testing

@Suite("ably-auth local that does not start", .endsAtLast)
struct LocalStartTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let arguments: [String]
    let exitCode: Int32
    let error: String
    let remedy: String

    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let cases = [
    Case(
      arguments: ["--max-depth", "0"], exitCode: 2,
      error: "[40003] --max-depth is 0, and has to be from 1 to 256", remedy: "Take a value in that range"),
    Case(
      arguments: ["--max-depth", "257"], exitCode: 2,
      error: "[40003] --max-depth is 257, and has to be from 1 to 256", remedy: "Take a value in that range"),
    Case(
      arguments: ["--max-connections-per-address", "0"], exitCode: 2,
      error: "[40003] --max-connections-per-address is 0, and", remedy: "Take a value in that range"),
    Case(
      arguments: ["--write-timeout", "0"], exitCode: 2,
      error: "[40003] --write-timeout is 0.0 seconds, and has to be longer than nothing",
      remedy: "Take a value in that range"),
    Case(
      arguments: ["--host", "no..such..host", "--allow-public-plain-text"], exitCode: 2,
      error: "[40003] cannot listen on no..such..host, port 0: no address is known for this name",
      remedy: "Listen on 127.0.0.1"),
    // An address for documentation, which no machine has.
    Case(
      arguments: ["--host", "192.0.2.1", "--allow-public-plain-text"], exitCode: 2,
      error: "[40003] cannot listen on 192.0.2.1, port 0: this machine has no such address",
      remedy: "Listen on 127.0.0.1"),
    Case(
      arguments: ["--remove-key", "a.b:secretive", "--data-dir", "/nowhere"], exitCode: 2,
      error: "[40000] --remove-key was given a whole key, and takes its name alone",
      remedy: "Leave the colon and the secret away"),
    Case(
      arguments: ["--remove-key", "a.b"], exitCode: 2,
      error: "[40000] --remove-key forgets a key that is stored, and without a store there is none",
      remedy: "Say where keys are stored, with --data-dir or --postgres."),
    Case(
      arguments: ["--tls-cert", "/nowhere/c.pem", "--tls-key", "/nowhere/k.pem"], exitCode: 2,
      error: "[40000] the file of the certificate, /nowhere/c.pem, cannot be read: No such file or directory",
      remedy: "Check the path"),
    Case(
      arguments: ["--tls-cert", "/dev/null", "--tls-key", "/nowhere/k.pem"], exitCode: 2,
      error: "[40000] /dev/null is given as the certificate, and holds none in PEM form",
      remedy: "Give a file with -----BEGIN CERTIFICATE----- in it."),
  ]

  @Test("is told in a sentence, not as an answer over HTTP, with what to do", arguments: cases)
  func told(_ sample: Case) async throws {
    let outcome = try await Tool.run(list: ["local", "--port", "0"] + sample.arguments)
    #expect(outcome.exitCode == sample.exitCode)
    #expect(outcome.output.isEmpty)
    #expect(outcome.talk.hasPrefix("error: \(sample.error)"), "\(outcome.talk)")
    #expect(outcome.talk.contains("\nremedy: \(sample.remedy)"), "\(outcome.talk)")
    #expect(!outcome.talk.contains("HTTP") && !outcome.talk.contains("help.ably.io"), "\(outcome.talk)")
    #expect(!outcome.talk.contains("secretive"))
  }

  @Test("a certificate and a key that were exchanged, or do not belong together, are told apart")
  func files() async throws {
    try await TestCertificate.withFiles { certificate, key in
      func refusal(_ certificate: String, _ key: String) async throws -> String {
        let outcome = try await Tool.run("local", "--port", "0", "--tls-cert", certificate, "--tls-key", key)
        #expect(outcome.exitCode == 2)
        return outcome.talk
      }
      let exchanged = try await refusal(key, certificate)
      #expect(
        exchanged.contains("\(key) is given as the certificate, and holds a private key"), "\(exchanged)")
      #expect(exchanged.contains("remedy: Exchange the two"))
      let twice = try await refusal(certificate, certificate)
      #expect(
        twice.contains("\(certificate) is given as the private key, and holds a certificate"), "\(twice)")
      let other = URL(filePath: key).deletingLastPathComponent().appending(path: "other.pem").path
      try Data(Self.otherKey.utf8).write(to: URL(filePath: other))
      let strangers = try await refusal(certificate, other)
      #expect(
        strangers.contains("the private key in \(other) does not belong to the certificate in"),
        "\(strangers)")
    }
  }

  // Of no use anywhere.
  private static let otherKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgueZ2n1Up8gY3Cw5r
    wJIYpgIC4EU5LYkaGC2idFD21m+hRANCAATSzxxF8VCVHnths3vZMOg+defSVWpx
    XAfA5mV8tXOk+HoV0vbOG+5yNmtclopoCgWpmT8BAt+btF38KNs4FFoY
    -----END PRIVATE KEY-----
    """

  @Test("--verbose tells of requests, and not what the service is made of")
  func verbose() async throws {
    let talk = Pipe()
    let output = Pipe()
    let process = try Tool.start(
      ["local", "--port", "0", "--json", "--verbose", "--key", Tool.key], output: .pipe(output),
      talk: .pipe(talk))
    let line = await output.firstLine()
    let port = try #require(line.firstMatch(of: #/"port":([0-9]+)/#)?.1)
    _ = try await Tool.run("time", "--endpoint", "127.0.0.1", "--port", String(port), "--no-tls")
    _ = await process.stop()
    let said = String(decoding: try talk.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    #expect(said.contains("path=/time"), "\(said)")
    #expect(!said.contains("ServerConfiguration(") && !said.contains("ServiceLifecycle"), "\(said)")
  }

  #if Postgres
    @Test("a PostgreSQL that is out of reach ends it with 3, and says where to look")
    func postgres() async throws {
      try await withRefusingPort { port in
        let outcome = try await Tool.run(
          "local", "--port", "0", "--postgres", "postgres://127.0.0.1:\(port)/ably")
        #expect(outcome.exitCode == 3)
        #expect(
          outcome.talk.contains(
            "PostgreSQL cannot be used: connection to server at \"127.0.0.1\", port \(port)"),
          "\(outcome.talk)")
        #expect(outcome.talk.contains("remedy: Check the host and the port in --postgres"))
        #expect(!outcome.talk.contains("HTTP") && !outcome.talk.contains("request"))
      }
    }

    @Test(
      "a text that libpq would fill up with its defaults is wrong usage, and is not repeated",
      arguments: [
        ("", "nothing says where PostgreSQL is"), ("swordfish", "where PostgreSQL is has to be a URL"),
        (
          "postgres://h/db?sslmod=swordfish",
          "libpq cannot read where PostgreSQL is: invalid URI query parameter"
        ),
      ])
    func unnamed(_ text: String, _ error: String) async throws {
      let outcome = try await Tool.run("local", "--port", "0", "--postgres", text)
      #expect(outcome.exitCode == 2)
      #expect(outcome.talk.hasPrefix("error: [40000] \(error)"), "\(outcome.talk)")
      #expect(outcome.talk.contains("Write postgres://user@host/database"), "\(outcome.talk)")
      #expect(!outcome.talk.contains("swordfish"))
    }

    @Test("an option of TLS that libpq refuses ends it with 1, and the remedy is not to look for the host")
    func encryption() async throws {
      let outcome = try await Tool.run(
        "local", "--port", "0", "--postgres", "host=127.0.0.1 port=1 sslmode=nonsense")
      #expect(outcome.exitCode == 1)
      #expect(
        outcome.talk.contains("remedy: Check sslmode, sslrootcert, sslcert and sslkey in --postgres"),
        "\(outcome.talk)")
    }
  #endif
}
