"""Work on what strangers made, in processes of their own: a process can be bounded, and ended.

ask       start a child, give it the bytes, take its answer, and end it whatever happens
limits    what a child takes from itself before it begins, so that it also ends if its parent is gone
picture   the child that decodes pictures; the one that reads feeds is `feeds.child`
pixels    what it makes of them: upright, in sRGB, no more than are needed

See docs/decisions/0026 and 0033.
"""
