/// What is to be known of the token that somebody bears for as long as they are connected with it.
struct BearerToken: Sendable {
  /// When it ends, in milliseconds since 1970.
  var expires: Int64

  /// What it can be revoked by.
  let bearer: RevocationIndex.Bearer

  /// What it is known again by, after those of the tokens that lie in it; empty where nobody asks for them.
  var marks: [TokenMark] = []
}
