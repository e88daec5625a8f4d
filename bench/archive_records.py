"""Genuinely encrypted records of made-up talk, and a source that gives them out page by page from memory."""

import base64
import json
import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from operator import attrgetter
from random import Random
from typing import Any

from cryptography.hazmat.primitives import padding as block_padding
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from seta.platforms.wecom import ArchiveRecord, MediaChunk, SandboxOpener

RULES, TERMS_PER_RULE = 200, 100
PLANTED_EVERY = 500
CLIENTS, ASSOCIATES = 2_000, 60
FIRST_MS = 1_795_348_800_000

_OPENINGS = ("您好", "陈小姐", "在吗", "好的", "请问", "谢谢您", "没问题", "稍等", "嗯嗯", "收到")
_THINGS = (
    "这条真丝方巾",
    "新到的羊绒围巾",
    "您看中的外套",
    "那款手袋",
    "预约的试穿",
    "蓝色的那件",
    "送给妈妈的礼物",
)
_SAID = (
    "还有您的尺码",
    "今天下午到店",
    "可以帮您留到周六",
    "颜色比照片上深一点",
    "已经为您包好了",
    "需要三到五天寄到",
    "店里现在有现货",
    "搭配白色衬衫很好看",
    "请您看看小程序里的详情",
)
_ENDS = ("", "。", "～", "，您看可以吗？", "😊", "，期待您的光临。", " Grazie!")
# Characters that the made-up talk never has, so that only planted messages are found.
_RARE = "鼍齉龘麤灪爨驫鱻麣籲黷钃鸜虋讟豔"


@dataclass
class LocalArchive:
    """An `ArchiveSource` over records in memory; more may be put in at the end."""

    opener: SandboxOpener
    records: list[ArchiveRecord] = field(default_factory=list)

    def get_chat_data(self, seq: int, limit: int = 1000) -> tuple[ArchiveRecord, ...]:
        """The records after `seq`."""
        start = bisect_right(self.records, seq, key=attrgetter("seq"))
        return tuple(self.records[start : start + limit])

    def media_chunk(self, sdkfileid: str, following: str = "") -> MediaChunk:
        """This talk has no files."""
        raise LookupError(sdkfileid)


def private_pem() -> str:
    """A fresh RSA-2048 key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, none).decode()


def policy_documents() -> dict[str, str]:
    """200 rules of 100 terms each, 134 more that are found by sound too, and a pattern in every tenth rule."""
    random = Random(5)
    return {f"bench{number:03}.yaml": _rule(number, random) for number in range(RULES)}


def planted(number: int) -> str:
    """A text that exactly one of the rules finds."""
    return f"请问{term(number % RULES, 0)}吗"


def term(rule: int, number: int) -> str:
    """A term of a rule: rare characters spell its number, so that no two are alike."""
    code = rule * TERMS_PER_RULE + number
    return "".join(_RARE[(code >> shift) & 15] for shift in (0, 4, 8, 12))


def _rule(number: int, random: Random) -> str:
    words = [term(number, index) for index in range(TERMS_PER_RULE)]
    clauses: list[dict[str, Any]] = [{"terms": {"words": words, "tiers": ["exact", "normalised"]}}]
    if number % 3 == 0:
        sounds = ["".join(random.choices("蛊蚕蝎螯蟹蚌蛭螟", k=5)) + words[0][:1] for _ in range(2)]
        clauses.append(
            {"terms": {"words": sounds, "tiers": ["exact", "normalised", "pinyin"], "min_syllables": 5}}
        )
    if number % 10 == 0:
        clauses.append({"regex": {"pattern": f"zq{number}[0-9]{{6}}", "prefilter": [f"zq{number}"]}})
    examples = {"hit": words[:3], "miss": ["您好", "新款到店", "谢谢"]}
    rule = {
        "id": f"bench.rule{number}",
        "category": "bench",
        "severity": "high",
        "applies": {"sender": ["sa", "client"]},
        "match": {"any": clauses},
        "actions": {"default": "hold", "archive": "flag"},
        "review": {"sla_hours": 4},
        "message_to_sa": {"zh": "请勿", "en": "Do not", "it": "No"},
        "tests": examples,
    }
    return json.dumps({"rules": [rule]}, ensure_ascii=False)


def make_records(pem: str, count: int, *, first: int = 1, seed: int = 1) -> Iterator[ArchiveRecord]:
    """`count` messages between 60 associates and 2,000 clients, sealed as the sandbox seals them."""
    random = Random(seed)
    public = rsa_public(pem)
    for seq in range(first, first + count):
        yield _sealed(public, seq, json.dumps(_message(seq, random), ensure_ascii=False).encode())


def rsa_public(pem: str) -> rsa.RSAPublicKey:
    """The public half of a private key."""
    key = serialization.load_pem_private_key(pem.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key.public_key()


def _message(seq: int, random: Random) -> dict[str, object]:
    client = random.randrange(CLIENTS)
    pair = [f"associate{client % ASSOCIATES:02}", f"wm{client:030}"]
    if random.random() < 0.5:
        pair.reverse()
    text = "".join(map(random.choice, (_OPENINGS, _THINGS, _SAID, _ENDS)))
    if random.random() < 0.3:
        text += "".join(map(random.choice, (_THINGS, _SAID, _ENDS)))
    return {
        "msgid": f"{random.getrandbits(80):020x}_{FIRST_MS + seq * 40}_external",
        "action": "send",
        "from": pair[0],
        "tolist": [pair[1]],
        "roomid": "",
        "msgtime": FIRST_MS + seq * 40,
        "msgtype": "text",
        "text": {"content": planted(seq) if seq % PLANTED_EVERY == 0 else text},
    }


def _sealed(public: rsa.RSAPublicKey, seq: int, plain: bytes) -> ArchiveRecord:
    random_key, iv = base64.b64encode(os.urandom(32)), os.urandom(16)
    padder = block_padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES256(sha256(random_key).digest()), modes.CBC(iv)).encryptor()
    body = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    wrapped = public.encrypt(random_key, padding.PKCS1v15())
    return ArchiveRecord(
        seq, f"m{seq}", 1, base64.b64encode(wrapped).decode(), base64.b64encode(iv + body).decode()
    )


def wrapped_keys(records: Sequence[ArchiveRecord]) -> list[bytes]:
    """The wrapped random keys of records, as bare RSA decrypts them."""
    return [base64.b64decode(record.encrypt_random_key) for record in records]
