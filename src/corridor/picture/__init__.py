"""What the claims add up to at a moment, for a viewer: a pure function of the entries.

``from corridor.picture import picture, Picture``
"""

from corridor.picture.build import picture
from corridor.picture.roads import RoadAnswer, RoadLine, road_answer
from corridor.picture.view import PeopleLine, Picture, StockLine, Transit

__all__ = [
    "PeopleLine",
    "Picture",
    "RoadAnswer",
    "RoadLine",
    "StockLine",
    "Transit",
    "picture",
    "road_answer",
]
