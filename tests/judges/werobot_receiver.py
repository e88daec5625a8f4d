"""WeRoBot 1.13.1, unmodified, receives the sandbox's encrypted pushes and answers them.

Serves until its parent closes standard input. The first line printed is the URL; then one JSON line a push.
"""

import json
import sys
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

from werobot import WeRoBot

CONFIG = json.loads(sys.argv[1])["sandbox_config"]["official_account"]
robot = WeRoBot(
    token=CONFIG["token"],
    app_id=CONFIG["appid"],
    encoding_aes_key=CONFIG["aes_key"],
    enable_session=False,
)


@robot.text
def on_text(message):
    note(kind="text", content=message.content, id=message.message_id)
    return "您好，欢迎来到米兰"


@robot.subscribe
def on_subscribe(message):
    note(kind="subscribe", key=message.key, ticket=message.ticket)
    return "欢迎关注"


@robot.scan
def on_scan(message):
    note(kind="scan", key=message.key, ticket=message.ticket)


@robot.click
def on_click(message):
    note(kind="click", key=message.key)
    return [["大教堂", "今日开放", "http://127.0.0.1/d.png", "http://127.0.0.1/duomo"]]


@robot.unsubscribe
def on_unsubscribe(message):
    note(kind="unsubscribe", source=message.source)


def note(**values):
    print(json.dumps(values, ensure_ascii=False), flush=True)


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


server = make_server("127.0.0.1", 0, robot.wsgi, handler_class=Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"http://127.0.0.1:{server.server_port}/", flush=True)
sys.stdin.read()
