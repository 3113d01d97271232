// What one would write with Node's own http server: the same answer, signed in a few lines.
const http = require("http");
const crypto = require("crypto");
const [name, secret] = "demo00.key000:only-for-this-machine".split(":");
const capability = JSON.stringify({ "chat:*": ["publish", "subscribe"] });

const server = http.createServer((request, response) => {
  const clientId = request.headers["x-user"];
  const timestamp = Date.now();
  const nonce = crypto.randomBytes(12).toString("base64url");
  const text = [name, 3600000, capability, clientId, timestamp, nonce, ""].join("\n");
  const mac = crypto.createHmac("sha256", secret).update(text).digest("base64");
  response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  response.end(JSON.stringify({ keyName: name, ttl: 3600000, capability, clientId, timestamp, nonce, mac }));
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ node: server.address().port })));
