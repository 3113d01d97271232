internal import AblyTokens
internal import ArgumentParser
internal import Foundation

/// Runs a command and turns how it ended into the exit codes of the contract: 0 done, 1 the answer is no or
/// the service refused, 2 wrong usage, 3 the service could not be reached.
@main
enum Main {
  static func main() async {
    // A reader that went away is learned from the write, which fails.
    signal(SIGPIPE, SIG_IGN)
    do {
      let command = try AblyAuthCommand.parseAsRoot()
      do {
        try await run(command)
      } catch let invalid as ValidationError {
        let name = type(of: command).configuration.commandName ?? ""
        Terminal.say("error: \(invalid.message)")
        Terminal.say("remedy: `\(Invocation.name) \(name) --help` shows what it takes.")
        AblyAuthCommand.exit(withError: ExitCode(2))
      }
    } catch let wrong as WrongUsage {
      Terminal.complain(about: wrong.error, isAnswer: false)
      AblyAuthCommand.exit(withError: ExitCode(2))
    } catch let failure as StartFailure {
      Terminal.complain(about: failure.error, isAnswer: false)
      AblyAuthCommand.exit(withError: ExitCode(failure.exitCode))
    } catch let error as ErrorInfo {
      Terminal.complain(about: error)
      AblyAuthCommand.exit(withError: ExitCode(error.isUnanswered ? 3 : 1))
    } catch {
      leave(with: error)
    }
  }

  private static func run(_ command: any ParsableCommand) async throws {
    var command = command
    if var command = command as? any AsyncParsableCommand {
      try await command.run()
    } else {
      try command.run()
    }
  }

  private static func leave(with error: any Error) -> Never {
    switch AblyAuthCommand.exitCode(for: error) {
    case .success:
      Terminal.print(AblyAuthCommand.fullMessage(for: error))
      AblyAuthCommand.exit(withError: ExitCode.success)
    case .validationFailure:
      let complaint = Complaint(arguments: Array(CommandLine.arguments.dropFirst()))
      let text = AblyAuthCommand.fullMessage(for: error)
      Terminal.say(complaint.withoutSecrets(text))
      if let advice = complaint.advice(on: text) { Terminal.say(advice) }
      AblyAuthCommand.exit(withError: ExitCode(2))
    case let code where error is ExitCode:
      AblyAuthCommand.exit(withError: code)
    default:
      Terminal.say("error: \(error)")
      AblyAuthCommand.exit(withError: ExitCode(1))
    }
  }
}

extension ErrorInfo {
  /// Whether nobody answered: neither the service nor, for a token, the auth server.
  fileprivate var isUnanswered: Bool { statusCode == 0 || cause?.statusCode == 0 }
}
