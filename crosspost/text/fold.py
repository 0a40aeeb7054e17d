"""What is left of a few words when case, accents and punctuation do not matter."""

import unicodedata


def folded(text: str) -> str:
    """Return letters and digits only, caseless and without accents: `nonclasse` for “Non classé”."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if letter.isalnum() or _is_sign_of_script(letter))


def _is_sign_of_script(letter: str) -> bool:
    """Tell vowel signs, without which Hindi says something else, from accents, which are often left out."""
    return unicodedata.category(letter) in ("Mn", "Mc") and not "\u0300" <= letter <= "\u036f"
