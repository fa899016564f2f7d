"""A visitor without a browser: speaks with the app's server in Streamlit's own messages, over the loopback only."""

from __future__ import annotations

import time
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

LARGEST = 50 * 2**20


class Visitor:
    """One visit to a page of the app.

    Attributes
    ----------
    boxes : dict of str to str
        The number boxes on the page: their ids by label.
    headline : str
        The sentence that the page shows.
    """

    def __init__(self, port: int, page: str, query: str) -> None:
        self.port, self.page, self.query = port, page, query
        self.boxes: dict[str, str] = {}
        self.headline = ""
        self.changed: dict[str, float] = {}
        self._page_hash = ""
        self._socket: ClientConnection | None = None

    async def arrive(self) -> float:
        """Open the page; return the seconds until it was complete."""
        address = f"ws://127.0.0.1:{self.port}/_stcore/stream"
        self._socket = await connect(address, subprotocols=["streamlit"], max_size=LARGEST)  # type: ignore[list-item]
        return await self._run()

    async def change(self, label: str, value: float) -> float:
        """Type a number into a box; return the seconds until the page was complete again."""
        self.changed[self.boxes[label]] = value
        return await self._run()

    async def leave(self) -> None:
        """Close the page."""
        if self._socket is not None:
            await self._socket.close()

    async def _run(self) -> float:
        assert self._socket is not None
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string, state.page_name, state.page_script_hash = self.query, self.page, self._page_hash
        for box, value in self.changed.items():
            widget = state.widget_states.widgets.add()
            widget.id, widget.double_value = box, value
        state.context_info.timezone = "Europe/London"
        started = time.perf_counter()
        await self._socket.send(asked.SerializeToString())
        while True:
            message = ForwardMsg.FromString(await self._socket.recv())  # type: ignore[arg-type]
            if message.WhichOneof("type") == "script_finished":
                return time.perf_counter() - started
            self._note(message)

    def _note(self, message: Any) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._page_hash = message.new_session.page_script_hash
        elif kind == "navigation":
            self._page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":  # a browser keeps the address that it is given, and sends it back
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and "10,000 draws" in message.delta.new_element.heading.body:
            self.headline = message.delta.new_element.heading.body
        elif kind == "delta" and message.delta.new_element.HasField("number_input"):
            box = message.delta.new_element.number_input
            self.boxes[box.label] = box.id
