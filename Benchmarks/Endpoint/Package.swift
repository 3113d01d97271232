// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "EndpointBenchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    // Named, because the folder of a clone may be called anything.
    .package(name: "ably-auth-swift", path: "../..", traits: ["Endpoint"]),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
  ],
  targets: [
    .executableTarget(
      name: "bench-endpoint",
      dependencies: [
        .product(name: "AblyTokenEndpoint", package: "ably-auth-swift"),
        .product(name: "AblyTokens", package: "ably-auth-swift"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: settings)
  ]
)
