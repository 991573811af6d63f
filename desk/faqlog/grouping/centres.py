"""Groups by their centres: each place joins the nearest group, or begins one. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
NEAR = 0.55
"""Squared distance from a centre within which a place belongs to its group; see bench/grouping.py."""


class Centres:
    """The centres of groups, in the order in which they began."""

    def __init__(self, width: int) -> None:
        self._rows = np.zeros((64, width), np.float32)
        self.weights: list[int] = []

    def __len__(self) -> int:
        return len(self.weights)

    def add(self, centre: Vector, weight: int = 1) -> int:
        """Begin a group; returns its number."""
        if len(self) == len(self._rows):
            self._rows = np.vstack([self._rows, np.zeros_like(self._rows)])
        self._rows[len(self)] = centre
        self.weights.append(weight)
        return len(self) - 1

    def centre(self, number: int) -> Vector:
        """Where a group stands."""
        found: Vector = self._rows[number]
        return found

    def join(self, place: Vector) -> int:
        """The number of the group that a place belongs to, moved a little towards it; perhaps a new one."""
        if len(self):
            distances = ((self._rows[: len(self)] - place) ** 2).sum(axis=1)
            nearest = int(distances.argmin())
            if distances[nearest] < NEAR:
                self.weights[nearest] += 1
                self._rows[nearest] += (place - self._rows[nearest]) / self.weights[nearest]
                return nearest
        return self.add(place)
