// swift-tools-version: 6.2
import PackageDescription

// A package of its own, as the other benchmarks are: it needs the service and SwiftNIO, and minutes to build.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "RealtimeBenchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    // Named, because the folder of a clone may be called anything.
    .package(name: "ably-auth-swift", path: "../..", traits: ["Server"]),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
  ],
  targets: [
    .executableTarget(
      name: "bench-realtime",
      dependencies: [
        .product(name: "AblyAuth", package: "ably-auth-swift"),
        .product(name: "AblyRealtime", package: "ably-auth-swift"),
        .product(name: "AblyService", package: "ably-auth-swift"),
        .product(name: "AblyTokens", package: "ably-auth-swift"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
      ],
      swiftSettings: settings)
  ]
)
