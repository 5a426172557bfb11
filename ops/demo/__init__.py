"""The demonstration: a simulated week of a district's halls, six cases whose clocks tell a story."""
