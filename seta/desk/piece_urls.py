"""Addresses of a piece of the catalogue: its texts, variants, prices and windows of sale."""

from django.urls import path

from seta.desk.views import piece_sales, pieces

PIECE = "boutique/pieces/<int:product_id>"

urlpatterns = [
    path("boutique/pieces/new/", pieces.new, name="piece_new"),
    path("boutique/pieces/create/", pieces.create, name="create_piece"),
    path("boutique/markets/<slug:code>/", piece_sales.set_market, name="set_market"),
    path(f"{PIECE}/", pieces.edit, name="piece_edit"),
    path(f"{PIECE}/texts/", pieces.describe, name="describe_piece"),
    path(f"{PIECE}/listing/<slug:verb>/", pieces.listing, name="list_piece"),
    path(f"{PIECE}/variants/", pieces.add_variant, name="add_variant"),
    path(f"{PIECE}/variants/<int:variant_id>/<slug:verb>/", pieces.change_variant, name="change_variant"),
    path(f"{PIECE}/prices/", piece_sales.set_price, name="set_price"),
    path(f"{PIECE}/prices/<int:price_id>/withdraw/", piece_sales.withdraw_price, name="withdraw_price"),
    path(f"{PIECE}/windows/", piece_sales.add_window, name="add_window"),
    path(f"{PIECE}/windows/<int:window_id>/remove/", piece_sales.remove_window, name="remove_window"),
]
