"""What makes the app installable."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from app.core.i18n import gettext
from app.core.i18n import mark as _
from app.core.web import Db
from app.pwa.queries import answers

router = APIRouter()


@router.get("/manifest.webmanifest")
def manifest() -> Response:
    return JSONResponse(
        {
            "id": "/",
            "name": gettext(_("Roadbook")),
            "short_name": gettext(_("Roadbook")),
            "description": gettext(
                _("Your customers, your route, your visits: with or without signal.")
            ),
            "start_url": "/today",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f6f3ec",
            "theme_color": "#f6f3ec",
            "icons": [
                {"src": "/static/icon/icon-192.png", "sizes": "192x192", "type": "image/png"},
                {"src": "/static/icon/icon-512.png", "sizes": "512x512", "type": "image/png"},
                {
                    "src": "/static/icon/maskable-512.png",
                    "sizes": "512x512",
                    "type": "image/png",
                    "purpose": "maskable",
                },
            ],
        },
        media_type="application/manifest+json",
    )


@router.get("/health")
def health(db: Db) -> Response:
    """For whoever watches the server: it runs and its database answers."""
    answers(db)
    return JSONResponse({"status": "ok"})
