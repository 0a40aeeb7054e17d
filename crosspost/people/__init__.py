"""What needs people, and what they say.

needs      what needs a person now: the one truth that all ask who tell people, or end with 0 or 1
around     the part of it that this machine shows: secrets, folders, files
beside     how these look at a glance, for the run that finds nothing new
troubles   what fails that is no feed and no channel
decisions  what a person decides about deliveries
share      what people say about their time and their channels
"""
