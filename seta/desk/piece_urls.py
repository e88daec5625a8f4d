"""Addresses of the catalogue: its file, its collections and lookbooks, and all that can be changed of a piece."""

from django.urls import path

from seta.desk.views import catalogue_file, collections, lookbooks, piece_sales, pieces

PIECE = "boutique/pieces/<int:product_id>"
COLLECTION = "boutique/collections/<int:collection_id>"
LOOKBOOK = "boutique/lookbooks/<int:lookbook_id>"

urlpatterns = [
    path("boutique/catalogue/", catalogue_file.catalogue_file, name="catalogue_file"),
    path("boutique/catalogue/catalogue.csv", catalogue_file.give_out, name="catalogue_csv"),
    path("boutique/catalogue/try/", catalogue_file.try_out, name="try_catalogue"),
    path("boutique/catalogue/take-in/", catalogue_file.take_in, name="take_in_catalogue"),
    path("boutique/collections/", collections.listing, name="collections"),
    path("boutique/collections/create/", collections.create, name="create_collection"),
    path(f"{COLLECTION}/", collections.collection, name="collection"),
    path(f"{COLLECTION}/change/", collections.change, name="change_collection"),
    path(f"{COLLECTION}/advance/", collections.advance, name="advance_collection"),
    path(f"{COLLECTION}/cover/<slug:verb>/", collections.cover, name="cover_collection"),
    path(f"{COLLECTION}/pieces/", collections.put_in, name="put_in_collection"),
    path(
        f"{COLLECTION}/pieces/<int:product_id>/<slug:verb>/", collections.arrange, name="arrange_collection"
    ),
    path("boutique/lookbooks/", lookbooks.listing, name="lookbooks"),
    path("boutique/lookbooks/create/", lookbooks.create, name="create_lookbook"),
    path(f"{LOOKBOOK}/", lookbooks.lookbook, name="lookbook"),
    path(f"{LOOKBOOK}/change/", lookbooks.change, name="change_lookbook"),
    path(f"{LOOKBOOK}/advance/", lookbooks.advance, name="advance_lookbook"),
    path(f"{LOOKBOOK}/looks/", lookbooks.add_look, name="add_look"),
    path("boutique/looks/<int:look_id>/<slug:verb>/", lookbooks.change_look, name="change_look"),
    path(
        "boutique/looks/<int:look_id>/pieces/<int:product_id>/<slug:verb>/",
        lookbooks.arrange,
        name="arrange_look",
    ),
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
