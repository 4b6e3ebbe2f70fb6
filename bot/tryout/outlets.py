"""The web sites of the sample newsroom's outlets, which answer conditional requests."""

from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256

from aiohttp import web

from bot.tryout.newsroom import FEED_PATH, Newsroom, Outlet

__all__ = ["outlet_site"]


def outlet_site(newsroom: Newsroom, outlet: Outlet, mornings: list[datetime]) -> web.Application:
    """Return the site of an outlet of the sample newsroom: its feed, front page and articles.

    It publishes up to the last of ``mornings``, which are aware and in order, at least one by
    the first request: the list is read at each request, so a morning that is appended later
    counts. ``outlet`` is one of the newsroom's. Links lead to the host that was asked. Unknown
    articles, and those not yet out, are not found (404). No I/O before it is served.
    """

    async def feed(request: web.Request) -> web.Response:
        body = newsroom.feed(outlet.slug, base_url=_origin(request), mornings=mornings)
        return _validated(request, body, outlet.feed.content_type, mornings[-1])

    async def page(request: web.Request) -> web.Response:
        slug = request.match_info["slug"]
        body = (
            newsroom.page(outlet.slug, slug, base_url=_origin(request), mornings=mornings)
            if slug
            else newsroom.front(outlet.slug, base_url=_origin(request), mornings=mornings)
        )
        if body is None:
            raise web.HTTPNotFound
        return _validated(request, body, "text/html; charset=utf-8", mornings[-1])

    app = web.Application()
    app.router.add_get(FEED_PATH, feed)
    app.router.add_get("/{slug:[a-z0-9-]*}", page)
    return app


def _origin(request: web.Request) -> str:
    return f"http://{request.host}"


def _validated(
    request: web.Request, body: bytes, content_type: str, changed_at: datetime
) -> web.Response:
    """Return a response with validators; 304 if the client has this version already."""
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    changed = format_datetime(changed_at.astimezone(UTC), usegmt=True)
    headers = {"ETag": etag, "Last-Modified": changed}
    known = request.headers.get("If-None-Match")
    # RFC 9110: the date counts only in a request without an ETag.
    if etag == known or (known is None and request.headers.get("If-Modified-Since") == changed):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, headers={**headers, "Content-Type": content_type})
