//! Languages of the page, and what its fixed parts say in each. What the script says stands in
//! `www/lang-*.js`.

use std::str::FromStr;

/// A language of the page.
#[derive(Debug)]
pub struct Language {
    /// Its code; also the end of its module's name.
    code: &'static str,
    /// Whether it is written from right to left.
    right_to_left: bool,
    /// English, and the same in this language.
    texts: &'static [(&'static str, &'static str)],
}

/// A language as it was asked for: with a region, perhaps.
#[derive(Clone, Debug)]
pub struct Tongue {
    /// What was asked for, such as `de-AT`.
    pub tag: String,
    language: &'static Language,
}

const ENGLISH: Language = Language {
    code: "en",
    right_to_left: false,
    texts: &[],
};

const GERMAN: Language = Language {
    code: "de",
    right_to_left: false,
    texts: &[
        (
            "Search titles, abstracts and authors",
            "Titel, Zusammenfassungen und Autoren durchsuchen",
        ),
        ("Papers in this collection", "Artikel in dieser Sammlung"),
        (
            "Type a few words; the last one may be unfinished. Papers with all the words come first.",
            "Tippen Sie ein paar Wörter; das letzte darf unfertig sein. Artikel mit allen Wörtern kommen zuerst.",
        ),
        (
            "Searching needs JavaScript. These are some of the papers; each title leads to its paper.",
            "Die Suche braucht JavaScript. Hier stehen einige der Artikel; jeder Titel führt zu seinem Artikel.",
        ),
        ("Newest papers", "Neueste Artikel"),
        ("Oldest papers", "Älteste Artikel"),
        ("Some of the papers", "Einige der Artikel"),
        ("Topics", "Themen"),
        ("Papers by day", "Artikel nach Tagen"),
        ("All days", "Alle Tage"),
        ("How to search", "So wird gesucht"),
        ("exact phrase", "genaue Wortfolge"),
        ("words in this order;", "Wörter in dieser Reihenfolge;"),
        ("one word as it stands", "ein Wort, so wie es dasteht"),
        ("word", "wort"),
        ("papers without it", "Artikel ohne das Wort"),
        (
            "either; parentheses may hold more",
            "eines von beiden; Klammern fassen mehr",
        ),
        (
            "before a word, a phrase or parentheses",
            "vor einem Wort, einer Wortfolge oder Klammern",
        ),
        ("filters; also", "Filter; auch"),
        ("every word that begins so", "jedes Wort, das so beginnt"),
        (
            "an arXiv id, a DOI or an address finds its paper",
            "eine arXiv-Nummer, eine DOI oder eine Adresse findet ihren Artikel",
        ),
        (
            "The search runs in your browser: what you type goes to nobody but this site’s own host.",
            "Gesucht wird in Ihrem Browser: Was Sie tippen, erfährt niemand außer dem Server dieser Seite.",
        ),
        (
            "This file is incomplete: only {n} % of it is here. Copy or download it again.",
            "Diese Datei ist unvollständig: Nur {n} % von ihr sind da. Kopieren Sie sie noch einmal oder laden Sie sie neu herunter.",
        ),
        (
            "This browser cannot open the papers in this file ({reason}). Try a newer one.",
            "Dieser Browser kann die Artikel in dieser Datei nicht öffnen ({reason}). Nehmen Sie einen neueren.",
        ),
    ],
};

const ARABIC: Language = Language {
    code: "ar",
    right_to_left: true,
    texts: &[
        (
            "Search titles, abstracts and authors",
            "ابحث في العناوين والملخّصات والمؤلفين",
        ),
        ("Papers in this collection", "عدد الأبحاث في هذه المجموعة"),
        (
            "Type a few words; the last one may be unfinished. Papers with all the words come first.",
            "اكتب بضع كلمات، وقد تكون الأخيرة غير مكتملة. تأتي أولًا الأبحاث التي فيها كل الكلمات.",
        ),
        (
            "Searching needs JavaScript. These are some of the papers; each title leads to its paper.",
            "البحث يحتاج إلى JavaScript. هذه بعض الأبحاث، ويقود كل عنوان إلى بحثه.",
        ),
        ("Newest papers", "أحدث الأبحاث"),
        ("Oldest papers", "أقدم الأبحاث"),
        ("Some of the papers", "بعض الأبحاث"),
        ("Topics", "المواضيع"),
        ("Papers by day", "الأبحاث حسب اليوم"),
        ("All days", "كل الأيام"),
        ("How to search", "كيف تبحث"),
        ("exact phrase", "عبارة كما هي"),
        ("words in this order;", "كلمات بهذا الترتيب؛"),
        ("one word as it stands", "كلمة واحدة كما هي"),
        ("word", "كلمة"),
        ("papers without it", "أبحاث تخلو منها"),
        (
            "either; parentheses may hold more",
            "إحداهما؛ وقد تضم الأقواس أكثر",
        ),
        (
            "before a word, a phrase or parentheses",
            "قبل كلمة أو عبارة أو أقواس",
        ),
        ("filters; also", "مرشّحات؛ وكذلك"),
        ("every word that begins so", "كل كلمة تبدأ هكذا"),
        (
            "an arXiv id, a DOI or an address finds its paper",
            "رقم arXiv أو DOI أو عنوان يجد بحثه",
        ),
        (
            "The search runs in your browser: what you type goes to nobody but this site’s own host.",
            "يجري البحث في متصفحك: ما تكتبه لا يصل إلى أحد سوى خادم هذا الموقع.",
        ),
        (
            "This file is incomplete: only {n} % of it is here. Copy or download it again.",
            "هذا الملف ناقص: لا يوجد منه هنا سوى {n} %. انسخه أو نزّله من جديد.",
        ),
        (
            "This browser cannot open the papers in this file ({reason}). Try a newer one.",
            "لا يستطيع هذا المتصفح فتح الأبحاث في هذا الملف ({reason}). جرّب متصفحًا أحدث.",
        ),
    ],
};

const LANGUAGES: &[&Language] = &[&ENGLISH, &GERMAN, &ARABIC];

impl FromStr for Tongue {
    type Err = String;

    fn from_str(tag: &str) -> Result<Self, String> {
        let code = tag.split('-').next().unwrap_or_default().to_lowercase();
        let plain = tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        match LANGUAGES.iter().find(|language| language.code == code) {
            Some(&language) if plain => Ok(Self {
                tag: tag.to_owned(),
                language,
            }),
            _ => {
                let codes: Vec<_> = LANGUAGES.iter().map(|language| language.code).collect();
                Err(format!(
                    "the page has no texts in it: choose one of {}",
                    codes.join(", ")
                ))
            }
        }
    }
}

impl Default for Tongue {
    fn default() -> Self {
        Self {
            tag: ENGLISH.code.to_owned(),
            language: &ENGLISH,
        }
    }
}

impl Tongue {
    /// Which way it is written, as HTML says it.
    pub fn direction(&self) -> &'static str {
        if self.language.right_to_left {
            "rtl"
        } else {
            "ltr"
        }
    }

    /// The file in the client's folder that holds the script's texts; none for English, whose texts
    /// the script has itself.
    pub fn module(&self) -> Option<String> {
        (self.language.code != ENGLISH.code).then(|| format!("lang-{}.js", self.language.code))
    }

    /// What the page says for something in English; the English where there is nothing else.
    pub fn say<'t>(&self, english: &'t str) -> &'t str {
        let found = self
            .language
            .texts
            .iter()
            .find(|(from, _)| *from == english);
        found.map_or(english, |(_, to)| to)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::listing::{ALL_DAYS, List};
    use std::collections::BTreeSet;

    const PAGE: &str = concat!(
        include_str!("../../www/index.html"),
        include_str!("../../www/single.js")
    );

    #[test]
    fn every_language_has_every_text_of_the_page_and_no_other() {
        let marked = PAGE
            .split("__(")
            .skip(1)
            .map(|rest| rest.split(")__").next().unwrap());
        let wanted: BTreeSet<&str> = marked
            .chain(List::ALL.map(List::heading))
            .chain([ALL_DAYS])
            .collect();
        assert!(wanted.len() > 10, "{wanted:?}");
        for language in LANGUAGES.iter().filter(|language| language.code != "en") {
            let has: BTreeSet<&str> = language.texts.iter().map(|(from, _)| *from).collect();
            assert_eq!(wanted, has, "{}", language.code);
            assert!(
                language
                    .texts
                    .iter()
                    .all(|(_, to)| !to.is_empty() && !to.contains(['<', '&', '"']))
            );
        }
    }

    #[test]
    fn a_region_changes_nothing_but_the_tag() {
        let tongue: Tongue = "de-AT".parse().unwrap();
        assert_eq!(tongue.module().as_deref(), Some("lang-de.js"));
        assert_eq!((&*tongue.tag, tongue.direction()), ("de-AT", "ltr"));
        assert_eq!(tongue.say("Topics"), "Themen");
        assert_eq!(tongue.say("Unheard of"), "Unheard of");
        assert_eq!("ar".parse::<Tongue>().unwrap().direction(), "rtl");
        assert_eq!("en".parse::<Tongue>().unwrap().module(), None);
    }

    #[test]
    fn other_languages_are_refused() {
        for tag in ["fr", "", "de\" onload=\"x", "klingon"] {
            assert!(tag.parse::<Tongue>().is_err(), "{tag}");
        }
    }
}
