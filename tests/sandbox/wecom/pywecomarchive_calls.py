"""pywecomarchive 0.1.0, unmodified, reads the sandbox's archive through the sandbox's own library.

Runs in that package's environment; prints one line of JSON: what it understood of each record, and a file's MD5.
"""

import base64
import hashlib
import json
import sys
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pywecomarchive import WecomArchiveSdk

GIVEN: dict[str, Any] = json.loads(sys.argv[1])
CORP = GIVEN["config"]["wecom"]


def main() -> None:
    """Fetch, unwrap, open and validate every record; then fetch the file of one."""
    key = load_pem_private_key(CORP["archive_private_key"].encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    understood, fileid = [], ""
    sdk = WecomArchiveSdk(
        CORP["corpid"], CORP["archive_secret"], library_path=GIVEN["library"], proxy=GIVEN["base_url"]
    )
    with sdk:
        for row in sdk.get_chat_data(0, 1000).chatdata:
            wrapped = base64.b64decode(row.encrypt_random_key)
            random_key = key.decrypt(wrapped, padding.PKCS1v15()).decode()
            try:
                message = sdk.decrypt_data(random_key, row.encrypt_chat_msg)
            except Exception as error:
                understood.append(f"{type(error).__name__}: {error}")
                continue
            kind = getattr(message, "msgtype", message.action)
            understood.append(kind)
            fileid = message.file.sdkfileid if kind == "file" else fileid
        content = b"".join(chunk.data for chunk in sdk.iter_media_data(fileid))
    print(json.dumps({"understood": understood, "md5": hashlib.md5(content).hexdigest()}))


main()
