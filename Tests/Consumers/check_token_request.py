"""Checks what Tests/Consumers/TokensOnly prints, with nothing of the package's own.

The first line is a token request, whose MAC is computed again here from the rule in Ably's documentation;
the second and third are a capability's answers.
"""

import base64
import hashlib
import hmac
import json
import sys

KEY_NAME, KEY_SECRET = "consumer.key", "a-secret-of-the-fixture"
SIGNED = ("keyName", "ttl", "capability", "clientId", "timestamp", "nonce")


def main():
    request_line, *answers = sys.stdin.read().splitlines()
    request = json.loads(request_line)
    if request["keyName"] != KEY_NAME:
        sys.exit("the token request names another key")
    if len(request["nonce"]) < 16:
        sys.exit("the nonce is shorter than 16 characters")
    text = "".join(f"{request.get(name, '')}\n" for name in SIGNED)
    mac = hmac.new(KEY_SECRET.encode(), text.encode(), hashlib.sha256).digest()
    if base64.b64encode(mac).decode() != request["mac"]:
        sys.exit("the MAC of the token request is wrong")
    if answers != ["chat:lobby: true", "admin:audit: false"]:
        sys.exit(f"the capability answered {answers}")
    print("token request verified, capability evaluated")


main()
