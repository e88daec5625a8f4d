"""The bundle's front page for people, in Chinese, English and Italian: plain HTML without scripts or links out."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

LANGUAGES = ("zh", "en", "it")

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "title": "证据包",
        "house": "品牌",
        "scope": "范围",
        "purpose": "用途",
        "reason": "原因",
        "asked_by": "申请人",
        "approved_by": "批准人",
        "made_at": "生成时间",
        "head": "日志行数与根哈希",
        "key": "公钥",
        "erased": "应客户要求已删除",
        "disposed": "保存期满已销毁",
        "line": "日志行",
        "sa": "导购",
        "client": "客户",
        "how": "在任何安装了 Seta 的电脑上运行以下命令即可校验，无需数据库或网络：",
        "limit": "本页仅供阅读；以 messages.jsonl 或 log.jsonl 及其证明为准。",
    },
    "en": {
        "title": "Evidence bundle",
        "house": "House",
        "scope": "Scope",
        "purpose": "Purpose",
        "reason": "Reason",
        "asked_by": "Asked by",
        "approved_by": "Approved by",
        "made_at": "Made at",
        "head": "Lines of the log and root hash",
        "key": "Public key",
        "erased": "Erased at the client's wish",
        "disposed": "Destroyed at the end of its retention",
        "line": "Line of the log",
        "sa": "Associate",
        "client": "Client",
        "how": "To check it, run this on any computer with Seta; no database and no network are needed:",
        "limit": "This page is for reading; messages.jsonl or log.jsonl and their proofs decide.",
    },
    "it": {
        "title": "Fascicolo probatorio",
        "house": "Casa",
        "scope": "Ambito",
        "purpose": "Scopo",
        "reason": "Motivo",
        "asked_by": "Chiesto da",
        "approved_by": "Approvato da",
        "made_at": "Creato il",
        "head": "Righe del registro e hash radice",
        "key": "Chiave pubblica",
        "erased": "Cancellato su richiesta del cliente",
        "disposed": "Distrutto al termine della conservazione",
        "line": "Riga del registro",
        "sa": "Consulente",
        "client": "Cliente",
        "how": "Per verificarlo, esegui questo su un computer con Seta; non servono database né rete:",
        "limit": "Questa pagina serve a leggere; fanno fede messages.jsonl o log.jsonl e le loro prove.",
    },
}
_STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#16130f}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1rem}dt{color:#6b6258}dd{margin:0;"
    "overflow-wrap:anywhere}ol{list-style:none;padding:0}li{border-top:1px solid #e4ddd2;padding:.6rem 0}"
    "small{color:#6b6258;display:block}p.text{margin:.2rem 0;white-space:pre-wrap;overflow-wrap:anywhere}"
    "code{background:#f4efe6;padding:.1rem .3rem}"
)
_FACTS = ("house", "scope", "purpose", "reason", "asked_by", "approved_by", "made_at", "head", "key")


def page(facts: Mapping[str, str], rows: Iterable[Mapping[str, Any]], language: str) -> Iterator[bytes]:
    """The page in pieces; `rows` are messages with seq, state, record and media. It never opens a file by itself."""
    words = _WORDS[language]
    tag = {"zh": "zh-Hans"}.get(language, language)
    head = f'<!doctype html><html lang="{tag}"><head><meta charset="utf-8">'
    policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"{head}{policy}<title>{words['title']}</title><style>{_STYLE}</style></head><body>".encode()
    yield f"<h1>{words['title']}</h1><dl>".encode()
    for name in _FACTS:
        yield f"<dt>{words[name]}</dt><dd>{escape(facts.get(name, ''))}</dd>".encode()
    yield f"</dl><p>{words['how']} <code>seta archive verify BUNDLE.zip</code></p><ol>".encode()
    for row in rows:
        yield _item(row, words).encode()
    yield f"</ol><p><small>{words['limit']}</small></p></body></html>".encode()


def _item(row: Mapping[str, Any], words: Mapping[str, str]) -> str:
    record, state = row["record"], row["state"]
    line = f"{words['line']} {row['seq']}"
    if state != "open":
        return f"<li><small>{line}</small><p class=text><em>{words[state]}</em></p></li>"
    who = words.get(record["sender_role"], record["sender_role"])
    name = record["associate"] if record["sender_role"] == "sa" else record["client"]
    told = f"{escape(record['sent_at'])} · {who} {escape(name)} · {escape(record['kind'])} · {line}"
    files = "".join(
        f"<small>{escape(each['name'])} · {each['bytes']} B · <code>media/{escape(each['sha256'])}</code></small>"
        for each in row.get("media", ())
    )
    return f"<li><small>{told}</small><p class=text>{escape(record['text'])}</p>{files}</li>"
