"""The API's page: nothing from elsewhere, everything of the schema, and every example runs as it is printed."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import httpx
from django.core.cache import cache
from django.test import Client

from seta.payments.api.examples import AUTH_CODE, EXAMPLES, TITLES
from seta.payments.operations.terminals import issue_key
from seta.payments.rules.till import SCOPES
from tests.payments.shared_wsgi import served
from tests.payments.test_collecting import code_for
from tests.sandbox_server import RunningSandbox

API = "/api/till/v1"


def holds(said: Any, promised: Any) -> bool:
    """Whether an answer has all that an example shows."""
    if isinstance(promised, dict):
        return all(name in said and holds(said[name], value) for name, value in promised.items())
    return bool(said == promised)


def test_every_example_of_the_page_runs_against_a_server(house_id: int, sandbox: RunningSandbox) -> None:
    cache.clear()
    made = issue_key(
        house_id=house_id,
        boutique_code="monte-napoleone",
        name="Till 1",
        scopes=SCOPES,
        issued_by=1,
        now=datetime.now(UTC),
    )
    kept: dict[str, Any] = {}
    code, ran = code_for(sandbox, "wechat"), 0
    with served() as url, httpx.Client(base_url=url + API, trust_env=False, timeout=20) as caller:
        schema = caller.get("/openapi.json").json()
        told = [
            example
            for methods in schema["paths"].values()
            for entry in methods.values()
            for example in entry["x-examples"]
        ]
        ordered = [example.title for examples in EXAMPLES.values() for example in examples]
        for example in sorted(told, key=lambda one: ordered.index(one["title"])):
            answer = send(caller, example, made.key, kept, code)

            assert answer.status_code == example["status"], (example["title"], answer.text)
            assert holds(answer.json(), example["shows"]), (example["title"], answer.text)
            if example["keeps"]:
                kept[example["keeps"]] = answer.json()["id"]
            ran += 1

    assert ran == len(ordered)
    assert schema["openapi"].startswith("3.1")


def send(
    caller: httpx.Client, example: dict[str, Any], key: str, kept: dict[str, Any], code: str
) -> httpx.Response:
    """Send an example with the ids of the answers before in their places."""
    path, body = example["path"], json.dumps(example["body"])
    for name, value in kept.items():
        path = path.replace(f"{{{name}}}", str(value))
        body = body.replace(f'"{{{name}}}"', str(value))
    body = body.replace(AUTH_CODE, code)
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    if example["key"]:
        headers["idempotency-key"] = example["key"]
    return caller.request(
        example["method"], path, content=body if example["body"] is not None else None, headers=headers
    )


def test_the_page_brings_nothing_from_elsewhere_and_runs_no_script(db: None) -> None:
    page = Client().get(f"{API}/docs")

    html = page.content.decode()
    fetched = re.findall(r'(?:src|href)="([^"#]+)"', html)
    assert page.status_code == 200
    assert "<script" not in html
    assert all(not address.startswith(("http", "//")) for address in fetched)


def test_the_page_shows_every_call_with_all_its_fields_and_examples(db: None) -> None:
    html = Client().get(f"{API}/docs").content.decode()
    schema = Client().get(f"{API}/openapi.json").json()

    for path, methods in schema["paths"].items():
        for method in methods:
            assert f"{method.upper()}</span><span>{path}" in html
    for name in ("Charge", "Return", "QuoteIn", "PaymentOut", "RefundOut", "Day"):
        for field in schema["components"]["schemas"][name]["properties"]:
            assert f'<th scope="row">{field}</th>' in html, field
    for examples in EXAMPLES.values():
        for example in examples:
            assert f"<span>{example.title}</span>" in html.replace("&#x27;", "'")
    assert Client().post(f"{API}/docs").status_code == 405


def test_a_program_made_from_the_schema_knows_the_headers_it_must_send_and_heed(db: None) -> None:
    schema = Client().get(f"{API}/openapi.json").json()
    entries = [
        (method, path, entry) for path, ways in schema["paths"].items() for method, entry in ways.items()
    ]

    keyed = {
        (method, path)
        for method, path, entry in entries
        for one in entry["parameters"]
        if one["in"] == "header" and one["name"] == "Idempotency-Key" and one["required"]
    }

    assert keyed == {("post", f"{API}/payments"), ("post", f"{API}/payments/{{payment_id}}/refunds")}
    for _method, _path, entry in entries:
        assert entry["summary"] in TITLES.values()
        for status in ("409", "429", "503"):
            assert entry["responses"][status]["headers"]["Retry-After"]["schema"] == {"type": "integer"}
            assert entry["responses"][status]["content"]["application/json"]["schema"]["$ref"].endswith(
                "Problem"
            )
