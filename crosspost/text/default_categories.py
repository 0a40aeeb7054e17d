"""What engines call the category of an entry that has none: as a hashtag, it says nothing."""

from crosspost.text.fold import folded

# What WordPress calls its first category: the translations of "Uncategorized" that come with WordPress 6.1.9
# (Debian's wordpress-l10n, read 2026-11).
_WORDPRESS = """
Allgemein, Bez kategorii, Bez tēmas, Egyéb, Fără categorie, Geen categorie, Genel, General, Gun roinn-seòrsa,
Heb Gategori, I pakategorizuar, Ikke kategoriseret, Isio-gawanyo, Khác, Määratlemata, Nekategorisano,
Nekategorizirano, Neuvrščeni, Nezaradené, Nezařazené, Non classé, Okategoriserade, Ora ono kategorine,
Pelbagai, Sailkatugabeak, Sem categoria, Sen categorizar, Senkategoria, Senza categoria, Sin categoría,
Tak Berkategori, Tanpa Katagori, Ukategorisert, Yleinen, Χωρίς κατηγορία, Без категория, Без категорії,
Без рубрики, Некатегоризирано, Некатегоризовано, כללי, دسته‌بندی نشده, سەھىپە ئايرىلمىغان, غير مصنف, متفرق,
هاوپۆلنه‌كراو, বিভাগবিহীন, வகைப்படுத்தப்படாதது, වර්ගීකරණය නොකළ, ไม่มีหมวดหมู่, ကဏ္ဍ ခွဲမထား,
კატეგორიის გარეშე, 未分类, 未分類, 미분류
"""
# The same in English, and in newer and older translations (unverified).
_UNCATEGORIZED = """
Be kategorijos, Bez kategorie, Bez kategorije, Bez kategórie, Brez kategorije, Chưa phân loại,
Chưa được phân loại, Ikke kategorisert, Ikke-kategoriseret, Kategooriata, Kategorisiz, Kategorizálatlan,
Keine Kategorie, Luokittelematon, Luokittelemattomat, Necategorizat, Nekategorizēts, Nem kategorizált,
Nezařazeno, Nicht kategorisiert, Nieskategoryzowane, Niet gecategoriseerd, Non categorizzato, Non catégorisé,
Non classificato, Não categorizado, Ohne Kategorie, Okategoriserad, Sans catégorie, Sem classificação,
Sense categoria, Sense categoritzar, Sin categorizar, Sin clasificar, Tanpa kategori, Uncategorised,
Uncategorized, Unclassified, Unkategorisiert, Untagged, Zonder categorie, Αταξινόμητα, Без категории,
Некатегоризирани, Некатегоризовані, ללא קטגוריה, بدون تصنيف, بدون دسته, غير مصنفة, カテゴリーなし, 未归类,
未歸類, 카테고리 없음, Brak kategorii, Default category, Kein Thema, No category, Non classée, Non classés,
Non categorizzata, Non categorizzati, Not categorized, Okategoriserat, Sin categorías, Ukategoriseret,
Uncategorized articles, Uncategorized posts, Unsorted, Uten kategori, Without category,
Категория не определена, 分類なし, 未カテゴリ, 默认, 默认分类
"""
# Pelican's DEFAULT_CATEGORY is "misc" (settings.py of 4.11, read 2026-11), Joomla's "Uncategorised", Hexo's
# "uncategorized". Eleventy's and Jekyll's starters put everything into a collection or folder of this name
# (unverified). Beside them, what people write for a drawer without a name.
_DRAWERS = """
misc, miscellaneous, general, default, other, others, all, none, null, undefined, post, posts, blog post,
blog posts, Divers, Autre, Autres, Général, Sonstiges, Verschiedenes, Diverses, Varios, Otros, Varie, Altro,
Diversos, Outros, Geral, Diversen, Overig, Övrigt, Allmänt, Andet, Annet, Generelt, Muut, Inne, Różne,
Ogólne, Ostatní, Různé, Разное, Другое, Общее, その他, 其他, 其它, 기타, Diğer
"""

SAYS_NOTHING = frozenset(
    folded(name)
    for table in (_WORDPRESS, _UNCATEGORIZED, _DRAWERS)
    for name in table.replace("\n", " ").split(",")
) - {""}
"""Such categories, as `folded` has them."""
