"""Bech32, the spelling of age identities: the one thing of age that pyrage cannot take as bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_ALPHABET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_AGE_IDENTITY: Final = "age-secret-key-"


def age_identity_text(scalar: bytes) -> str:
    """Spell 32 secret bytes as an age X25519 identity."""
    return encode(_AGE_IDENTITY, scalar).upper()


def encode(prefix: str, data: bytes) -> str:
    """Encode bytes under a lower-case prefix (BIP 173, without its length limit, as age has it)."""
    values = list(_five_bits(data))
    expanded = [ord(each) >> 5 for each in prefix] + [0] + [ord(each) & 31 for each in prefix]
    rest = _checksum([*expanded, *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [(rest >> 5 * (5 - place)) & 31 for place in range(6)]
    return f"{prefix}1" + "".join(_ALPHABET[value] for value in values)


def _five_bits(data: bytes) -> Iterable[int]:
    number, bits = 0, 0
    for byte in data:
        number, bits = (number << 8 | byte) & 0xFFF, bits + 8
        while bits >= 5:
            bits -= 5
            yield (number >> bits) & 31
    if bits:
        yield (number << (5 - bits)) & 31


def _checksum(values: Iterable[int]) -> int:
    rest = 1
    for value in values:
        top = rest >> 25
        rest = (rest & 0x1FFFFFF) << 5 ^ value
        for place, factor in enumerate(_GENERATOR):
            rest ^= factor if (top >> place) & 1 else 0
    return rest
