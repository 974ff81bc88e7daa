"""A small tax service to try `tax_service.py` on: it answers from a table.

    python docs/examples/integrations/tax_server.py 8019

One JSON object comes in and one goes out, each answer in the place of its question:

    {"purpose": "estimate", "questions": [{"code": "standard", "first": "2026-01-01",
     "last": "2026-01-31", "buyer": "DE", "seller": ""}]}
    {"answers": [{"code": "standard", "taxes": [{"first": "2026-01-01", "last": "2026-01-31",
     "rate": 19.0}]}]}
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

RATES: Final = {("standard", "DE"): 19.0, ("standard", "AT"): 20.0, ("standard", "CH"): 8.1}


class TaxHandler(BaseHTTPRequestHandler):
    """Answers questions about taxes."""

    def do_POST(self) -> None:
        """Answer all questions of one call."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text = json.dumps({"answers": [answer(each) for each in asked["questions"]]})
        self.reply(200, text.encode())

    def reply(self, status: int, text: bytes) -> None:
        """Send an answer."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def answer(question: dict[str, str]) -> dict[str, Any]:
    """Answer one question."""
    code, buyer = question["code"], question["buyer"]
    if (code, buyer) not in RATES:
        return {"refused": f"no tax code {code!r} in {buyer!r}", "fix": "use standard"}
    days = {"first": question["first"], "last": question["last"]}
    return {"code": code, "taxes": [{**days, "rate": RATES[code, buyer]}]}


def main(port: str) -> None:
    """Answer until somebody stops it."""
    with ThreadingHTTPServer(("127.0.0.1", int(port)), TaxHandler) as server:
        server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
