"""The page that says what each endpoint rests on."""

from seta_sandbox.app import FAMILIES
from seta_sandbox.evidence import MEANINGS, evidence_of
from tests.sandbox_server import RunningSandbox


def test_every_endpoint_says_what_it_rests_on() -> None:
    silent = [
        route.path
        for routes in FAMILIES.values()
        for route in routes
        if (evidence_of(route.path) or ("",))[0] not in MEANINGS
    ]

    assert silent == []


def test_the_page_lists_endpoints_and_pushes(sandbox: RunningSandbox) -> None:
    page = sandbox.client.get(f"{sandbox.base_url}/_endpoints").text

    assert "GET /cgi-bin/user/info</td><td>SDK-checked" in page
    assert "Retries" in page
