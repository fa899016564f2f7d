"""The base of every table in a service file: frozen, unknown keys refused, field docstrings are the manual."""

from __future__ import annotations

from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict


class Entry(BaseModel):
    """A table of a service file."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        populate_by_name=True,
    )


class Table(dict[str, Any]):
    """A dictionary that refuses changes, so that a service stays what was checked."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("A service cannot be changed. Evaluate it with other values, or build another.")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = _refuse

    def __reduce__(self) -> tuple[type[Table], tuple[dict[str, Any]]]:
        return Table, (dict(self),)


def listed(value: object) -> object:
    """Take a list for a tuple: TOML knows only lists."""
    return tuple(value) if isinstance(value, list) else value


Numbers = Annotated[tuple[float, ...], BeforeValidator(listed)]
_T = TypeVar("_T")
TableOf = Annotated[dict[str, _T], AfterValidator(Table)]
