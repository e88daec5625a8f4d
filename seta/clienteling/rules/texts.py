"""The words and paths that go to clients."""


def welcome_text(*, house: str, associate: str) -> str:
    """The first words to a new contact, with the notice that conversations are archived once they agree."""
    return (
        f"您好，我是{house}的顾问{associate}，很高兴为您服务。"
        "为保障服务质量，在您同意后，我们的会话内容将由品牌存档；您可随时撤回同意。"
        "想看新品、预约到店或了解退税，直接告诉我就好。"
    )


def share_path(product_code: str, token: str) -> str:
    """The mini program page that a share opens."""
    return f"pages/product/product?code={product_code}&s={token}"
