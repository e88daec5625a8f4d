"""Background work lets those go first whom somebody waits for, and is never kept waiting long."""

import threading

from seta.kit.courtesy import Courtesy

LONG = 30.0


def test_nobody_waits_when_nobody_hurries() -> None:
    courtesy = Courtesy()

    assert courtesy.give_way(0) is True


def test_background_work_goes_on_when_the_hurried_one_is_done() -> None:
    courtesy = Courtesy()
    entered, leave = threading.Event(), threading.Event()
    went: list[bool] = []

    def hurried() -> None:
        with courtesy.hurry():
            entered.set()
            leave.wait(LONG)

    def patient() -> None:
        went.append(courtesy.give_way(LONG))

    threads = [threading.Thread(target=hurried), threading.Thread(target=patient)]
    threads[0].start()
    entered.wait(LONG)
    threads[1].start()
    kept_waiting = not went
    leave.set()
    for thread in threads:
        thread.join(LONG)

    assert kept_waiting
    assert went == [True]


def test_patience_has_an_end() -> None:
    courtesy = Courtesy()

    with courtesy.hurry():
        assert courtesy.give_way(0.001) is False


def test_a_failure_in_a_hurry_leaves_nobody_waiting() -> None:
    courtesy = Courtesy()

    try:
        with courtesy.hurry():
            raise ValueError("the batch is bad")
    except ValueError:
        pass

    assert courtesy.give_way(0) is True
