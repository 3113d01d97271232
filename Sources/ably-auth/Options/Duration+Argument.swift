internal import AblyTokens
internal import ArgumentParser

/// A length of time as people write it: `90s`, `1h`, `500ms`. A bare integer is milliseconds, as in Ably's API.
struct DurationArgument: ExpressibleByArgument {
  let duration: Duration

  init?(argument: String) {
    guard let duration = DurationText.parse(argument) else { return nil }
    self.duration = duration
  }
}
