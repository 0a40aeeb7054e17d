"""What stands before the words of an entry without being their beginning, and what is no words at all, as data.

Unverified, from memory (2026-11). In a template `*` stands for a name, a date or a title, `#` for a number.
"""

CAPTIONS = (
    "Photo", "Photos", "Photo credit", "Photo credits", "Photograph", "Photography", "Photographer", "Picture",
    "Image", "Images", "Image credit", "Image credits", "Image source", "Featured image", "Cover image",
    "Cover photo", "Cover", "Header image", "Credit", "Credits", "Courtesy", "Caption", "Screenshot",
    "Illustration", "Illustrations", "Figure", "Fig.", "Source", "Video", "Video credit",
    "Crédit", "Crédits", "Crédit photo", "Crédits photo", "Crédit photos", "Crédits photos", "Crédit image",
    "Légende", "Dessin", "Visuel", "Photographie", "Image à la une",
    "Foto", "Fotos", "Bild", "Bilder", "Bildquelle", "Bildnachweis", "Bildrechte", "Beitragsbild", "Titelbild",
    "Abbildung", "Abb.", "Grafik", "Quelle", "Fotografie",
    "Imagen", "Imágenes", "Crédito", "Créditos", "Fuente", "Fotografía", "Ilustración",
    "Immagine", "Immagini", "Foto di copertina", "Crediti", "Fonte", "Illustrazione",
    "Imagem", "Imagens", "Crédito da imagem", "Fotografia", "Ilustração",
    "Afbeelding", "Beeld", "Bron", "Illustratie",
    "Billede", "Bilde", "Källa", "Kilde", "Fotograf", "Zdjęcie", "Zdjęcia", "Źródło", "Fot.", "Kuva", "Kuvat",
    "Obrázek", "Zdroj", "Фото", "Изображение", "Источник", "写真", "画像", "図", "图片", "照片",
)  # fmt: skip
"""What begins a caption or a credit: `Photo : AFP`, `Photo by Jane Doe`, `(Image: Jane)`."""

BY = ("by", "courtesy of", "via", "from", "par", "von", "de", "di", "da", "door", "av", "af")
"""What stands between a caption's word and a name."""

BYLINES = ("By", "Written by", "Posted by", "Words by", "Story by", "Text by", "Author:", "Par", "Écrit par",
    "Publié par", "Texte :", "Auteur :", "Von", "Geschrieben von", "Autor:", "Por", "Escrito por", "Di",
    "Scritto da", "Door", "Geschreven door", "Av", "Skrivet av", "Af", "Tekst:", "Autorka:")  # fmt: skip
"""What stands before the names of authors in a line of their own."""

DATED = ("Published", "Published on", "Published:", "Posted on", "Posted", "Updated", "Updated on", "Updated:",
    "Last updated", "Last updated on", "Last updated:", "Date:", "Publié le", "Mis à jour le", "Posté le",
    "Veröffentlicht am", "Aktualisiert am", "Stand:", "Publicado el", "Publicado em", "Actualizado el",
    "Pubblicato il", "Aggiornato il", "Gepubliceerd op", "Geplaatst op", "Publicerad", "Publicerad den",
    "Publiceret", "Publisert", "Opublikowano", "Опубликовано")  # fmt: skip
"""What stands before a date in a line of its own."""

LINES = (
    "# min", "# mins", "# min read", "# mins read", "# minute read", "# minutes read", "# minutes to read",
    "#-min read", "#-minute read", "# minutes de lecture", "# min de lecture", "# Min. Lesezeit",
    "# Minuten Lesezeit", "# min di lettura", "# minuti di lettura", "# min de lectura", "# minutos de lectura",
    "# min de leitura", "# minutos de leitura", "# min leestijd", "# min läsning", "# min czytania",
    "Reading time: *", "Reading time *", "Estimated reading time: *", "Read time: *", "Time to read: *",
    "Temps de lecture : *", "Temps de lecture *", "Temps de lecture estimé : *", "Durée de lecture : *",
    "Lesezeit: *", "Lesedauer: *", "Geschätzte Lesezeit: *", "Tiempo de lectura: *", "Tempo di lettura: *",
    "Tempo de leitura: *", "Leestijd: *", "Lästid: *", "Læsetid: *", "Lesetid: *", "Lukuaika: *",
    "Czas czytania: *",
    "Listen to this article", "Listen to this post", "Listen to this story", "Listen to this episode",
    "Listen to this blog post", "Listen to the article", "Listen to the audio version", "Audio version",
    "Écouter cet article", "Écoutez cet article", "Artikel anhören", "Beitrag anhören",
    "Diesen Artikel anhören",
    "Escuchar este artículo", "Escucha este artículo", "Ascolta l’articolo", "Ascolta questo articolo",
    "Ouça este artigo", "Beluister dit artikel", "Lyssna på artikeln", "Posłuchaj artykułu",
    "This post may contain affiliate links*", "This article may contain affiliate links*",
    "This post contains affiliate links*", "This article contains affiliate links*",
    "This page contains affiliate links*", "This page may contain affiliate links*",
    "This site contains affiliate links*", "Disclosure: *affiliate*", "Disclaimer: *affiliate*",
    "Affiliate disclosure*", "Some of the links * affiliate *", "As an Amazon Associate *",
    "Cet article contient des liens affiliés*", "Cet article peut contenir des liens affiliés*",
    "Dieser Beitrag enthält Affiliate*", "Dieser Artikel enthält Affiliate*", "Dieser Beitrag enthält Werbung*",
    "Este artículo contiene enlaces de afiliados*", "Questo articolo contiene link di affiliazione*",
    "Este post contém links de afiliados*", "Dit artikel bevat affiliate*",
    "Advertisement", "Advertisements", "Sponsored", "Sponsored post", "Publicité", "Anzeige", "Werbung",
    "Publicidad", "Pubblicità", "Publicidade", "Advertentie", "Annons", "Reklama",
    "Skip to content", "Jump to recipe", "Jump to recipe print recipe", "Print recipe", "Table of contents",
    "Contents", "Sommaire", "Table des matières", "Inhaltsverzeichnis", "Inhalt", "Índice", "Indice",
    "View this email in your browser", "View in browser", "View post on Instagram", "Share this",
    "Click here to view original web page at *", "Download PDF", "Download audio", "Play episode",
)  # fmt: skip
"""Whole lines."""

NOTHING = frozenset((
    "null", "undefined", "none", "nan", "n a", "nil", "false", "true", "0", "object object", "todo", "tbd",
    "test",
    "description", "summary", "excerpt", "abstract", "no description", "no description available",
    "no description provided", "no summary", "no summary available", "no excerpt", "no content",
    "description not available", "there is no description", "post description", "description here",
    "a short description", "your description here", "add a description", "nothing here",
    "comments", "link", "untitled", "read more", "click here",
    "aucune description", "pas de description", "aucun résumé", "description à venir", "sans description",
    "keine beschreibung", "keine beschreibung verfügbar", "beschreibung", "keine zusammenfassung",
    "sin descripción", "descripción", "nessuna descrizione", "descrizione", "sem descrição", "descrição",
    "geen beschrijving", "beschrijving", "ingen beskrivning", "beskrivning", "ingen beskrivelse", "brak opisu",
))  # fmt: skip
"""What programs and templates leave where somebody wrote nothing: lower case, without punctuation."""

FILLER = ("lorem ipsum dolor sit amet",)
"""How the text of an unfinished template begins."""
