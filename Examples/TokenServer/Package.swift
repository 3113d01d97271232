// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "TokenServer",
  platforms: [.macOS(.v15)],
  dependencies: [
    // Yours would say: .package(url: …, from: …, traits: ["Endpoint"])
    .package(name: "ably-auth-swift", path: "../..", traits: ["Endpoint"]),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
  ],
  targets: [
    .target(
      name: "TokenServer",
      dependencies: [
        .product(name: "AblyTokenEndpoint", package: "ably-auth-swift"),
        .product(name: "AblyTokens", package: "ably-auth-swift"),
        .product(name: "Hummingbird", package: "hummingbird"),
      ]),
    .executableTarget(
      name: "token-server",
      dependencies: ["TokenServer", .product(name: "Hummingbird", package: "hummingbird")]),
    .testTarget(
      name: "TokenServerTests",
      dependencies: [
        "TokenServer", .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "AblyTokens", package: "ably-auth-swift"),
      ]),
  ]
)
