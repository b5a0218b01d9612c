"""What every result that rests on estimates shows: their frame, table and figure."""

from typing import TYPE_CHECKING

import pandas as pd

from ..estimators.fit import Matrix
from ..results import Estimates, Origin

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..tables.table import Table


class ShownEstimates:
    """A result whose rows are `estimates`."""

    estimates: Estimates

    @property
    def frame(self) -> pd.DataFrame:
        """Estimates, one row each, by the column contract."""
        return self.estimates.frame

    @property
    def covariance(self) -> Matrix:
        """Covariance of the estimates, in the row order of `frame`."""
        return self.estimates.covariance

    @property
    def origin(self) -> Origin:
        """Where the numbers come from, with every note."""
        return self.estimates.origin

    def table(self, lang: str = "en") -> "Table":
        """Return the estimates as a printed table."""
        return self.estimates.table(lang)

    def plot(self, ax: "Axes | None" = None, lang: str = "en", width: float | None = None) -> "Axes":
        """Draw the estimates with their intervals."""
        return self.estimates.plot(ax, lang, width)

    def __repr__(self) -> str:
        return repr(self.estimates)

    def _repr_html_(self) -> str:
        return self.estimates._repr_html_()
