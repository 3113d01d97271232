internal import AblyTokens
internal import ArgumentParser

/// A length of time as people write it: `90s`, `1h`, `500ms`. A bare integer is milliseconds, as in Ably's API. One
/// below zero is read too: why it cannot be is for whoever uses it to say.
struct DurationArgument: ExpressibleByArgument {
  let duration: Duration

  init?(argument: String) {
    let isNegative = argument.hasPrefix("-")
    guard let duration = DurationText.parse(isNegative ? String(argument.dropFirst()) : argument) else {
      return nil
    }
    self.duration = isNegative ? .zero - duration : duration
  }
}
