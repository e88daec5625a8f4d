"""Vendure under the rush: its own shop API in a process a core, its worker, a durable PostgreSQL of its own."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.peers.homes import clean_environment, last_line, npm_home
from bench.peers.peer import Peer, Shop, Unavailable
from bench.peers.rush import Visitor
from bench.peers.servers import running
from tools.postgres import free_port, private_cluster

SCRIPT = Path(__file__).resolve().parent / "vendure_shop" / "shop.cjs"
MAKE_SECONDS_MAX = 300

SIGN_IN = 'mutation { login(username: "superadmin", password: "only-for-the-bench") { __typename } }'
PRODUCT = """mutation { createProduct(input: {enabled: true,
  translations: [{languageCode: en, name: "Piece", slug: "piece", description: ""}]}) { id } }"""
VARIANT = """mutation($product: ID!, $pieces: Int!) { createProductVariants(input: [{productId: $product,
  enabled: true, sku: "PIECE", price: 1000, stockOnHand: $pieces, trackInventory: TRUE, optionIds: [],
  translations: [{languageCode: en, name: "Piece"}]}]) { id } }"""
PAID = """query($skip: Int!) { orders(options: {take: 100, skip: $skip, filter: {state: {eq: "PaymentSettled"}},
  sort: {id: ASC}}) { items { lines { quantity productVariant { id } } } } }"""
ADD = """mutation($id: ID!) { addItemToOrder(productVariantId: $id, quantity: 1) { __typename
  ... on Order { id } } }"""
ORDER = """mutation($email: String!) {
  setCustomerForOrder(input: {firstName: "A", lastName: "Buyer", emailAddress: $email}) { __typename }
  setOrderShippingAddress(input: {streetLine1: "Via Brera 1", city: "Milano", countryCode: "IT"}) { __typename }
  setOrderShippingMethod(shippingMethodId: [1]) { __typename }
  transitionOrderToState(state: "ArrangingPayment") { __typename }
  addPaymentToOrder(input: {method: "paid", metadata: {}}) { __typename ... on Order { state } } }"""


@dataclass(frozen=True)
class _Vendure:
    """The shop on its port, with the merchant who is signed in."""

    port: int
    merchant: Visitor

    def offer(self, pieces: int) -> str:
        """A product with one variant and so many in stock; gives the variant's number."""
        product = self._manage(PRODUCT)["createProduct"]["id"]
        return str(self._manage(VARIANT, product=product, pieces=pieces)["createProductVariants"][0]["id"])

    def buy(self, piece: str, number: int) -> bool:
        """Into the order, then everything that makes it a paid one: two requests, as few as its API needs."""
        visitor = Visitor(self.port)
        if ask(visitor, "/shop-api", ADD, id=piece)["addItemToOrder"]["__typename"] != "Order":
            return False
        said = ask(visitor, "/shop-api", ORDER, email=f"buyer{number}@example.org")
        return bool(said["addPaymentToOrder"].get("state") == "PaymentSettled")

    def allocated(self, piece: str) -> int:
        """Pieces in its paid orders; what it notes as allocated stock loses counts when many pay at once."""
        paid, page = 0, 0
        while orders := self._manage(PAID, skip=page * 100)["orders"]["items"]:
            lines = [line for order in orders for line in order["lines"]]
            paid += sum(line["quantity"] for line in lines if str(line["productVariant"]["id"]) == piece)
            page += 1
        return paid

    def _manage(self, query: str, **variables: object) -> dict[str, Any]:
        return ask(self.merchant, "/admin-api", query, **variables)


def ask(visitor: Visitor, path: str, query: str, **variables: object) -> dict[str, Any]:
    """The `data` of a GraphQL answer; raises ConnectionError where the shop gives errors instead."""
    said = visitor.post_json(path, {"query": query, "variables": variables}).json()
    if said.get("errors"):
        raise ConnectionError(f"the shop answered {said['errors'][0].get('message')}")
    data: dict[str, Any] = said["data"]
    return data


@contextmanager
def _open() -> Iterator[Shop]:
    modules, node = npm_home("vendure"), shutil.which("node")
    if node is None:
        raise Unavailable("no Node.js here")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="seta-vendure-")))
        environment = {
            **clean_environment(),
            "PEER_DATABASE_URL": stack.enter_context(private_cluster(durable=True)),
            "NODE_PATH": str(modules),
            "NODE_ENV": "production",
        }
        port, command = free_port(), [node, str(SCRIPT)]
        _make([*command, "make", str(free_port())], environment)
        stack.enter_context(
            running([*command, "work", "0"], environment=environment, log=folder / "worker.log")
        )
        server = [*command, "serve", str(port)]
        stack.enter_context(running(server, environment=environment, log=folder / "log", port=port))
        merchant = Visitor(port)
        ask(merchant, "/admin-api", SIGN_IN)
        yield _Vendure(port, merchant)


def _make(command: list[str], environment: dict[str, str]) -> None:
    try:
        subprocess.run(
            command, env=environment, check=True, timeout=MAKE_SECONDS_MAX, capture_output=True, text=True
        )
    except subprocess.SubprocessError as problem:
        raise Unavailable(f"its shop could not be made: {last_line(problem)}") from problem


VENDURE = Peer("@vendure/core 3.7.3", "a guest's paid order, 2 requests", _open)
