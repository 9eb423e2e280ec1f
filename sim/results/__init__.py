"""Floor 4: journals become tables; the laws of the hall are checked on every one of them."""
