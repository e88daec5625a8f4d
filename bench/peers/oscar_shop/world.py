"""Makes the peer's tables and pieces, and reads back what its orders really took; runs in its environment."""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402  Django is ready only now
from oscar.core.loading import get_model  # type: ignore[import-not-found]  # noqa: E402


def make() -> dict[str, int]:
    """Its tables, the one country it asks for, and a kind of product that needs no address."""
    call_command("migrate", verbosity=0)
    get_model("address", "Country").objects.create(
        iso_3166_1_a2="IT", printable_name="Italy", is_shipping_country=True
    )
    get_model("catalogue", "ProductClass").objects.create(name="Piece", requires_shipping=False)
    get_model("partner", "Partner").objects.create(name="House")
    return {}


def offer(pieces: int) -> dict[str, int]:
    """A product with so many in stock."""
    products = get_model("catalogue", "Product").objects
    number = products.count()
    product = products.create(
        title=f"Piece {number}",
        slug=f"piece-{number}",
        product_class=get_model("catalogue", "ProductClass").objects.get(),
        structure="standalone",
    )
    get_model("partner", "StockRecord").objects.create(
        product=product,
        partner=get_model("partner", "Partner").objects.get(),
        partner_sku=f"PIECE-{number}",
        price_currency="EUR",
        price=10,
        num_in_stock=pieces,
    )
    return {"piece": product.pk}


def read(piece: int) -> dict[str, int]:
    """Pieces in the orders that were kept."""
    lines = get_model("order", "Line").objects.filter(product_id=piece)
    return {"allocated": sum(lines.values_list("quantity", flat=True))}


if __name__ == "__main__":
    if sys.argv[1] == "make":
        said = make()
    elif sys.argv[1] == "offer":
        said = offer(int(sys.argv[2]))
    else:
        said = read(int(sys.argv[2]))
    print(json.dumps(said))
