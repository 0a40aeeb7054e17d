# Two stages: the first has pip and the sources, the second only what they came to.
# One volume, /config: crosspost.toml, secrets, the database; and the key, unless /config/key is a volume of its own, as
# it should be. Everything else may be read-only.

FROM python:3.13-slim AS builder
WORKDIR /src
RUN python -m venv /opt/crosspost
COPY requirements.lock ./
RUN /opt/crosspost/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY crosspost crosspost
COPY adapters adapters
COPY migrations migrations
COPY docs/networks docs/networks
RUN /opt/crosspost/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps .

FROM python:3.13-slim
COPY --from=builder /opt/crosspost /opt/crosspost
RUN install -d -o 10001 -g 10001 /config && install -d -m 700 -o 10001 -g 10001 /config/key
ENV PATH=/opt/crosspost/bin:$PATH \
    CROSSPOST_CONFIG=/config/crosspost.toml \
    CROSSPOST_KEY_FILE=/config/key/crosspost \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /config
VOLUME /config
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=1m --timeout=10s --start-period=1m --retries=3 CMD ["crosspost", "healthcheck"]
ENTRYPOINT ["crosspost"]
CMD ["run"]
