"""Every table, query and transaction. Nothing outside this package knows SQL.

`Database` opens the file and hands out transactions; the modules hold the statements, each a function of one:

    feeds        what is known of each feed, and how its last poll went
    entries      the entries, and the keys by which they are known again
    deliveries   the states of deliveries, moved along `model.MOVES` and fenced by attempt number
    attempts     the way out: reserved, on record, settled
    looks        what is uncertain, and what must be looked for first
    queue        what waits on the channels; `waits`: until when nobody need ask
    bookings     what was spent
    drafts       drafts as JSON, frozen by the first attempt; `media`: their pictures
    channels     which channels take nothing for now, and the heartbeat
    learnt       what servers said of themselves
    credentials  what networks gave us, sealed
    decisions    who decided what
    notices      what people were told
    listing      deliveries as people recognise them, and how many there are
    idle         until when nothing is due
    glance       whether there is anything to do at all, without SQLAlchemy
    place        what lies in the SQLite file's place, and whether it is still the one that was opened
    damage       what crosspost cannot have written, once something has failed
    backup       a copy of the database, while it is in use
"""
