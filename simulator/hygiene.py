"""Keeps strangers out: a browser can be talked into posting to loopback."""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from aiohttp import hdrs, web
from yarl import URL

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def refuse_strangers(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Refuse what was not addressed to, or comes from outside, this machine."""
    addressed_to = f"http://{request.headers.get(hdrs.HOST, '')}"
    comes_from = request.headers.get(hdrs.ORIGIN, addressed_to)
    if not (_is_loopback(addressed_to) and _is_loopback(comes_from)):
        raise web.HTTPForbidden(text="This server talks to its own machine only.")
    return await handler(request)


def _is_loopback(address: str) -> bool:
    try:
        host = URL(address).host or ""
    except ValueError:
        return False
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
