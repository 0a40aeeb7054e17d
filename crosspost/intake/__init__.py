"""Take in what the feeds brought.

ingest  read, decide, write: new entries with their deliveries, in one transaction
renamed  what has another name in the configuration now
gap     may something have gone out that the database does not know of
"""
