internal import AblyTokens
internal import ArgumentParser

/// Runs a command and turns how it ended into the exit codes of the contract: 0 done, 1 the answer is no or
/// the service refused, 2 wrong usage, 3 the service could not be reached.
@main
enum Main {
  static func main() async {
    do {
      var command = try AblyAuthCommand.parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let wrong as WrongUsage {
      Terminal.complain(about: wrong.error)
      AblyAuthCommand.exit(withError: ExitCode(2))
    } catch let error as ErrorInfo {
      Terminal.complain(about: error)
      AblyAuthCommand.exit(withError: ExitCode(error.isUnanswered ? 3 : 1))
    } catch {
      leave(with: error)
    }
  }

  private static func leave(with error: any Error) -> Never {
    switch AblyAuthCommand.exitCode(for: error) {
    case .success:
      Terminal.print(AblyAuthCommand.fullMessage(for: error))
      AblyAuthCommand.exit(withError: ExitCode.success)
    case .validationFailure:
      Terminal.say(withoutValues(AblyAuthCommand.fullMessage(for: error)))
      AblyAuthCommand.exit(withError: ExitCode(2))
    case let code where error is ExitCode:
      AblyAuthCommand.exit(withError: code)
    default:
      Terminal.say("error: \(error)")
      AblyAuthCommand.exit(withError: ExitCode(1))
    }
  }
}

extension Main {
  /// A complaint about arguments quotes them. Any of them may be a secret: a key without its `--key`, a header
  /// without its colon.
  private static func withoutValues(_ complaint: String) -> String {
    CommandLine.arguments.dropFirst().reduce(complaint) { complaint, argument in
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard argument.hasPrefix("-") else { return complaint.replacing("'\(argument)'", with: "'…'") }
      guard parts.count == 2 else { return complaint }
      return complaint.replacing("'\(argument)'", with: "'\(parts[0])=…'")
        .replacing("'\(parts[1])'", with: "'…'")
    }
  }
}

extension ErrorInfo {
  /// Whether nobody answered: neither the service nor, for a token, the auth server.
  fileprivate var isUnanswered: Bool { statusCode == 0 || cause?.statusCode == 0 }
}
