//! Words around a name: honorifics, degrees, ranks, generations, particles, markers of descent.

/// What a word around a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Honorific, rank, degree: no part of the name.
    Title,
    /// A title that tells a man.
    Man,
    /// A title that tells a woman.
    Woman,
    /// Jr., III: tells father from son.
    Generation(u8),
    /// Particle of a family name, kept, dropped or glued at will.
    Particle,
    /// `bin`, `ibn`: the name behind it is the father's.
    SonOf,
    /// `oglu`, `kyzy`: the name before it is the father's.
    OfFather,
    /// `Abu`, `Umm`: with the name behind it a name of honour.
    Kunya,
    /// `née`, `geb.`: the name behind it is an earlier one.
    Born,
}

#[rustfmt::skip] // read as one list
const TITLES: &[&str] = &[
    "adm", "admiral", "adv", "advocate", "alhadj", "alhaj", "alhaji", "alhajj", "amb",
    "ambassador", "archbishop", "arq", "attorney", "atty", "avv", "ayatollah", "ba", "baron",
    "bishop", "brig", "brigadier", "bsc", "capitan", "capt", "captain", "cardinal", "cbe",
    "cdr", "chairman", "chancellor", "cheikh", "chevalier", "chief", "cmdr", "col", "colonel",
    "comandante", "commander", "commodore", "comrade", "congressman", "councillor", "count",
    "cpa", "cpl", "crown", "dato", "datuk", "dc", "deacon", "dipl", "doc", "docteur", "doctor",
    "dott", "dottor", "dr", "drs", "duke", "earl", "elhadj", "elhaj", "emperor", "encik", "eng",
    "engineer", "engr", "esq", "esquire", "ex", "excellency", "fr", "gen", "general", "gov",
    "governor", "gral", "hadj", "hadji", "hafiz", "haj", "haji", "hajj", "hajji", "hazrat",
    "he", "his", "hon", "honorable", "honourable", "hrh", "ing", "ingeniero", "inspector", "jd",
    "judge", "justice", "kbe", "khun", "king", "lic", "licenciado", "lieut", "lieutenant", "ll",
    "llb", "llm", "lord", "lt", "lta", "ltc", "ltcol", "ltgen", "ma", "maestro", "mag",
    "maitre", "maj", "majgen", "major", "marechal", "marquis", "marshal", "master", "maulana",
    "maulawi", "maulvi", "mawlawi", "mba", "mbe", "md", "me", "mep", "mgr", "minister", "mirza",
    "mla", "mna", "molla", "monsignor", "moulana", "mp", "mphil", "msc", "msgr", "mufti",
    "mulla", "mullah", "obe", "ofm", "padre", "pastor", "patriarch", "phd", "pope", "pres",
    "president", "prime", "prince", "prof", "professor", "qari", "qc", "rabbi", "rear", "rep",
    "ret", "retd", "rev", "reverend", "saint", "sen", "senator", "sergeant", "sgt", "shaikh",
    "shaykh", "sheik", "sheikh", "sheykh", "sj", "sqn", "sultan", "tan", "tengku", "tuan",
    "tun", "ustad", "ustadh", "ustaz", "vice", "viscount", "zoti",
];

#[rustfmt::skip] // read as one list
const MEN: &[&str] = &[
    "bay", "don", "effendi", "gospodin", "herr", "hr", "m", "mister", "monsieur", "mr", "pan",
    "senhor", "senor", "shri", "shriman", "sig", "signor", "sir", "sri", "u",
];

#[rustfmt::skip] // read as one list
const WOMEN: &[&str] = &[
    "baroness", "bayan", "countess", "dame", "daw", "dona", "duchess", "frau", "fru",
    "gospozha", "hajah", "hajiah", "hajja", "hajjah", "kumari", "lady", "madam", "madame",
    "miss", "missus", "mlle", "mme", "mrs", "ms", "pani", "princess", "puan", "queen",
    "senhora", "senora", "senorita", "shrimati", "signora", "smt", "sra", "srta",
];

/// Titles that are a name as often; they count as titles only where a name remains without them.
#[rustfmt::skip] // read as one list
const ALSO_NAMES: &[&str] = &[
    "baron", "bishop", "chancellor", "chevalier", "count", "crown", "dame", "dc", "deacon",
    "doc", "don", "duke", "earl", "eng", "ex", "fr", "he", "king", "lady", "lord", "ma",
    "major", "marshal", "marquis", "master", "md", "me", "mirza", "pastor", "pan", "pope",
    "prince", "prime", "queen", "rear", "rep", "saint", "sultan", "tan", "tun", "u", "vice",
    "justice", "judge", "bay", "sri", "hr", "m", "mag", "ba", "hafiz", "captain", "general",
    "senior", "junior", "governor", "pres", "commander", "his", "doctor", "sen", "miss", "amb",
    "sig", "adv", "gen",
];

#[rustfmt::skip] // read as one list
const PARTICLES: &[&str] = &[
    "a", "af", "al", "ale", "an", "ap", "as", "at", "av", "da", "dal", "dalla", "das", "de",
    "degli", "dei", "del", "della", "den", "der", "di", "do", "dos", "du", "e", "ed", "el",
    "es", "et", "het", "i", "il", "in", "l", "la", "las", "le", "les", "lo", "los", "of", "op",
    "os", "t", "te", "ten", "ter", "the", "to", "u", "ud", "ul", "ur", "van", "vande", "vanden",
    "vander", "vom", "von", "y", "ye", "zu", "zum", "zur",
];

/// What a folded word says when it stands around a name, if anything.
pub(crate) fn role_of(word: &str) -> Option<Role> {
    let has = |table: &[&str]| table.binary_search(&word).is_ok();
    Some(match word {
        "jr" | "jnr" | "junior" | "filho" => Role::Generation(1),
        "sr" | "snr" | "senior" => Role::Generation(9),
        "ii" | "2nd" => Role::Generation(2),
        "iii" | "3rd" => Role::Generation(3),
        "iv" | "4th" => Role::Generation(4),
        "bin" | "ibn" | "ben" | "bint" | "binti" | "binte" | "bn" | "bar" => Role::SonOf,
        "oglu" | "ogly" | "oghlu" | "ogli" | "ugli" | "uulu" | "uly" | "qizi" | "kizi" | "kyzy"
        | "gyzy" | "qyzy" | "kyz" => Role::OfFather,
        "abu" | "abou" | "abi" | "aboo" | "umm" | "um" | "oum" => Role::Kunya,
        "nee" | "ne" | "geb" | "geborene" | "born" | "formerly" => Role::Born,
        _ if has(MEN) => Role::Man,
        _ if has(WOMEN) => Role::Woman,
        _ if has(TITLES) => Role::Title,
        _ if has(PARTICLES) => Role::Particle,
        _ => return None,
    })
}

/// Titles of honour, rank, degree and order of birth that are names as well; in a directory of
/// people they mostly are titles.
const LIKELY: &[&str] = &[
    "1st", "5th", "6th", "7th", "8th", "baron", "baronet", "bt", "captain", "count", "dame",
    "duke", "earl", "ext", "general", "lady", "lord", "major", "miss", "sr", "the",
];

const GENERATIONS: &[&str] = &["2nd", "3rd", "4th", "ii", "iii", "iv", "jnr", "jr", "snr"];

/// Words that in a directory of people are hardly ever a name.
pub(crate) fn plain() -> impl Iterator<Item = &'static str> {
    let unambiguous = [TITLES, MEN, WOMEN]
        .into_iter()
        .flatten()
        .filter(|word| !is_also_name(word));
    unambiguous.chain(GENERATIONS).chain(LIKELY).copied()
}

/// Whether [`plain`] has this folded word.
pub(crate) fn is_plain(word: &str) -> bool {
    let has = |table: &[&str]| table.binary_search(&word).is_ok();
    has(LIKELY)
        || has(GENERATIONS)
        || (has(TITLES) || has(MEN) || has(WOMEN)) && !is_also_name(word)
}

/// Whether a title is somebody's name as often.
pub(crate) fn is_also_name(word: &str) -> bool {
    ALSO_NAMES.contains(&word)
}

/// Whether a folded word is a father's name by its ending: Slavic patronymics.
pub(crate) fn is_patronymic(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "ovich", "evich", "yevich", "ovych", "evych", "yovych", "ovitch", "evitch", "ovna", "evna",
        "yevna", "ivna", "yivna", "ichna", "inichna", "avich", "owitsch", "ewitsch",
    ];
    word.len() >= 7 && ENDINGS.iter().any(|end| word.ends_with(end))
        || matches!(
            word,
            "ilyich" | "ilich" | "ilyinichna" | "fomich" | "lukich" | "kuzmich" | "nikitich"
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::fold::fold;

    #[test]
    fn tables_are_sorted_folded_and_apart() {
        for table in [TITLES, MEN, WOMEN, PARTICLES, LIKELY, GENERATIONS] {
            assert!(table.is_sorted_by(|a, b| a < b), "{table:?}");
        }
        for title in ALSO_NAMES {
            assert_eq!(fold(title), *title);
        }
    }

    #[test]
    fn plain_titles_are_those_that_are_listed() {
        assert!(plain().all(is_plain));
        for word in ["dr", "sir", "haji", "general", "iii"] {
            assert!(is_plain(word), "{word}");
        }
        for word in ["king", "ma", "he", "smith", "de"] {
            assert!(!is_plain(word), "{word}");
        }
    }

    #[test]
    fn patronymics_are_told_by_their_ending() {
        for word in ["vladimirovich", "sergeyevna", "oleksandrovych", "ilyich"] {
            assert!(is_patronymic(word), "{word}");
        }
        for word in ["markovic", "rich", "anna"] {
            assert!(!is_patronymic(word), "{word}");
        }
    }
}
