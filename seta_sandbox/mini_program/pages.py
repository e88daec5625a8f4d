"""Which pages the mini program has, read from its build when the sandbox was given one."""

import json

from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.world import World


def check_page(world: World, page: str) -> None:
    """Raise ApiError 41030 for a page the build does not list; without a build every page passes."""
    folder = world.setup.miniprogram_dir
    manifest = folder / "app.json" if folder else None
    if not page or manifest is None or not manifest.exists():
        return
    content = json.loads(manifest.read_text())
    pages = set(content.get("pages", []))
    for package in content.get("subPackages") or content.get("subpackages") or []:
        pages |= {f"{package['root'].strip('/')}/{name}" for name in package.get("pages", [])}
    if page.split("?")[0].lstrip("/") not in pages:
        raise ApiError(41030, "invalid page")
