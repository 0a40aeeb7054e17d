"""How networks give the right to act for somebody, and renew it.

contract  what every way of connecting has: `Login`, `App`, `Consent`, `Grant`, `Choice`
oauth2    authorization code with PKCE (RFC 6749, 7636, 8252), refresh
oauth1    OAuth 1.0a (RFC 5849), by callback or by PIN

An adapter that can be connected names its ways in `logins()`; they are data, and what the network does its own
way. Who holds the credential, and when it is renewed, is the core's business.
"""

from crosspost.login.contract import App, Choice, Consent, Grant, Login
from crosspost.login.oauth1 import OAuth1Login
from crosspost.login.oauth2 import OAuth2Login

__all__ = ["App", "Choice", "Consent", "Grant", "Login", "OAuth1Login", "OAuth2Login"]
