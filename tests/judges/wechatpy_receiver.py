"""wechatpy 2.0.0a26, unmodified, receives the sandbox's encrypted pushes and answers them.

Serves until its parent closes standard input. The first line printed is the URL; then one JSON line a push.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature
from wechatpy.work import parse_message as parse_work_message
from wechatpy.work.crypto import WeChatCrypto as WorkCrypto

CONFIG = json.loads(sys.argv[1])["sandbox_config"]
ACCOUNT, CORP = CONFIG["official_account"], CONFIG["wecom"]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        query = self.query()
        crypto = WorkCrypto(CORP["token"], CORP["aes_key"], CORP["corpid"])
        signed = (query["msg_signature"], query["timestamp"], query["nonce"])
        self.answer(crypto.check_signature(*signed, query["echostr"]))

    def do_POST(self):
        query = self.query()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signed = (query["msg_signature"], query["timestamp"], query["nonce"])
        if "signature" not in query:
            crypto = WorkCrypto(CORP["token"], CORP["aes_key"], CORP["corpid"])
            message = parse_work_message(crypto.decrypt_message(body, *signed))
            note(kind=message.event, source=message.source, change=message._data.get("ChangeType"))
            return self.answer("success")
        check_signature(ACCOUNT["token"], query["signature"], query["timestamp"], query["nonce"])
        crypto = WeChatCrypto(ACCOUNT["token"], ACCOUNT["aes_key"], ACCOUNT["appid"])
        message = parse_message(crypto.decrypt_message(body, *signed))
        if message.type == "event":
            note(
                kind=message.event,
                scene=getattr(message, "scene_id", ""),
                ticket=getattr(message, "ticket", ""),
            )
        else:
            note(kind=message.type, content=message.content, id=message.id)
        reply = create_reply("您好，欢迎来到米兰", message).render()
        return self.answer(crypto.encrypt_message(reply, query["nonce"], query["timestamp"]))

    def query(self):
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

    def answer(self, text):
        content = text if isinstance(text, bytes) else text.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


def note(**values):
    print(json.dumps(values, ensure_ascii=False), flush=True)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"http://127.0.0.1:{server.server_port}/", flush=True)
sys.stdin.read()
