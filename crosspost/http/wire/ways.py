"""The ways out: directly, to the very address that was checked, or through a proxy."""

import ipaddress
import ssl
from collections.abc import Mapping, Sequence

import httpx

from crosspost.errors import FetchRefused
from crosspost.http.guard import first_private
from crosspost.http.names import Resolve
from crosspost.http.onewrite import in_one_write
from crosspost.http.proxy import Proxies, is_local_name
from crosspost.http.surroundings import authorities, problem_of, problems
from crosspost.http.wire.lenient import Lenient
from crosspost.redact import remember_address

_IMPATIENT = 3  # seconds for an address while there are others: some hosts answer on one family only


class Ways(httpx.AsyncBaseTransport):
    """Carry each request by its way. `only` takes the place of all of them, for tests.

    A request with the extension `public_only`, true or false, is a fetch: its host is looked up here, and if
    true, it must be public. Those without it go to hosts that no feed can name.
    """

    def __init__(
        self, environment: Mapping[str, str], resolve: Resolve, only: httpx.AsyncBaseTransport | None
    ) -> None:
        self._environment = environment
        self._resolve = resolve
        self._only = only
        self._proxies = Proxies() if only else Proxies.of(environment)
        self._context: ssl.SSLContext | None = None
        self._carriers: dict[str, httpx.AsyncBaseTransport] = {}
        for proxy in (self._proxies.http, self._proxies.https):
            if proxy and not problem_of(proxy):
                remember_address(proxy)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        proxy = self._proxies.way_to(str(request.url))
        carrier = self._carrier(proxy, request)
        public_only = request.extensions.get("public_only")
        if proxy:
            if public_only:
                await self._check_behind_proxy(request)
            return await carrier.handle_async_request(request)
        if public_only is None:
            return await carrier.handle_async_request(request)
        return await self._handle_resolved(carrier, request, public_only=public_only)

    async def _handle_resolved(
        self, carrier: httpx.AsyncBaseTransport, request: httpx.Request, *, public_only: bool
    ) -> httpx.Response:
        """Connect to the very address that was checked, so that a name cannot change its mind in between."""
        host = request.url.host
        try:
            addresses = await self._addresses(request)
        except OSError as error:
            raise httpx.ConnectError(f"{host} cannot be found", request=request) from error
        if not addresses:
            raise httpx.ConnectError(f"{host} has no address", request=request)
        if public_only and (private := first_private(addresses)):
            raise _in_private_network(host, private)
        request.extensions = {**request.extensions, "sni_hostname": host}
        patience = request.extensions
        for address in addresses[:-1]:
            request.url = request.url.copy_with(host=address)
            timeout = {**patience.get("timeout", {}), "connect": _IMPATIENT}
            request.extensions = {**patience, "timeout": timeout}
            try:
                return await carrier.handle_async_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        request.extensions = patience
        request.url = request.url.copy_with(host=addresses[-1])
        return await carrier.handle_async_request(request)

    async def _check_behind_proxy(self, request: httpx.Request) -> None:
        """Refuse what is known to be private; the proxy looks names up itself, and may be alone in that."""
        host = request.url.host
        if is_local_name(host):
            raise _in_private_network(host)
        try:
            addresses = await self._addresses(request)
        except OSError:
            return
        if private := first_private(addresses):
            raise _in_private_network(host, private)

    async def _addresses(self, request: httpx.Request) -> Sequence[str]:
        host = request.url.host
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            return await self._resolve(host, request.url.port or 0)

    def _carrier(self, proxy: str, request: httpx.Request) -> httpx.AsyncBaseTransport:
        if self._only is not None:
            return self._only
        if proxy not in self._carriers:
            if wrong := next(problems(self._environment), ""):
                raise httpx.ConnectError(wrong, request=request)
            try:
                self._carriers[proxy] = self._made(proxy)
            except (OSError, ValueError) as error:  # a damaged certificate, an address httpx reads otherwise
                says = f"the certificates or the proxy of the environment cannot be used: {error}"
                raise httpx.ConnectError(says, request=request) from error
        return self._carriers[proxy]

    def _made(self, proxy: str) -> httpx.AsyncHTTPTransport:
        """Make what carries requests. There is room for all: readers wait for a place before their time runs.

        No keep-alive: a stale connection would turn a clean failure into an uncertain one. trust_env off: what
        it would read is read here, with the guard kept.
        """
        context = self._context = self._context or self._trusting()
        its_own = context if proxy.startswith("https") else None
        carrier = httpx.AsyncHTTPTransport(
            verify=context,
            trust_env=False,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
            proxy=httpx.Proxy(proxy, ssl_context=its_own) if proxy else None,
        )
        if not proxy.startswith("socks"):  # whose own answers have no head
            # httpcore's documented seam, which httpx does not hand through.
            carrier._pool._network_backend = Lenient()
        in_one_write(carrier._pool)
        return carrier

    def _trusting(self) -> ssl.SSLContext:
        file, folder = authorities(self._environment)
        if file or folder:
            return ssl.create_default_context(cafile=file, capath=folder)
        return httpx.create_ssl_context(trust_env=False)

    async def aclose(self) -> None:
        for carrier in (*self._carriers.values(), *filter(None, (self._only,))):
            await carrier.aclose()


def _in_private_network(host: str, address: str = "") -> FetchRefused:
    where = f" ({address})" if address else ""
    return FetchRefused(
        f"{host} lies in a private network{where}; a feed may not send us there "
        "(allow_private = true in the feed's settings permits pictures there)"
    )
