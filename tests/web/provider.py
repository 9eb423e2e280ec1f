"""An OpenID Connect provider to sign in at: what a department's is asked by the app, on loopback.

It knows two people and asks for no password: its page has a link for each. Everything else is as a
real one does it: discovery, a code for one use, proof of the client and of its code (PKCE), a
signed id_token, its keys, signing out.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT: Final = "govhall"
PEOPLE: Final = ("ann", "bob")


class Provider:
    """Who has been given which code, and the key that signs."""

    def __init__(self, address: str) -> None:
        from joserfc.jwk import RSAKey

        self.address = address
        self.client_secret: Final = secrets.token_hex(16)
        self._key = RSAKey.generate_key(2048, parameters={"kid": "first", "use": "sig"})
        self._asked_with: dict[str, tuple[str, Mapping[str, str]]] = {}
        """Code -> who signed in, and what the app had asked for."""

    def secrets_toml(self, app: str) -> str:
        """What whoever runs the app writes, with the lines of the example that ships."""
        values = {
            "redirect_uri": f"{app}/oauth2callback",
            "cookie_secret": secrets.token_hex(32),
            "client_id": CLIENT,
            "client_secret": self.client_secret,
            "server_metadata_url": f"{self.address}/.well-known/openid-configuration",
        }
        return "\n".join(["[auth]", *(f'{name} = "{value}"' for name, value in values.items())])

    def described(self) -> dict[str, Any]:
        """Discovery: where is what."""
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token"}
        places |= {"jwks_uri": "keys", "end_session_endpoint": "leave"}
        return {
            "issuer": self.address,
            **{name: f"{self.address}/{place}" for name, place in places.items()},
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self) -> dict[str, Any]:
        """The public half of the key."""
        return {"keys": [self._key.as_dict(private=False)]}

    def choice(self, query: str) -> str:
        """The page on which somebody signs in."""
        links = (f'<a href="/chosen?{query}&person={name}">{name}</a>' for name in PEOPLE)
        return f"<!doctype html><title>Sign in</title><h1>Sign in</h1>{' '.join(links)}"

    def back(self, asked: Mapping[str, str]) -> str:
        """Where somebody who has signed in is led."""
        code = secrets.token_urlsafe(16)
        self._asked_with[code] = (asked["person"], asked)
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: Mapping[str, str], proof: str) -> dict[str, Any] | None:
        """Tokens for a code, once, for the client that asked; nothing for anybody else."""
        from joserfc import jwt

        person, asked = self._asked_with.pop(form.get("code", ""), ("", {}))
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            not person
            or base64.b64decode(proof.removeprefix("Basic ")).decode()
            != f"{CLIENT}:{self.client_secret}"
            or form["redirect_uri"] != asked["redirect_uri"]
            or base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() != asked["code_challenge"]
        ):
            return None
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": person,
            "nonce": asked["nonce"],
        }
        claims |= {"email": f"{person}@hall.example", "iat": now, "exp": now + 600}
        id_token = jwt.encode({"alg": "RS256", "kid": "first"}, claims, self._key)
        bearer = {"access_token": secrets.token_hex(16), "token_type": "Bearer"}
        return {**bearer, "expires_in": 600, "id_token": id_token}


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        match url.path:
            case "/.well-known/openid-configuration":
                self._answer(json.dumps(self.provider.described()))
            case "/keys":
                self._answer(json.dumps(self.provider.keys()))
            case "/authorize":
                self._answer(self.provider.choice(url.query), "text/html")
            case "/chosen":
                self._lead_to(self.provider.back(asked))
            case "/leave":
                self._lead_to(asked["post_logout_redirect_uri"])
            case _:
                self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        tokens = self.provider.token(form, self.headers.get("Authorization", ""))
        if tokens is None:
            self._answer(json.dumps({"error": "invalid_grant"}), status=400)
        else:
            self._answer(json.dumps(tokens))

    def _answer(self, body: str, kind: str = "application/json", status: int = 200) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _lead_to(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def provide() -> Iterator[Provider]:
    """A provider that serves until the end."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        _Handler.provider = Provider(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield _Handler.provider
        finally:
            server.shutdown()
            thread.join()
