/// The library names its options in its advice. Whoever uses the command line has flags and variables instead.
enum Vocabulary {
  /// Advice or a message in the words of the command line.
  static func ofTheTool(_ text: String) -> String {
    (limits + pairs).reduce(text) { text, pair in text.replacing(pair.library, with: pair.tool) }
      .replacing("`ably-auth ", with: "`\(Invocation.name) ")
  }

  /// Options of `local` for the limits of the library.
  private static let limits: [(library: String, tool: String)] = [
    ("headerBytes", "--max-header-bytes"), ("bodyBytes", "--max-body-bytes"), ("depth", "--max-depth"),
    ("frameBytes", "--max-frame-bytes"), ("connections", "--max-connections"),
    ("connectionsPerAddress", "--max-connections-per-address"), ("channels", "--max-channels"),
    ("reauthentications", "--max-reauthentications"), ("firstRequestTimeout", "--first-request-timeout"),
    ("requestTimeout", "--request-timeout"), ("responseTimeout", "--response-timeout"),
    ("writeTimeout", "--write-timeout"), ("silenceTimeout", "--silence-timeout"),
  ].map { ("the limit '\($0)' is", "\($1) is") }

  // Longer ones first: they hold shorter ones.
  private static let pairs: [(library: String, tool: String)] = [
    (
      "Set the key in the options of the client, and in AuthOptions where you give some to a call.",
      "Give --key, or set ABLY_API_KEY; authOptions of a session's line replace it."
    ),
    (
      "Set authCallback, authURL or key in the options of the client, and in AuthOptions where you give some to a "
        + "call.",
      "Give --key or --auth-url, or set ABLY_API_KEY; authOptions of a session's line replace them."
    ),
    (
      "Give the client one of key, token, tokenDetails, authUrl or authCallback.",
      "Give --key, --token or --auth-url, or set ABLY_API_KEY or ABLY_TOKEN."
    ),
    (
      "Set tls, or use a token. For a service on this machine set allowsBasicAuthOnLoopback and leave the endpoint "
        + "at localhost, 127.0.0.1 or ::1.",
      "Leave --no-tls away, or give --use-token-auth. To a service on this very machine "
        + "--insecure-basic-on-loopback sends the key all the same."
    ),
    (
      "allowsBasicAuthOnLoopback covers this machine only: set tls, or use a token.",
      "--insecure-basic-on-loopback covers this machine only: leave --no-tls away, or give --use-token-auth."
    ),
    (
      "allowsBasicAuthOnLoopback covers this machine only, in fallbackHosts too: set tls, use a token, or leave other "
        + "machines out of fallbackHosts.",
      "--insecure-basic-on-loopback covers this machine only: leave --no-tls away, give --use-token-auth, or name no "
        + "other machine with --fallback-host."
    ),
    (
      "Give a certificate and its key, or listen on 127.0.0.1, or allow it explicitly.",
      "Give --tls-cert and --tls-key, or listen on 127.0.0.1, or allow it by --allow-public-plain-text."
    ),
    (
      "Leave clientId unset. For a token that may take any identity, set defaultTokenParams with the client id '*'.",
      #"Leave --client-id away. For a token that may take any identity: --default-token-params '{"clientId":"*"}'."#
    ),
    (
      "Leave `tls` on, or authenticate with tokens (`useTokenAuth`)",
      "Leave --no-tls away, or give --use-token-auth"
    ),
    ("allowsBasicAuthOnLoopback", "--insecure-basic-on-loopback"),
    ("an authCallback, an authUrl or a key", "--auth-url or --key"),
    ("the authUrl, the authCallback", "what --auth-url names"),
    ("the authUrl or authCallback", "the address of --auth-url"),
    ("Set useTokenAuth", "Give --use-token-auth"),
    ("set queryTime", "give --query-time"),
    ("set ClientOptions.clientId", "give --client-id"),
    ("leave ClientOptions.clientId unset", "leave --client-id away"),
    (", or raise ClientOptions.maxFrameSize", ""),
    (", or give the client a transport that trusts it", ""),
    ("realtimeRequestTimeout", "--realtime-request-timeout"),
    (", or set TokenParams.capability, which does", ""),
    ("those are tls, port and tlsPort", "those are --no-tls, --port and --tls-port"),
    ("the endpoint and the port in ClientOptions", "--endpoint and --port"),
    ("the port in ClientOptions, and tls", "--port and --tls-port, and --no-tls"),
    ("the port in ClientOptions", "--port"),
    ("Check tlsPort in ClientOptions", "Check --tls-port"),
    ("that tlsPort is a port with TLS", "that --tls-port is a port with TLS"),
    ("turn tls off and set port", "give --no-tls and --port"),
    (
      " The `ably-auth` tool also takes ABLY_API_KEY or ABLY_TOKEN from the environment.", ""
    ),
    ("authHeaders", "--auth-header"),
    ("authParams", "--auth-param"),
    ("authURL", "--auth-url"),
    ("ClientOptions.clientId", "--client-id"),
    ("ClientOptions.endpoint", "--endpoint"),
    ("ClientOptions.fallbackHosts", "--fallback-host"),
    ("in ClientOptions", "in --client-id"),
    ("call connect()", "connect"),
  ]
}
