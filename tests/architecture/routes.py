"""The routes of the whole app, however deep FastAPI nests them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute


@dataclass(frozen=True)
class Address:
    method: str
    path: str
    answer: Callable[..., Any]


def addresses(web: FastAPI) -> list[Address]:
    return [
        Address(method, route.path, route.endpoint)
        for route in flat(web.routes)
        for method in sorted(route.methods or ())
    ]


def flat(routes: list[Any]) -> Iterator[APIRoute]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from flat(inner.routes)
        elif isinstance(route, APIRoute):
            yield route
