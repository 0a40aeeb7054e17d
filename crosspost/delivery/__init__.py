"""Carry out what is due.

lines      what decides whose turn it is, gathered: rules, what was spent, what waits
turns      the limits, applied in the transaction that claims and books
prepare    a reserved delivery made ready: picture uploaded, draft composed
deliver    the attempt on record, one request, its outcome on record
reconcile  what is uncertain, settled by looking
closure    a channel closed while its network wants peace, and opened again
learning   what a server says of itself, kept and used
events     what became of a delivery, told in one shape
"""
