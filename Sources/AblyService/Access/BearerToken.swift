/// What is to be known of the token that somebody bears for as long as they are connected with it.
struct BearerToken: Sendable {
  /// When it ends, in milliseconds since 1970.
  let expires: Int64

  /// What it can be revoked by.
  let bearer: RevocationIndex.Bearer
}
