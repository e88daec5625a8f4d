"""What a refusal about a piece, its variants, its windows or its prices says to do, in three languages."""

from collections.abc import Mapping

from seta.boutique.rules.limits import (
    COLLECTION_PIECES_MAX,
    LOOK_PIECES_MAX,
    LOOKS_MAX,
    VARIANTS_MAX,
    WINDOWS_MAX,
)

WORDS: Mapping[str, dict[str, str]] = {
    "wrong_price": {
        "zh": "请填写大于零的价格，例如 8888.00。",
        "en": "Write a price above zero, such as 8888.00.",
        "it": "Scriva un prezzo maggiore di zero, ad esempio 8888.00.",
    },
    "wrong_market": {
        "zh": "请从列表中选择市场及其货币。",
        "en": "Choose a market and one of its currencies from the list.",
        "it": "Scelga dall'elenco un mercato e una delle sue valute.",
    },
    "past_instant": {
        "zh": "该时间已过，请选择稍后的时间，或留空以立即生效。",
        "en": "This time has passed. Choose a later one, or leave it empty for now.",
        "it": "Questo momento è passato. Ne scelga uno successivo o lo lasci vuoto per adesso.",
    },
    "unknown_price": {
        "zh": "未找到该价格，请刷新页面。",
        "en": "This price was not found. Load the page again.",
        "it": "Prezzo non trovato. Ricarichi la pagina.",
    },
    "price_began": {
        "zh": "该价格已生效或已撤回；如需更改，请设定新价格。",
        "en": "This price has begun or was withdrawn already. Set a new one to change it.",
        "it": "Questo prezzo è già in vigore o ritirato. Per cambiarlo ne imposti uno nuovo.",
    },
    "not_yet_sold": {
        "zh": "该商品将于{when}起发售。",
        "en": "This piece can be ordered from {when}.",
        "it": "Questo pezzo si può ordinare dal {when}.",
    },
    "no_longer_sold": {
        "zh": "该商品的发售期已结束，请选择其他作品。",
        "en": "This piece is no longer sold. Please choose another.",
        "it": "Questo pezzo non è più in vendita. Ne scelga un altro.",
    },
    "sold_elsewhere": {
        "zh": "该商品不在此处发售，请联系您的顾问。",
        "en": "This piece is not sold here. Please ask your associate where it is.",
        "it": "Questo pezzo non è in vendita qui. Chieda al suo consulente dove trovarlo.",
    },
    "wrong_window": {
        "zh": "请填写开始、结束或渠道；结束时间须晚于开始时间。",
        "en": "Give a beginning, an end or a channel; it has to end after it begins.",
        "it": "Indichi un inizio, una fine o un canale; deve finire dopo l'inizio.",
    },
    "unknown_window": {
        "zh": "该发售期已被删除，请刷新页面。",
        "en": "This window has been removed. Load the page again.",
        "it": "Questo periodo è stato tolto. Ricarichi la pagina.",
    },
    "too_many_windows": {
        "zh": f"每件作品最多 {WINDOWS_MAX} 个发售期，请先删除一个。",
        "en": f"A piece has at most {WINDOWS_MAX} windows. Remove one first.",
        "it": f"Un pezzo ha al massimo {WINDOWS_MAX} periodi. Ne tolga prima uno.",
    },
    "wrong_piece": {
        "zh": "请按提示修改标出的栏目；尚未保存任何内容。",
        "en": "Please correct the fields that are marked; nothing was saved.",
        "it": "Corregga i campi segnati; nulla è stato salvato.",
    },
    "piece_changed": {
        "zh": "此期间有同事修改过。请对照现有内容后再保存；您填写的内容仍在。",
        "en": "Somebody changed this meanwhile. Look at what it is now and save again; what you wrote is still here.",
        "it": "Nel frattempo qualcuno lo ha cambiato. Guardi com'è ora e salvi di nuovo; ciò che ha scritto è qui.",
    },
    "catalogue_changed": {
        "zh": "试算之后目录已有改动，未导入任何内容；请重新查看下方结果再确认。",
        "en": "The catalogue was changed after the file was tried, so nothing was taken in. Look at the rows again.",
        "it": "Il catalogo è cambiato dopo la prova, quindi nulla è stato importato. Riguardi le righe.",
    },
    "nothing_to_sell": {
        "zh": "请先添加一个有价格的款式，再上架。",
        "en": "Add a variant with a price first; then the piece can be listed.",
        "it": "Aggiunga prima una variante con un prezzo; poi il pezzo può essere pubblicato.",
    },
    "last_variant": {
        "zh": "这是最后一个在售款式，请先将作品下架。",
        "en": "This is the last variant that is sold. Take the piece off the list first.",
        "it": "È l'ultima variante in vendita. Tolga prima il pezzo dall'elenco.",
    },
    "too_many_variants": {
        "zh": f"每件作品最多 {VARIANTS_MAX} 个款式。",
        "en": f"A piece has at most {VARIANTS_MAX} variants.",
        "it": f"Un pezzo ha al massimo {VARIANTS_MAX} varianti.",
    },
    "unknown_collection": {
        "zh": "该系列已结束展示或不存在，请看看其他作品。",
        "en": "This collection is not shown any more. Please look at the other pieces.",
        "it": "Questa collezione non è più visibile. Guardi le altre creazioni.",
    },
    "collection_full": {
        "zh": f"每个系列最多 {COLLECTION_PIECES_MAX} 件作品，请先移出一件。",
        "en": f"A collection has at most {COLLECTION_PIECES_MAX} pieces. Take one out first.",
        "it": f"Una collezione ha al massimo {COLLECTION_PIECES_MAX} pezzi. Ne tolga prima uno.",
    },
    "unknown_lookbook": {
        "zh": "该画册已结束展示或不存在，请看看其他作品。",
        "en": "This lookbook is not shown any more. Please look at the other pieces.",
        "it": "Questo lookbook non è più visibile. Guardi le altre creazioni.",
    },
    "lookbook_full": {
        "zh": f"每本画册最多 {LOOKS_MAX} 套造型，请先移除一套。",
        "en": f"A lookbook has at most {LOOKS_MAX} looks. Remove one first.",
        "it": f"Un lookbook ha al massimo {LOOKS_MAX} look. Ne tolga prima uno.",
    },
    "unknown_look": {
        "zh": "该造型已被移除，请刷新页面。",
        "en": "This look has been removed. Load the page again.",
        "it": "Questo look è stato tolto. Ricarichi la pagina.",
    },
    "look_full": {
        "zh": f"每套造型最多 {LOOK_PIECES_MAX} 件作品，请先移出一件。",
        "en": f"A look has at most {LOOK_PIECES_MAX} pieces. Take one out first.",
        "it": f"Un look ha al massimo {LOOK_PIECES_MAX} pezzi. Ne tolga prima uno.",
    },
    "wrong_days": {
        "zh": "结束时间须晚于开始时间，请修改其中之一。",
        "en": "The end must come after the beginning. Change one of the two.",
        "it": "La fine deve venire dopo l'inizio. Cambi uno dei due.",
    },
}
