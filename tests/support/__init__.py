"""What the tests share: the worlds they play in, the words they tell them with, and the machines they run against."""
