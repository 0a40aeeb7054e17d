"""What the environment says of the way out: whose certificates are trusted, and what is wrong with it."""

import importlib.util
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from crosspost.http.proxy import SCHEMES, Proxies
from crosspost.redact import MASK

FILE, FOLDER = "SSL_CERT_FILE", "SSL_CERT_DIR"


def authorities(environment: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return the file and the folder of the certificates to trust, None where nothing is said."""
    return environment.get(FILE) or None, environment.get(FOLDER) or None


def problems(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each word of the environment by which nothing could be reached."""
    file, folder = authorities(environment)
    if file and not _holds_certificates(Path(file)):
        yield f"{FILE} names {file}, which holds no certificates; let it name those to trust, or remove it"
    if folder and not any(Path(part).is_dir() for part in folder.split(":")):
        yield f"{FOLDER} names {folder}, which is no folder; let it name that of the certificates, or remove it"
    proxies = Proxies.of(environment)
    for proxy in dict.fromkeys(filter(None, (proxies.http, proxies.https))):
        if says := problem_of(proxy):
            yield says


def _holds_certificates(file: Path) -> bool:
    try:
        return b"-----BEGIN " in file.read_bytes()
    except OSError:
        return False


def problem_of(proxy: str) -> str:
    """Say why a proxy cannot be used; "" if it can."""
    try:
        parts = urlsplit(proxy)
        usable = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return f"the proxy {shown(proxy)} is no address; write it as http://host:port"
    if not usable:
        return f"the proxy {shown(proxy)} is none that can be used; write it as http://host:port"
    if parts.scheme.startswith("socks") and importlib.util.find_spec("socksio") is None:
        return (
            f"the proxy {shown(proxy)} speaks SOCKS, which needs one more package: pip install 'httpx[socks]'"
        )
    return ""


def shown(proxy: str) -> str:
    """Return a proxy's address for people, its password masked."""
    scheme, _, rest = proxy.rpartition("://")
    user, at, place = rest.rpartition("@")
    name, colon, _ = user.partition(":")
    return f"{scheme}://{name}{colon and f':{MASK}'}{at}{place}"
