"""Make this checkout importable in its environment and put `seta` and `seta-sandbox` on its path.

A path file and two small scripts do what an editable install does, without a build that downloads anything.
"""

import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = {"seta": "seta.site.cli", "seta-sandbox": "seta_sandbox.cli"}


def main() -> None:
    """Write the path file and the scripts."""
    Path(sysconfig.get_path("purelib"), "seta-checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    for name, module in SCRIPTS.items():
        script = Path(sys.executable).parent / name
        script.write_text(
            f"#!{sys.executable}\nimport sys\n\nfrom {module} import main\n\nsys.exit(main())\n",
            encoding="utf-8",
        )
        script.chmod(0o755)


if __name__ == "__main__":
    main()
