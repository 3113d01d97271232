import AblyTokens

let key = try APIKey("consumer.key:a-secret-of-the-fixture")
let capability: Capability = ["chat:*": [.publish, .subscribe]]
let params = TokenParams(ttl: .seconds(600), capability: capability, clientId: "bob")

print(try TokenRequestSigner(key: key).sign(params).jsonText)
for channel in ["chat:lobby", "admin:audit"] {
  print("\(channel): \(capability.allows(.publish, on: channel))")
}
