internal import AblyTokens

extension Secret: ExpressibleByStringInterpolation {
  package init(stringLiteral value: String) { self.init(value) }
}
