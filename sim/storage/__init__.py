"""Floor 8: answers in folders and as data for programs; jobs that outlive pages and servers."""
