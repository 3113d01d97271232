/// How an ``AuthOptions/authURL`` is asked (AO2d).
public enum AuthMethod: String, Sendable, Hashable, CaseIterable {
  /// Parameters go in the query (RSA8c1a).
  case get = "GET"

  /// Parameters go in the body, as a form (RSA8c1b).
  case post = "POST"
}
