"""Reports: figures, and the forms they take. No figure is without the filter that opens its rows."""
