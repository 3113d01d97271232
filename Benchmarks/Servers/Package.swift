// swift-tools-version: 6.2
import PackageDescription

// Beside the package above, which builds in seconds because it needs AblyTokens alone; this one needs everything, and
// takes minutes.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

func ably(_ name: String) -> Target.Dependency { .product(name: name, package: "ably-auth-swift") }
func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }

let package = Package(
  name: "ServerBenchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    // Named, because the folder of a clone may be called anything.
    .package(name: "ably-auth-swift", path: "../..", traits: ["CommandLine", "Endpoint", "SQLite"]),
    .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
  ],
  targets: [
    .target(name: "CAllocationCount"),
    .target(
      name: "Measuring",
      dependencies: [nio("NIOCore"), nio("NIOHTTP1"), nio("NIOPosix"), nio("NIOWebSocket")],
      swiftSettings: settings),
    .executableTarget(
      name: "bench-client",
      dependencies: [
        "CAllocationCount", "Measuring", ably("AblyAuth"), ably("AblyService"), ably("AblyTokens"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"), nio("NIOCore"), nio("NIOHTTP1"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "bench-endpoint",
      dependencies: [
        ably("AblyTokenEndpoint"), ably("AblyTokens"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "bench-realtime",
      dependencies: [
        "Measuring", ably("AblyAuth"), ably("AblyRealtime"), ably("AblyService"), ably("AblyTokens"),
        nio("NIOCore"), nio("NIOWebSocket"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "bench-service",
      dependencies: [
        "Measuring", ably("AblyTokens"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        nio("NIOCore"), nio("NIOPosix"), nio("NIOWebSocket"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: settings),
  ]
)
