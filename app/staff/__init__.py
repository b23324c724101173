"""What the staff of a partnership does with the library, without any page.

`password` and `sessions` decide who is staff, `jobs` takes documents in and out one after the
other, `holdings` says what is held and what rests on it, `questions` keeps what went unanswered.
"""
