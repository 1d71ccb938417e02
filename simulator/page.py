"""The phone's page: static files of this package, and nothing from outside."""

from pathlib import Path

from aiohttp import hdrs, web

_FOLDER = Path(__file__).parent / "static"
_HEADERS = {
    hdrs.CACHE_CONTROL: "no-store",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def add_page(application: web.Application) -> None:
    """Serve the page at the root."""
    application.router.add_get("/", _index)
    application.router.add_get(r"/static/{name:[a-z]+\.(?:css|js|svg)}", _static)


async def _index(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(_FOLDER / "index.html", headers=_HEADERS)


async def _static(request: web.Request) -> web.StreamResponse:
    file = _FOLDER / request.match_info["name"]
    if not file.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(file, headers=_HEADERS)
