"""Writes rs256.json: a JWKS with one RSA key, and a token that it signed. The key is made by openssl and thrown away."""
import base64, json, pathlib, subprocess, sys, tempfile

def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

with tempfile.TemporaryDirectory() as folder:
    key = f"{folder}/key.pem"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, stderr=subprocess.DEVNULL)
    text = subprocess.run(["openssl", "rsa", "-in", key, "-noout", "-modulus"], check=True, capture_output=True, text=True).stdout
    modulus = bytes.fromhex(text.strip().split("=")[1])
    header = {"alg": "RS256", "typ": "JWT", "kid": "rsa-1"}
    claims = {"sub": "carol", "iss": "https://login.example", "aud": "chat", "exp": 4102444800}
    signed = ".".join(b64(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], check=True, input=signed.encode(), capture_output=True).stdout
    jwks = {"keys": [{"kty": "RSA", "kid": "rsa-1", "use": "sig", "alg": "RS256", "n": b64(modulus), "e": "AQAB"}]}
    vector = {"jwks": jwks, "token": f"{signed}.{b64(signature)}"}
    pathlib.Path(sys.argv[0]).with_name("rs256.json").write_text(json.dumps(vector, indent=1) + "\n")
