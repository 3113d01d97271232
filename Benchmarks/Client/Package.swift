// swift-tools-version: 6.2
import PackageDescription

// Beside the package above, which builds in seconds because it needs AblyTokens alone.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "ClientBenchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    // Named, because the folder of a clone may be called anything.
    .package(name: "ably-auth-swift", path: "../..", traits: ["Server"]),
    .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
  ],
  targets: [
    .target(name: "CAllocationCount"),
    .executableTarget(
      name: "bench-client",
      dependencies: [
        "CAllocationCount",
        .product(name: "AblyAuth", package: "ably-auth-swift"),
        .product(name: "AblyService", package: "ably-auth-swift"),
        .product(name: "AblyTokens", package: "ably-auth-swift"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: settings),
  ]
)
