# Two stages: the first has pip and the sources, the second only what they came to. One volume holds all that changes:
#
#   docker build -t crosspost .
#   docker run -it --rm -v crosspost:/config crosspost init
#   docker run -d --name crosspost -v crosspost:/config crosspost
#
# It starts as root, gives /config to PUID:PGID (10001:10001) and runs as that: see docker/entry. With
# `--user` it never is root. Everything but /config and /tmp may be read-only. The key lies in /config/key: give that a
# volume of its own, and a copy of the other opens no credential.

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
COPY docker/entry /usr/local/bin/crosspost
RUN install -d -o 10001 -g 10001 /config && install -d -m 700 -o 10001 -g 10001 /config/key
ENV CROSSPOST_CONFIG=/config/crosspost.toml \
    CROSSPOST_KEY_FILE=/config/key/crosspost \
    HOME=/config \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /config
VOLUME /config
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=1m --timeout=10s --start-period=1m --retries=3 CMD ["crosspost", "healthcheck"]
ENTRYPOINT ["crosspost"]
CMD ["run"]
