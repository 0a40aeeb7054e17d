"""What people ask to see: functions of an open house that return frozen values, and change nothing;
but `check --online` keeps what servers say of themselves.

check     is the configuration sound, and do feeds and accounts answer
preview   what each channel would say about an entry; `repeats` warns of what was said before
plan      what goes out when; `ahead` takes in what the feeds have, and undoes it
deliveries  what became of each
status    how feeds and channels stand, and what needs a person; `reasons` says why something waits
accounts  whom each channel speaks for, and until when
usage     how full the limits are; `dry` says what they would be, had dry runs been sent
summary   what a run came to, and the command that fits what it left
"""
