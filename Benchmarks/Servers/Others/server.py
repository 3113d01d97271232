"""What one would write with Python's own http server: the same answer, signed in a few lines."""

import base64
import hmac
import http.server
import json
import secrets
import time

NAME, SECRET = "demo00.key000:only-for-this-machine".split(":")
CAPABILITY = json.dumps({"chat:*": ["publish", "subscribe"]}, separators=(",", ":"))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        request = {"keyName": NAME, "ttl": 3600000, "capability": CAPABILITY, "clientId": self.headers["X-User"],
                   "timestamp": int(time.time() * 1000), "nonce": secrets.token_urlsafe(12)}
        text = "".join(f"{value}\n" for value in request.values())
        request["mac"] = base64.b64encode(hmac.digest(SECRET.encode(), text.encode(), "sha256")).decode()
        body = json.dumps(request).encode()
        head = (f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n"
                f"Content-Length: {len(body)}\r\n\r\n")
        self.wfile.write(head.encode() + body)


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """The load ends by cutting its connections."""


server = Server(("127.0.0.1", 0), Handler)
print(json.dumps({"python": server.server_address[1]}), flush=True)
server.serve_forever()
