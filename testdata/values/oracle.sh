#!/usr/bin/env bash
# Makes what real Helm makes of every case, or with --check compares: see oracle.py.
exec python3 "$(dirname "$0")/oracle.py" "$@"
