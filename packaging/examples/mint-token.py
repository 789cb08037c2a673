#!/usr/bin/env python3
"""Mints tokens for a minichat server from another system, with nothing but
libsodium (python3-nacl): PASETO v4.public, as minichatctl(1) describes it.

    mint-token.py new KEYFILE                     a key; prints its public half
    minichatctl key trust webapp k4.public.... --accounts 'web-*'
    mint-token.py KEYFILE web-ada --days 1        prints a token

A server whose network is not called minichat: --network NAME.
"""
import argparse
import base64
import datetime
import hashlib
import json
import os
import secrets
import sys

from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

HEADER = b"v4.public."


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def pae(*pieces):
    """Pre-authentication encoding: what is signed says where each piece ends."""
    out = len(pieces).to_bytes(8, "little")
    for piece in pieces:
        out += len(piece).to_bytes(8, "little") + piece
    return out


def public_text(public):
    return b"k4.public." + b64(public)


def key_id(public):
    """The PASERK k4.pid: which key it is, for whoever has several."""
    text = b"k4.pid." + public_text(public)
    return b"k4.pid." + b64(hashlib.blake2b(text, digest_size=33).digest())


def new_key(path):
    public, secret = crypto_sign_seed_keypair(secrets.token_bytes(32))
    with open(path, "xb", opener=lambda p, f: os.open(p, f, 0o600)) as file:
        file.write(b"k4.secret." + b64(secret) + b"\n")
    print(public_text(public).decode())


def read_key(path):
    with open(path, encoding="ascii") as file:
        secret = unb64(file.read().strip().removeprefix("k4.secret."))
    return crypto_sign_seed_keypair(secret[:32])


def mint(key, claims, network):
    public, secret = key
    payload = json.dumps(claims, separators=(",", ":")).encode()
    footer = json.dumps({"kid": key_id(public).decode()}).encode()
    implicit = b"minichat:" + network.encode()  # binds it to the network
    message = pae(HEADER, payload, footer, implicit)
    signature = crypto_sign(message, secret)[:64]
    return (HEADER + b64(payload + signature) + b"." + b64(footer)).decode()


def when(days):
    moment = datetime.datetime.now(datetime.timezone.utc)
    moment += datetime.timedelta(days=days)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "new":
        return new_key(sys.argv[2])
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("keyfile")
    parser.add_argument("account")
    parser.add_argument("--days", type=float, default=1)
    parser.add_argument("--network", default="minichat")
    parser.add_argument("--claim", action="append", default=[],
                        metavar="NAME=JSON", help="one more, or another")
    args = parser.parse_args()
    claims = {"sub": args.account, "exp": when(args.days), "iat": when(0),
              "jti": secrets.token_urlsafe(9)}
    for claim in args.claim:
        name, _, value = claim.partition("=")
        claims[name] = json.loads(value)
    print(mint(read_key(args.keyfile), claims, args.network))


if __name__ == "__main__":
    main()
