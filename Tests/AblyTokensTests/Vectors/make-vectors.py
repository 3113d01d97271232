#!/usr/bin/env python3
"""Makes token-requests.json and jwts.json beside this file, with nothing but the standard library.

The vectors are an independent witness: this script shares no line with the Swift code, only the protocol.
Run it again after a change and look at the difference; the tests read the two files.
"""

import base64
import hashlib
import hmac
import json
import pathlib

HERE = pathlib.Path(__file__).parent
KEY = "vec7or.k3yNam:Pq4sT0uV-wXyZ_abcdefGHIJKLmnop0123456789AB"
NAME, SECRET = KEY.split(":", 1)


def mac(text):
    return base64.b64encode(hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest()).decode()


def token_request(case, note, ttl=None, capability=None, clientId=None, timestamp=1731234567890,
                  nonce="nonce-0123456789abcdef", extra="", order=None, raw=None):
    """`raw` gives the JSON spelling of members whose literal text is the point of the case."""
    raw = raw or {}
    def literal(name, value):
        if name in raw:
            spelt = raw[name]
            return json.loads(spelt) if spelt.startswith('"') else ("" if spelt == "null" else spelt)
        return "" if value is None else str(value)
    fields = {"keyName": NAME, "ttl": ttl, "capability": capability, "clientId": clientId,
              "timestamp": timestamp, "nonce": nonce}
    text = "".join(literal(name, value) + "\n" for name, value in fields.items())
    members = [f"{json.dumps(name)}:{raw.get(name, json.dumps(value, ensure_ascii=False))}"
               for name, value in fields.items() if value is not None or name in raw]
    members.append(f'"mac":{json.dumps(mac(text))}')
    if order:
        members.sort(key=lambda member: order.index(member.split('"')[1]))
    body = "{" + ",".join(members) + extra + "}"
    return {"case": case, "note": note, "params": {k: v for k, v in fields.items() if v is not None and k != "keyName"},
            "literal": sorted(raw), "body": body, "text": text, "mac": mac(text)}


CAP = '{"chat:*":["publish","subscribe"]}'
REQUESTS = [
    token_request("full", "every value given", 3600000, CAP, "bob"),
    token_request("bare", "ttl, capability and clientId absent"),
    token_request("no-ttl", "ttl absent", None, CAP, "bob"),
    token_request("no-capability", "capability absent", 60000, None, "bob"),
    token_request("no-clientId", "clientId absent", 60000, CAP),
    token_request("ttl-zero", "a ttl of 0 is a value, not an absence", 0, CAP, "bob"),
    token_request("ttl-one", "the shortest ttl", 1, CAP, "bob"),
    token_request("ttl-day", "24 hours", 86400000, CAP, "bob"),
    token_request("wildcard", "clientId *", 60000, CAP, "*"),
    token_request("unicode", "clientId outside ASCII and outside the basic plane", 60000, CAP, "Zoë-日本-🙂"),
    token_request("html", "characters that some JSON writers escape", 60000, '{"a<b>&\'=/":["publish"]}', '<a>&"\\\u2028/'),
    token_request("tab", "a control character in the clientId", 60000, CAP, "a\tb\x01"),
    token_request("unsorted", "capability text kept as given", 60000, '{"z": ["subscribe", "publish"], "a:*":["presence"]}', "bob"),
    token_request("empty-object", "a capability that grants nothing", 60000, "{}", "bob"),
    token_request("duplicates", "an operation twice", 60000, '{"a":["publish","publish","*"]}', "bob"),
    token_request("long", "a clientId of 2000 characters", 60000, CAP, "x" * 2000),
    token_request("digits", "a nonce of 16 digits, as official clients make", 60000, CAP, "bob", nonce="7275636800328681"),
    token_request("nulls", "absent values sent as null", None, None, None,
                  raw={"ttl": "null", "capability": "null", "clientId": "null"}),
    token_request("quoted", "numbers sent as strings", 60000, CAP, "bob",
                  raw={"ttl": '"60000"', "timestamp": '"1731234567890"'}),
    token_request("float", "a ttl that a server wrote with a fraction", 60000, CAP, "bob", raw={"ttl": "60000.0"}),
    token_request("exponent", "a ttl in exponent form", 60000, CAP, "bob", raw={"ttl": "6e4"}),
    token_request("escapes", "a clientId spelt with escapes", 60000, CAP, "é/🙂",
                  raw={"clientId": '"\\u00e9\\/\\ud83d\\ude42"'}),
    token_request("unknown", "a member nobody knows, and another order", 60000, CAP, "bob", extra=',"future":{"a":[1]}',
                  order=["mac", "nonce", "timestamp", "clientId", "capability", "ttl", "keyName"]),
]


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwt(case, note, claims, header=None, secret=SECRET, tamper=None):
    header = header if header is not None else {"typ": "JWT", "alg": "HS256", "kid": NAME}
    signed = ".".join(b64url(json.dumps(part, separators=(",", ":"), ensure_ascii=False).encode())
                      for part in (header, claims))
    digest = {"HS384": hashlib.sha384, "HS512": hashlib.sha512}.get(header.get("alg"), hashlib.sha256)
    signature = b"" if header.get("alg") == "none" else hmac.new(secret.encode(), signed.encode(), digest).digest()
    token = signed + "." + b64url(signature)
    return {"case": case, "note": note, "token": tamper(token) if tamper else token, "claims": claims}


NOW = 1731234567
HOUR = {"iat": NOW, "exp": NOW + 3600}
GOOD = [
    jwt("bare", "iat and exp alone", HOUR),
    jwt("full", "every claim", {**HOUR, "x-ably-capability": CAP, "x-ably-clientId": "bob",
                                "x-ably-revocation-key": "team-7", "ably.channel.chat:lobby": "moderator",
                                "ably.channel.chat:*": '{"role":"guest"}',
                                "ably.limits.publish.perAttachment.maxRate.chat:*": 10}),
    jwt("wildcard", "any identity", {**HOUR, "x-ably-clientId": "*"}),
    jwt("unicode", "claims outside ASCII", {**HOUR, "x-ably-clientId": "Zoë-日本-🙂"}),
    jwt("fraction", "iat and exp with a fraction", {"iat": NOW + 0.25, "exp": NOW + 3600.5}),
    jwt("foreign", "claims of others are ignored", {**HOUR, "sub": "bob", "aud": ["x"], "nested": {"a": 1}}),
    jwt("no-typ", "a header without typ", HOUR, header={"alg": "HS256", "kid": NAME}),
    jwt("day", "24 hours", {"iat": NOW, "exp": NOW + 86400}),
]
BAD = [
    jwt("none", "alg none without a signature", HOUR, header={"alg": "none", "kid": NAME}),
    jwt("None", "alg None with a right HS256 signature", HOUR, header={"alg": "None", "kid": NAME}),
    jwt("hs384", "HS384 under the right secret", HOUR, header={"alg": "HS384", "kid": NAME}),
    jwt("hs512", "HS512 under the right secret", HOUR, header={"alg": "HS512", "kid": NAME}),
    jwt("rs256", "RS256 named, signed with the secret", HOUR, header={"alg": "RS256", "kid": NAME}),
    jwt("lower", "hs256 in lower case", HOUR, header={"alg": "hs256", "kid": NAME}),
    jwt("no-alg", "no algorithm", HOUR, header={"kid": NAME}),
    jwt("no-kid", "no key name", HOUR, header={"alg": "HS256"}),
    jwt("other-kid", "another key's name", HOUR, header={"alg": "HS256", "kid": "vec7or.other"}),
    jwt("crit", "an extension that must be understood", HOUR, header={"alg": "HS256", "kid": NAME, "crit": ["b64"]}),
    jwt("secret", "another secret", HOUR, secret="another"),
    jwt("unsigned", "the signature cut off", HOUR, tamper=lambda t: t.rsplit(".", 1)[0] + "."),
    jwt("short", "the signature cut short", HOUR, tamper=lambda t: t[:-4]),
    jwt("two-parts", "no signature part", HOUR, tamper=lambda t: t.rsplit(".", 1)[0]),
    jwt("five-parts", "an encrypted form", HOUR, tamper=lambda t: t + ".a.b"),
    jwt("padding", "base64 padding", HOUR, tamper=lambda t: t + "="),
    jwt("claims", "claims changed after signing", HOUR, tamper=lambda t: ".".join(
        [t.split(".")[0], b64url(json.dumps({**HOUR, "x-ably-clientId": "eve"}).encode()), t.split(".")[2]])),
    jwt("no-iat", "iat missing", {"exp": NOW + 3600}),
    jwt("no-exp", "exp missing", {"iat": NOW}),
    jwt("text-exp", "exp as text", {"iat": NOW, "exp": str(NOW + 3600)}),
    jwt("backwards", "exp before iat", {"iat": NOW, "exp": NOW - 1}),
    jwt("instant", "exp equal to iat", {"iat": NOW, "exp": NOW}),
    jwt("long", "a second over 24 hours", {"iat": NOW, "exp": NOW + 86401}),
    jwt("huge", "times that overflow", {"iat": -1e300, "exp": 1e300}),
    jwt("future", "issued in an hour", {"iat": NOW + 3600, "exp": NOW + 7200}),
    jwt("capability", "a capability that is not one", {**HOUR, "x-ably-capability": '{"a":["fly"]}'}),
    jwt("capability-object", "a capability that is not text", {**HOUR, "x-ably-capability": {"a": ["publish"]}}),
    jwt("clientId", "a clientId that is a number", {**HOUR, "x-ably-clientId": 7}),
    jwt("clientId-star", "a * beside other characters", {**HOUR, "x-ably-clientId": "b*b"}),
    jwt("rate", "a publish rate that is text", {**HOUR, "ably.limits.publish.perAttachment.maxRate.*": "10"}),
    jwt("array", "claims that are not an object", [1, 2]),
]

(HERE / "token-requests.json").write_text(
    json.dumps({"key": KEY, "requests": REQUESTS}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
(HERE / "jwts.json").write_text(
    json.dumps({"key": KEY, "now": NOW, "valid": GOOD, "invalid": BAD}, indent=1, ensure_ascii=False) + "\n",
    encoding="utf-8")
