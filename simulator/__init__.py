"""Cecula Sync's API, played on this machine."""

from .clock import Clock
from .faults import Fault
from .line import Line, Subscription
from .records import (
    IncomingCall,
    IncomingSms,
    OutgoingCall,
    OutgoingSms,
    ReceivedRequest,
)
from .server import Simulator
from .switches import Switches
from .world import Phone, World

__all__ = [
    "Clock",
    "Fault",
    "IncomingCall",
    "IncomingSms",
    "Line",
    "OutgoingCall",
    "OutgoingSms",
    "Phone",
    "ReceivedRequest",
    "Simulator",
    "Subscription",
    "Switches",
    "World",
]
