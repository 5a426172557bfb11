"""The conformance kit: worked clock cases, the walker that answers them day by day, and the check against them."""
