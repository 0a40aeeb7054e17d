"""Stand-ins for networks: small servers that answer in each network's real shapes, and misbehave on demand.

They need the `sandbox` extra. Tests drive the adapters against them, in process and over real sockets.
"""
