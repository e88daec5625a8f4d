"""Judge: the standardwebhooks library of PyPI verifies messages as a receiver would. One JSON argument, one answer."""

import json
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

asked = json.loads(sys.argv[1])
found = []
for message in asked["messages"]:
    try:
        found.append({"said": Webhook(message["secret"]).verify(message["body"], message["headers"])})
    except WebhookVerificationError as problem:
        found.append({"refused": str(problem)})
print(json.dumps({"found": found}))
