"""Places of the world: zones by the names of cities and states, and by a position."""

from bot.commands.places.names import cities_named, countries_named, fold_place, states_named
from bot.commands.places.phrases import is_city_of_region, without_frame, zones_of_phrase
from bot.commands.places.positions import zones_at

__all__ = [
    "cities_named",
    "countries_named",
    "fold_place",
    "is_city_of_region",
    "states_named",
    "without_frame",
    "zones_at",
    "zones_of_phrase",
]
