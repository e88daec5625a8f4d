"""What pages promise before anybody is signed in: no foreign script runs, and the API documents itself."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_desk_allows_only_its_own_scripts_and_no_frame_around_it() -> None:
    page = Client().get("/desk/sign-in/")

    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert b"https://" not in page.content


def test_the_api_documents_itself_without_any_other_host() -> None:
    for path in ("/api/mp/v1/docs", "/api/till/v1/docs"):
        page = Client().get(path)

        assert page.status_code == 200
        assert b"https://" not in page.content


def test_a_stranger_is_sent_to_the_sign_in() -> None:
    for path in ("/desk/", "/desk/money/", "/desk/review/", "/desk/insights/"):
        answer = Client().get(path)

        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/desk/sign-in/")
