"""What engines write for the title that nobody gave."""

from crosspost.text import folded

# The translations of "(no title)" and "Untitled" that come with WordPress 6.1.9 (Debian's wordpress-l10n, read
# 2026-11).
_WORDPRESS = """
başlıksız, bez naslova, bez naziva, bez nosaukuma, bez názvu, bez tytułu, brez naslova, dideitl, dim teitl,
ei otsikkoa, fără titlu, geen titel, gun tiotal, hakuna kichwa, ingen titel, ingen tittel, isio na kichwa,
izenbururik ez, izenik gabe, kein titel, không có tiêu đề, nav nosaukuma, neimenovan, nepomenovaný, nimetu,
nimetön, nincs cím, névtelen, ohne titel, ora ono judule, pa titull, pas de titre, pealkiri puudub,
sans titre, sem título, sen titolo, sen título, sense títol, sentitola, senza titolo, sin título,
tanpa judul, tanpo judul, tiada tajuk, tidak berjudul, untitled, utan rubrik, utan titel, uten tittel,
zonder titel, χωρίς τίτλο, без заглавие, без заголовка, без названия, без назви, без наслов, без наслова,
безымянный, нема наслова, אין כותרת, ללא כותרת, بدون عنوان, بێ سه‌ردێڕ, بێ ناونیشان, تېمىسىز, ماۋزۇسىز,
শিরোনামহীন, தலைப்பிடப்படாதது, தலைப்பில்லை, අඥාත, මාතෘකාවක් නොමැත, ไม่มีหัวข้อ, ေခါင်းစဉ်မတပ်ရေသး,
ေခါင်းစဉ်မရှိ, უსათაურო, タイトルなし, 名称未設定, 无标题, 未命名, 無標題, 제목 없음, 제목없음
"""
# The same in English, and in newer and older translations; what a template writes for a title that is not
# there; what Tumblr calls a post of a picture (all unverified).
_OTHERS = """
untitled, no title, no subject, untitled post, untitled document, new post, auto draft, titleless, undefined,
null, none, nan, [object Object], {{ title }}, unbenannt, ohne titel, kein betreff, sans objet,
brouillon auto, sin asunto, senza oggetto, naamloos, geen onderwerp, namnlös, uten navn, bez tytulu,
без темы, 無題, 无题, 제목 없음, photo, photoset
"""

UNTITLED = frozenset(
    folded(words) for table in (_WORDPRESS, _OTHERS) for words in table.replace("\n", " ").split(",")
) - {""}
"""Such titles, as `folded` has them."""
