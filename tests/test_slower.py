"""The list of slower tests names tests, and its maker counts what a test itself takes."""

from tools.slower import FILE, slower


def test_every_test_on_the_list_exists() -> None:
    root = FILE.parent.parent
    for name in FILE.read_text(encoding="utf-8").split():
        path, _, test = name.partition("::")
        assert f"def {test}(" in (root / path).read_text(encoding="utf-8"), name


def test_a_test_is_slower_by_its_slowest_parameter_and_not_by_what_its_file_sets_up() -> None:
    said = """
        2.00s setup    tests/a/test_a.py::test_first
        0.30s call     tests/a/test_a.py::test_many[one]
        0.50s call     tests/a/test_a.py::test_many[two and three]
        0.01s setup    tests/a/test_a.py::test_many[one]
        0.01s setup    tests/a/test_a.py::test_many[two and three]
        0.10s call     tests/a/test_a.py::test_first
    """

    assert slower(said.splitlines()) == ["tests/a/test_a.py::test_many"]
