#!/usr/bin/env bash
# Say in one line what is missing, before anything half works.
set -u
case "$1" in
  python)
    command -v "$2" >/dev/null || { echo "seta: $2 is missing: install Python 3.11 or newer (Debian: apt-get install python3 python3-venv)"; exit 1; }
    "$2" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "seta: $("$2" --version) is too old: Python 3.11 or newer is needed"; exit 1; }
    "$2" -c 'import venv, ensurepip' 2>/dev/null || { echo "seta: $2 cannot make virtual environments (Debian: apt-get install python3-venv)"; exit 1; }
    ;;
  node)
    command -v node >/dev/null && command -v npm >/dev/null || { echo "seta: Node.js 20 or newer with npm is missing; the mini program's preview is built with it (Debian: apt-get install nodejs npm)"; exit 1; }
    [ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 20')" = true ] || { echo "seta: Node.js $(node --version) is too old: 20 or newer is needed"; exit 1; }
    ;;
esac
