// swift-tools-version: 6.2
import PackageDescription

// Traits decide which packages are resolved, targets decide what is imported. Somebody who only signs
// writes `traits: []` and resolves swift-crypto and its one dependency, nothing else.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let client: TargetDependencyCondition? = .when(traits: ["Client"])
let server: TargetDependencyCondition? = .when(traits: ["Server"])
let sqlite: TargetDependencyCondition? = .when(traits: ["SQLite"])
let postgres: TargetDependencyCondition? = .when(traits: ["Postgres"])
let endpoint: TargetDependencyCondition? = .when(traits: ["Endpoint"])
let tool: TargetDependencyCondition? = .when(traits: ["CommandLine"])

let package = Package(
  name: "ably-auth-swift",
  platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
  products: [
    .library(name: "AblyTokens", targets: ["AblyTokens"]),
    .library(name: "AblyAuth", targets: ["AblyAuth", "AblyTokens", "AblyWire"]),
    .library(
      name: "AblyRealtime", targets: ["AblyRealtime", "AblyAuth", "AblyTokens", "AblyWire"]),
    .library(name: "AblyService", targets: ["AblyService", "AblyTokens"]),
    .library(name: "AblySQLite", targets: ["AblySQLite", "AblyService", "AblyTokens"]),
    .library(name: "AblyPostgres", targets: ["AblyPostgres", "AblyService", "AblyTokens"]),
    .library(
      name: "AblyTesting",
      targets: ["AblyTesting", "AblyRealtime", "AblyAuth", "AblyService", "AblyTokens"]),
    .library(name: "AblyTokenEndpoint", targets: ["AblyTokenEndpoint", "AblyTokens"]),
    .executable(name: "ably-auth", targets: ["ably-auth"]),
  ],
  traits: [
    .trait(name: "Client", description: "AblyAuth's HTTP client (async-http-client)."),
    .trait(name: "Server", description: "AblyService's HTTP front (hummingbird).", enabledTraits: ["Client"]),
    .trait(name: "SQLite", description: "AblySQLite's store on disk (GRDB).", enabledTraits: ["Server"]),
    .trait(
      name: "Postgres", description: "AblyPostgres's store for many nodes (libpq, a system library).",
      enabledTraits: ["Server"]),
    .trait(
      name: "Endpoint", description: "AblyTokenEndpoint (hummingbird, jwt-kit, Yams).",
      enabledTraits: ["Client"]),
    .trait(
      name: "CommandLine", description: "The ably-auth tool (swift-argument-parser, swift-configuration).",
      enabledTraits: ["Client", "Server", "SQLite", "Endpoint"]),
    .default(enabledTraits: ["Client", "Server", "SQLite", "Endpoint", "CommandLine"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.7.3"),
    .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0"),
    .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.1"),
  ],
  targets: [
    .systemLibrary(name: "CSystemRandom"),
    .target(
      name: "AblyTokens",
      dependencies: ["CSystemRandom", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: settings),
    .target(name: "AblyWire", dependencies: ["AblyTokens"], swiftSettings: settings),
    .target(
      name: "AblyAuth",
      dependencies: [
        "AblyTokens", "AblyWire",
        .product(name: "AsyncHTTPClient", package: "async-http-client", condition: client),
        .product(name: "HTTPTypes", package: "swift-http-types", condition: client),
        .product(name: "Logging", package: "swift-log", condition: client),
        .product(name: "Metrics", package: "swift-metrics", condition: client),
        .product(name: "NIOCore", package: "swift-nio", condition: client),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: client),
        .product(name: "NIOPosix", package: "swift-nio", condition: client),
        .product(name: "NIOSSL", package: "swift-nio-ssl", condition: client),
        .product(name: "Tracing", package: "swift-distributed-tracing", condition: client),
      ],
      swiftSettings: settings),
    .target(
      name: "AblyRealtime",
      dependencies: [
        "AblyAuth", "AblyTokens", "AblyWire",
        .product(name: "HTTPTypes", package: "swift-http-types", condition: client),
        .product(name: "Logging", package: "swift-log", condition: client),
        .product(name: "Metrics", package: "swift-metrics", condition: client),
        .product(name: "NIOCore", package: "swift-nio", condition: client),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: client),
        .product(name: "NIOPosix", package: "swift-nio", condition: client),
        .product(name: "NIOSSL", package: "swift-nio-ssl", condition: client),
        .product(name: "NIOWebSocket", package: "swift-nio", condition: client),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: client),
        .product(name: "Tracing", package: "swift-distributed-tracing", condition: client),
      ],
      swiftSettings: settings),
    .target(
      name: "AblyService",
      dependencies: [
        "AblyTokens", "AblyWire",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HTTPTypes", package: "swift-http-types", condition: server),
        .product(name: "HummingbirdCore", package: "hummingbird", condition: server),
        .product(name: "HummingbirdTLS", package: "hummingbird", condition: server),
        .product(name: "Logging", package: "swift-log", condition: server),
        .product(name: "NIOCore", package: "swift-nio", condition: server),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: server),
        .product(name: "NIOPosix", package: "swift-nio", condition: server),
        .product(name: "NIOSSL", package: "swift-nio-ssl", condition: server),
        .product(name: "NIOWebSocket", package: "swift-nio", condition: server),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: server),
      ],
      swiftSettings: settings),
    .target(
      name: "AblySQLite",
      dependencies: [
        "AblyService", "AblyTokens",
        .product(name: "GRDB", package: "GRDB.swift", condition: sqlite),
        .product(name: "Logging", package: "swift-log", condition: sqlite),
      ],
      swiftSettings: settings),
    .systemLibrary(
      name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
    .target(
      name: "AblyPostgres",
      dependencies: [
        "AblyService", "AblyTokens", .target(name: "CLibPQ", condition: postgres),
        .product(name: "NIOPosix", package: "swift-nio", condition: postgres),
      ],
      swiftSettings: settings),
    .target(
      name: "AblyTesting",
      dependencies: [
        "AblyAuth", "AblyRealtime", "AblyService", "AblyTokens", "AblyWire",
        .product(name: "HTTPTypes", package: "swift-http-types", condition: server),
        .product(name: "Logging", package: "swift-log", condition: server),
      ],
      swiftSettings: settings),
    .target(
      name: "AblyTokenEndpoint",
      dependencies: [
        "AblyTokens",
        .product(name: "AsyncHTTPClient", package: "async-http-client", condition: endpoint),
        .product(name: "HTTPTypes", package: "swift-http-types", condition: endpoint),
        .product(name: "Hummingbird", package: "hummingbird", condition: endpoint),
        .product(name: "HummingbirdCore", package: "hummingbird", condition: endpoint),
        .product(name: "HummingbirdTLS", package: "hummingbird", condition: endpoint),
        .product(name: "JWTKit", package: "jwt-kit", condition: endpoint),
        .product(name: "Logging", package: "swift-log", condition: endpoint),
        .product(name: "Metrics", package: "swift-metrics", condition: endpoint),
        .product(name: "NIOCore", package: "swift-nio", condition: endpoint),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: endpoint),
        .product(name: "NIOPosix", package: "swift-nio", condition: endpoint),
        .product(name: "NIOSSL", package: "swift-nio-ssl", condition: endpoint),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: endpoint),
        .product(name: "Tracing", package: "swift-distributed-tracing", condition: endpoint),
        .product(name: "Yams", package: "Yams", condition: endpoint),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "ably-auth",
      dependencies: [
        "AblyAuth", "AblyRealtime", "AblyService", "AblySQLite", "AblyTokenEndpoint", "AblyTokens",
        "AblyWire",
        .target(name: "AblyPostgres", condition: postgres),
        .product(name: "ArgumentParser", package: "swift-argument-parser", condition: tool),
        .product(name: "Configuration", package: "swift-configuration", condition: tool),
        .product(name: "HTTPTypes", package: "swift-http-types", condition: tool),
        .product(name: "Logging", package: "swift-log", condition: tool),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: tool),
        .product(name: "UnixSignals", package: "swift-service-lifecycle", condition: tool),
      ],
      resources: [.embedInCode("Console/Page")], swiftSettings: settings),
    .target(
      name: "TestSupport",
      dependencies: [
        "AblyService", "AblyTokens", "AblyWire",
        .product(name: "AsyncHTTPClient", package: "async-http-client", condition: client),
        .product(name: "NIOCore", package: "swift-nio", condition: client),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: client),
        .product(name: "NIOPosix", package: "swift-nio", condition: client),
        .product(name: "NIOSSL", package: "swift-nio-ssl", condition: client),
      ],
      path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(
      name: "AblyTokensTests",
      dependencies: ["AblyTokens", "TestSupport", .product(name: "Crypto", package: "swift-crypto")],
      resources: [.copy("Vectors")], swiftSettings: settings),
    .testTarget(
      name: "AblyWireTests", dependencies: ["AblyTokens", "AblyWire", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "AblyServiceTests",
      dependencies: [
        "AblyService", "AblyTokens", "AblyWire", "TestSupport",
        .product(name: "AsyncHTTPClient", package: "async-http-client", condition: client),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log", condition: server),
        .product(name: "NIOCore", package: "swift-nio", condition: server),
        .product(name: "NIOEmbedded", package: "swift-nio", condition: server),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: server),
        .product(name: "NIOPosix", package: "swift-nio", condition: server),
        .product(name: "NIOSSL", package: "swift-nio-ssl", condition: server),
        .product(name: "NIOWebSocket", package: "swift-nio", condition: server),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: server),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "AblyAuthTests",
      dependencies: [
        "AblyAuth", "AblyService", "AblyTesting", "AblyTokens", "AblyWire", "TestSupport",
        .product(name: "HTTPTypes", package: "swift-http-types", condition: client),
        .product(name: "InMemoryTracing", package: "swift-distributed-tracing", condition: client),
        .product(name: "Logging", package: "swift-log", condition: client),
        .product(name: "Metrics", package: "swift-metrics", condition: client),
        .product(name: "MetricsTestKit", package: "swift-metrics", condition: client),
        .product(name: "NIOCore", package: "swift-nio", condition: client),
        .product(name: "NIOPosix", package: "swift-nio", condition: client),
        .product(name: "Tracing", package: "swift-distributed-tracing", condition: client),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "AblyRealtimeTests",
      dependencies: [
        "AblyAuth", "AblyRealtime", "AblyService", "AblyTesting", "AblyTokens", "AblyWire",
        "TestSupport",
        .product(name: "HTTPTypes", package: "swift-http-types", condition: client),
        .product(name: "Logging", package: "swift-log", condition: client),
        .product(name: "NIOCore", package: "swift-nio", condition: client),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: client),
        .product(name: "NIOPosix", package: "swift-nio", condition: client),
        .product(name: "NIOSSL", package: "swift-nio-ssl", condition: client),
        .product(name: "NIOWebSocket", package: "swift-nio", condition: client),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: client),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "AblySQLiteTests",
      dependencies: [
        "AblyService", "AblySQLite", "AblyTesting", "AblyTokens", "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift", condition: sqlite),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "AblyPostgresTests",
      dependencies: [
        "AblyPostgres", "AblyRealtime", "AblyService", "AblyTesting", "AblyTokens", "AblyWire", "TestSupport",
        .target(name: "ably-auth", condition: postgres),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "AblyTokenEndpointTests",
      dependencies: [
        "AblyTesting", "AblyTokenEndpoint", "AblyTokens", "TestSupport",
        .product(name: "AsyncHTTPClient", package: "async-http-client", condition: endpoint),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HTTPTypes", package: "swift-http-types", condition: endpoint),
        .product(name: "Hummingbird", package: "hummingbird", condition: endpoint),
        .product(name: "InMemoryTracing", package: "swift-distributed-tracing", condition: endpoint),
        .product(name: "JWTKit", package: "jwt-kit", condition: endpoint),
        .product(name: "Logging", package: "swift-log", condition: endpoint),
        .product(name: "NIOCore", package: "swift-nio", condition: endpoint),
        .product(name: "NIOEmbedded", package: "swift-nio", condition: endpoint),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: endpoint),
        .product(name: "NIOPosix", package: "swift-nio", condition: endpoint),
        .product(name: "NIOSSL", package: "swift-nio-ssl", condition: endpoint),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: endpoint),
        .product(name: "Tracing", package: "swift-distributed-tracing", condition: endpoint),
      ],
      resources: [.copy("Vectors")], swiftSettings: settings),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "AblyAuth", "AblyRealtime", "AblyService", "AblyTokens", "AblyWire", "TestSupport", "ably-auth",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "AblyTestingTests",
      dependencies: [
        "AblyAuth", "AblyRealtime", "AblyService", "AblyTesting", "AblyTokens", "AblyWire", "TestSupport",
        .product(name: "HTTPTypes", package: "swift-http-types", condition: server),
        .product(name: "Logging", package: "swift-log", condition: server),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "DocumentationTests",
      dependencies: [
        "AblyAuth", "AblyRealtime", "AblyService", "AblyTesting", "AblyTokenEndpoint", "AblyTokens",
        "AblyWire",
        .product(name: "HTTPTypes", package: "swift-http-types", condition: endpoint),
        .product(name: "Hummingbird", package: "hummingbird", condition: endpoint),
      ],
      swiftSettings: settings),
  ]
)

// For `make docs` alone: nobody else resolves it.
if Context.environment["ABLY_DOCS"] != nil {
  package.dependencies.append(
    .package(url: "https://github.com/swiftlang/swift-docc-plugin.git", from: "1.5.0"))
}
