"""Between the kinds: what follows from one stream in another. No kind imports another's rules; they meet here."""
