"""A scene is where a client came from, written small enough for a QR code."""

import re
from dataclasses import dataclass, fields, replace

SCENE_LENGTH_MAX = 64
"""Official Account string scenes hold 1 to 64 characters (mini program codes only 32)."""

_KEYS = {"campaign": "c", "place": "p", "boutique": "b", "associate": "a", "product": "g"}
_NAMES = {key: name for name, key in _KEYS.items()}
_VALUE = re.compile(r"[0-9A-Za-z_.-]{1,40}\Z")


@dataclass(frozen=True, slots=True)
class Scene:
    """Codes of the campaign, place, boutique, associate and product that a QR code stands for."""

    campaign: str = ""
    place: str = ""
    boutique: str = ""
    associate: str = ""
    product: str = ""

    def encode(self) -> str:
        """The scene as `c=ss27;p=duomo`.

        Raises ValueError when a code has other characters than letters, digits, `_.-`, or when it is too long.
        """
        parts = []
        for field in fields(self):
            value = getattr(self, field.name)
            if not value:
                continue
            if not _VALUE.match(value):
                raise ValueError(f"{field.name} may hold letters, digits and _.- only: {value!r}")
            parts.append(f"{_KEYS[field.name]}={value}")
        text = ";".join(parts)
        if len(text) > SCENE_LENGTH_MAX:
            raise ValueError(f"a scene holds at most {SCENE_LENGTH_MAX} characters: {text!r}")
        return text

    @staticmethod
    def decode(text: str) -> "Scene":
        """Read a scene; whatever is not understood is left out, since anybody can print a QR code."""
        scene = Scene()
        for part in text.removeprefix("qrscene_").split(";"):
            key, _, value = part.partition("=")
            if key in _NAMES and _VALUE.match(value):
                scene = replace(scene, **{_NAMES[key]: value})
        return scene
