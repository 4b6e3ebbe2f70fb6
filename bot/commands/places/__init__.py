"""Places of the world: zones by the names of cities and states, and by a position."""

from bot.commands.places.names import cities_named, fold_place, states_named
from bot.commands.places.positions import zones_at

__all__ = ["cities_named", "fold_place", "states_named", "zones_at"]
