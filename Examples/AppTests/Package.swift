// swift-tools-version: 6.2
import PackageDescription

// An app that issues tokens, and its tests: `swift test` here needs no network and no account.
let package = Package(
  name: "AppTests",
  platforms: [.macOS(.v15)],
  dependencies: [
    // In your own package: .package(url: "…/ably-auth-swift.git", from: …)
    .package(name: "ably-auth-swift", path: "../..", traits: ["Client", "Server"])
  ],
  targets: [
    .target(name: "App", dependencies: [.product(name: "AblyTokens", package: "ably-auth-swift")]),
    .testTarget(
      name: "AppTests",
      dependencies: ["App", .product(name: "AblyTesting", package: "ably-auth-swift")]),
  ]
)
