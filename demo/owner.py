"""The demo's user: made at the first start, logged in at every start."""

from .errors import DemoError
from .home import Home, MissingError

USERNAME = "demo"
PASSWORD = "demo"  # noqa: S105 (printed for everybody who starts the demo)

_PLACE = {
    "location_name": "Demo house",
    "country": "NG",
    "currency": "NGN",
    "language": "en",
    "time_zone": "Africa/Lagos",
    "unit_system": "metric",
    "latitude": 6.4541,
    "longitude": 3.3947,
    "elevation": 41,
}


async def enter(home: Home) -> None:
    """Enter as the demo's user, who is made if there is none yet."""
    missing = await _missing_steps(home)
    await home.enter(await (_move_in(home) if "user" in missing else _log_in(home)))
    for step in missing:
        if step != "user":
            await home.post(f"/api/onboarding/{step}", _answers(home, step))


async def find_place(home: Home) -> None:
    """Put the house in Lagos, unless its owner moved it since.

    The address is a name, for a webhook's address must not be a bare IP.
    """
    url = home.url.replace("127.0.0.1", "localhost")
    fields: dict[str, object] = {"external_url": url, "internal_url": url}
    if (await home.command("get_config"))["country"] is None:
        fields |= _PLACE
    await home.command("config/core/update", **fields)


async def _missing_steps(home: Home) -> list[str]:
    try:
        steps = await home.get("/api/onboarding")
    except MissingError:
        # With nothing left to do, Home Assistant does not offer it.
        return []
    return [step["step"] for step in steps if not step["done"]]


async def _move_in(home: Home) -> str:
    answer = await home.post(
        "/api/onboarding/users",
        {
            "client_id": home.client_id,
            "name": "Demo",
            "username": USERNAME,
            "password": PASSWORD,
            "language": "en",
        },
    )
    return str(answer["auth_code"])


async def _log_in(home: Home) -> str:
    flow = await home.post(
        "/auth/login_flow",
        {
            "client_id": home.client_id,
            "handler": ["homeassistant", None],
            "redirect_uri": home.client_id,
        },
    )
    answer = await home.post(
        f"/auth/login_flow/{flow['flow_id']}",
        {
            "client_id": home.client_id,
            "username": USERNAME,
            "password": PASSWORD,
        },
    )
    if answer["type"] != "create_entry":
        message = (
            f"The demo can't log in as {USERNAME} with the password {PASSWORD}; "
            "was it changed? To begin anew, delete the folder .demo."
        )
        raise DemoError(message)
    return str(answer["result"])


def _answers(home: Home, step: str) -> dict[str, str]:
    if step != "integration":
        return {}
    return {"client_id": home.client_id, "redirect_uri": home.client_id}
