"""What needs people, and what they say.

needs      what needs a person now, by what the store knows
decisions  what a person decides about deliveries
share      what people say about their time and their channels
"""
