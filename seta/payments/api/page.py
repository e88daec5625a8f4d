"""The API's own page, written from its OpenAPI schema: what to send, what comes back, and lines to try it with."""

import json
import shlex
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from ninja import NinjaAPI

from seta.payments.api import answers
from seta.payments.api.examples import TITLES
from seta.payments.rules import refusals, till
from seta.webhooks.rules import catalogue, schedule

PREFIX = "/api/till/v1"
NAMES = {**{name: name for name in TITLES}, "give_back": "refund"}
SAID = ("scope_missing", "too_many_requests", "key_too_long", "bad_cursor")


def docs_page(api: NinjaAPI) -> Callable[[HttpRequest], HttpResponse]:
    """A view of the page of this API; it needs no sign-in, no script and nothing from elsewhere."""

    @require_GET
    def docs(request: HttpRequest) -> HttpResponse:
        schema = json.loads(json.dumps(api.get_openapi_schema(path_prefix=f"{PREFIX}/"), default=str))
        context = {
            "base": settings.PUBLIC_URL + PREFIX,
            "version": schema["openapi"],
            "operations": operations(schema),
            "refusals": _refusals(),
            "scopes": till.SCOPES,
            "limits": till,
            "facts": catalogue.CATALOGUE,
            "waits": ["at once", *(_span(wait.total_seconds()) for wait in schedule.RETRY_AFTER)],
            "sample": _pretty(json.loads(_sample_fact())),
        }
        return render(request, "payments/till_docs.html", context)

    return docs


def operations(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each operation with its fields, its answer and its examples, in the order of the doors."""
    found = []
    for path, methods in schema["paths"].items():
        for method, entry in methods.items():
            name = NAMES[entry["operationId"].removeprefix("seta_payments_api_doors_")]
            body = entry.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            done = next(status for status in entry["responses"] if str(status).startswith("2"))
            answer = entry["responses"][done]["content"]["application/json"]["schema"]
            found.append(
                {
                    "id": name,
                    "title": entry["summary"],
                    "method": method.upper(),
                    "path": path,
                    "words": entry.get("description", ""),
                    "parameters": [_parameter(one) for one in entry.get("parameters", [])],
                    "fields": _fields(schema, body) if body else [],
                    "status": done,
                    "answer": _fields(schema, answer),
                    "examples": [_shown(one) for one in entry.get("x-examples", [])],
                }
            )
    return sorted(found, key=lambda one: list(TITLES).index(one["id"]))


def curl(example: Mapping[str, Any], base: str) -> str:
    """The command line that sends an example; $KEY is the till's key."""
    parts = [f"curl -X {example['method']} {shlex.quote(base + example['path'])}"]
    parts.append('-H "Authorization: Bearer $KEY"')
    if example["key"]:
        parts.append(f"-H {shlex.quote('Idempotency-Key: ' + example['key'])}")
    if example["body"] is not None:
        parts.append("-H 'Content-Type: application/json'")
        parts.append(f"-d {shlex.quote(json.dumps(example['body'], ensure_ascii=False))}")
    return " \\\n  ".join(parts)


def _shown(example: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": example["title"],
        "curl": curl(example, settings.PUBLIC_URL + PREFIX),
        "status": example["status"],
        "shows": _pretty(example["shows"]) if example["shows"] else "",
    }


def _parameter(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": entry["name"],
        "where": entry["in"],
        "kind": _kind(entry["schema"]),
        "words": entry["schema"].get("description", entry.get("description", "")),
        "is_needed": entry.get("required", False),
    }


def _fields(schema: Mapping[str, Any], reference: Mapping[str, Any]) -> list[dict[str, Any]]:
    name = reference.get("$ref", "").rsplit("/", 1)[-1]
    found = schema["components"]["schemas"].get(name, {})
    needed = found.get("required", [])
    return [
        {
            "name": field,
            "kind": _kind(entry),
            "words": entry.get("description", ""),
            "is_needed": field in needed,
        }
        for field, entry in found.get("properties", {}).items()
    ]


def _kind(entry: Mapping[str, Any]) -> str:
    if "anyOf" in entry:
        return " or ".join(_kind(one) for one in entry["anyOf"] if one.get("type") != "null")
    if "enum" in entry:
        return " | ".join(str(value) for value in entry["enum"] if value != "")
    if entry.get("type") == "array":
        return f"list of {_kind(entry['items'])}"
    if "$ref" in entry:
        return str(entry["$ref"]).rsplit("/", 1)[-1]
    kind = "instant" if entry.get("format") == "date-time" else str(entry.get("type", ""))
    size = f" up to {entry['maxLength']}" if "maxLength" in entry else ""
    return kind + size


def _refusals() -> list[dict[str, str]]:
    """Every code a till can meet with what it says in three languages."""
    codes = [
        *("amount_not_positive", "amount_too_large", "amount_too_small", "unsupported_currency"),
        *("unsupported_method", "bad_auth_code", "no_rate", "quote_expired", "quote_used", "already_paid"),
        *("in_progress", "not_payable", "not_found", "not_paid", "refund_too_large", "refunds_too_many"),
        *("refund_too_soon", "refund_unfunded", "key_missing", "key_reused", "key_in_flight"),
        "provider_unavailable",
    ]
    ours = [
        {
            "code": code,
            **{each: refusals.message(refusals.Refusal(code), each) for each in ("zh", "en", "it")},
        }
        for code in codes
    ]
    return ours + [{"code": code, **answers.words(code)} for code in SAID]


def _sample_fact() -> str:
    fact = {
        "occurred_at": "2026-11-22T10:00:00Z",
        "intent_id": 17,
        "reference": "monte-napoleone/R-1001",
        "amount": 12_000,
        "currency": "CNY",
        "settle_amount": 1_534,
        "settle_currency": "EUR",
        "provider": "wechatpay",
        "method": "wechat_barcode",
        "person_id": None,
    }
    return catalogue.body("payments.payment.succeeded", fact, sequence=4711)


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _span(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.0f} h"
