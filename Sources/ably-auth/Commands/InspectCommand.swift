internal import AblyTokens
internal import ArgumentParser
internal import Foundation

/// Tells what a pasted text is, and whether it is genuine.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Tell what a token, JWT or TokenRequest says, and with the key whether it is genuine.",
    discussion: """
      For a TokenRequest with a wrong MAC it shows the text that was signed and the text that should have been: \
      the cure for "mac does not match". Exit code 1 when it does not verify. Nothing is sent anywhere, so whether a \
      token was revoked is not known here.
      """)

  @Argument(help: "A token, JWT, TokenRequest or TokenDetails; '-' reads it from stdin, such as a file.")
  var text: String

  @OptionGroup var keyOption: KeyOption

  @Flag(help: "Print the report as one line of JSON.")
  var json = false

  private static let maximumBytes = 1 << 20

  func run() throws {
    if text != "-", FileManager.default.fileExists(atPath: text) {
      throw WrongUsage(
        error: ErrorInfo(
          .malformedCredential, "this is the name of a file, and not what is in it",
          remedy: "Let inspect read the file: `ably-auth inspect - <FILE`."))
    }
    let inspection = try Inspection.inspect(text == "-" ? Self.standardInput() : text, key: keyOption.key())
    if json { Terminal.print(inspection.json) } else { Terminal.print(inspection.text) }
    if inspection.verdict?.verifies == false { throw ExitCode(1) }
  }

  private static func standardInput() throws -> String {
    let data = try FileHandle.standardInput.read(upToCount: maximumBytes) ?? Data()
    guard let text = String(validating: data, as: UTF8.self) else {
      throw ErrorInfo(.malformedCredential, "what was piped in is not text in UTF-8")
    }
    return text
  }
}
