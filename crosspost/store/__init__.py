"""Every table, query and transaction. Nothing outside this package knows SQL.

`Database` opens the file and hands out transactions; the modules hold the statements, each a function of one:

    feeds        what is known of each feed, and how its last poll went
    entries      the entries, and the keys by which they are known again
    deliveries   the states of deliveries, moved along `model.MOVES` and fenced by attempt number
    channels     which channels take nothing for now, and the heartbeat
    listing      deliveries as people recognise them, and how many there are
    drafts       drafts as JSON, frozen by the first attempt
    state        what is known of a feed, as a value
    idle         until when nothing is due
    glance       whether there is anything to do at all, without SQLAlchemy
"""
