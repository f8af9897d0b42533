"""An event loop whose clock jumps: waiting takes no time, and everything goes by the same clock."""

import asyncio
import selectors
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

NAA = 1_795_000_000.0
"""18 November 2026, when the loop starts."""

T = TypeVar("T")


class _Hopper(selectors.BaseSelector):
    """Never waits: moves the loop's clock to the next timer instead."""

    def __init__(self, loop: "VirtuellLoop") -> None:
        self._indre = selectors.DefaultSelector()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        hendt = self._indre.select(0)
        if not hendt and timeout is None:
            raise RuntimeError("alle venter på noe som ikke kan komme")
        if not hendt and timeout:
            self._loop.naa += timeout
        return hendt

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._indre.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._indre.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._indre.modify(fileobj, events, data)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._indre.get_map()

    def close(self) -> None:
        self._indre.close()


class VirtuellLoop(asyncio.SelectorEventLoop):
    """Starts at zero seconds."""

    def __init__(self) -> None:
        self.naa = 0.0
        super().__init__(_Hopper(self))

    def time(self) -> float:
        return self.naa


class LoopKlokke:
    """The client's clock: the running loop's."""

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    def time(self) -> float:
        return NAA + asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def kjoer(oppgave: Coroutine[Any, Any, T]) -> T:
    """Run to the end in virtual time."""
    with asyncio.Runner(loop_factory=VirtuellLoop) as runner:
        return runner.run(oppgave)
