"""The control API's own doors."""

from tests.sandbox_server import RunningSandbox


def test_an_unknown_action_says_which_there_are(sandbox: RunningSandbox) -> None:
    response = sandbox.client.post(f"{sandbox.base_url}/_control/fly", json={})

    assert response.status_code == 404
    assert "advance" in response.json()["error"]
