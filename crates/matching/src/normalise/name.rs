//! Names taken apart into given and family tokens, whatever order and decoration they came in.

use super::fold::fold;
use crate::tables::titles;
use crate::tables::{NameTables, STYLES, syllable};

/// The tokens of one name, folded, in the order of the source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Name {
    /// Given name first, then middle names and initials.
    pub(crate) given: Vec<String>,
    /// Family name; several tokens when it is compound.
    pub(crate) family: Vec<String>,
}

/// Particles that systems keep, drop or glue at will, sorted.
const PARTICLES: [&str; 31] = [
    "af", "al", "av", "bar", "ben", "bin", "bint", "da", "das", "de", "degli", "del", "della",
    "den", "der", "di", "do", "dos", "du", "e", "el", "ibn", "la", "le", "of", "ter", "van", "von",
    "y", "zu", "zur",
];

/// Reads a name from its columns. The family column decides what is the family name; a whole
/// name adds the middle names that the columns leave out, or stands alone.
pub(crate) fn parse(given: &str, family: &str, full: &str, tables: &NameTables) -> Name {
    let mut name = Name {
        given: tokens(given, tables),
        family: family_tokens(family, tables),
    };
    if full.trim().is_empty() {
        return name;
    }
    if name.given.iter().all(|token| is_title(token)) {
        name.given.clear();
    }
    let whole = parse_full(full, tables);
    if name.family.is_empty() && name.given.is_empty() {
        return whole;
    }
    let all: Vec<&String> = whole.given.iter().chain(&whole.family).collect();
    if name.family.is_empty() && all.len() > 1 {
        return whole;
    }
    // The whole name is richer than its columns ("sir" | "bramwell" beside "sir byrom bramwell").
    if all.len() > name.given.len() + name.family.len()
        && name.family.iter().all(|token| all.contains(&token))
    {
        name.given = all
            .into_iter()
            .filter(|token| !name.family.contains(token))
            .cloned()
            .collect();
    }
    name
}

/// "Ada Lovelace", "Lovelace, Ada", "Dr. Ada King Lovelace (ext.)".
fn parse_full(full: &str, tables: &NameTables) -> Name {
    if let Some((family, given)) = full.split_once(',') {
        let (before, after) = (tokens(family, tables), tokens(given, tables));
        if !before.is_empty() && !after.is_empty() && (before.len() == 1 || after.len() <= 2) {
            return Name {
                given: after,
                family: without_particles(before),
            };
        }
    }
    let mut all = tokens(full, tables);
    if all.len() == 1
        && let Some(name) = split_characters(full.trim(), tables)
    {
        return name;
    }
    if all.len() < 2 {
        return Name {
            given: all,
            family: Vec::new(),
        };
    }
    let mut first_family = all.len() - 1;
    while first_family > 1
        && PARTICLES
            .binary_search(&all[first_family - 1].as_str())
            .is_ok()
    {
        first_family -= 1;
    }
    let family = without_particles(all.split_off(first_family));
    Name { given: all, family }
}

/// The family name of its column. Some Chinese characters are read in their own way there.
fn family_tokens(family: &str, tables: &NameTables) -> Vec<String> {
    if !family.is_ascii()
        && let Some(reading) = tables.family_reading(family.trim())
    {
        return vec![reading.to_owned()];
    }
    without_particles(tokens(family, tables))
}

/// A name in characters is written without a space, the family name first: one character long
/// with Chinese and Koreans, but for the known compounds; with Japanese as long as a known one.
fn split_characters(full: &str, tables: &NameTables) -> Option<Name> {
    if full.is_ascii() {
        return None;
    }
    let characters: Vec<char> = full.chars().collect();
    let all = |from: char, to: char| {
        (2..=5).contains(&characters.len())
            && characters
                .iter()
                .all(|letter| (from..=to).contains(letter) || *letter == '々')
    };
    let cut = |length: usize| -> (String, String) {
        (
            characters[..length].iter().collect(),
            characters[length..].iter().collect(),
        )
    };
    let name = |family: String, given: String| Name {
        given: vec![given],
        family: vec![family],
    };
    if all('\u{ac00}', '\u{d7a3}') {
        let (family, given) = cut(1);
        let spelled = given
            .chars()
            .filter_map(|block| syllable(block, STYLES[0]))
            .collect();
        return Some(name(tables.romanised(&family)?.to_owned(), spelled));
    }
    if !all('\u{4e00}', '\u{9fff}') {
        return None;
    }
    let read = |text: &str| fold(text).replace(' ', "");
    let japanese = (2..=3.min(characters.len() - 1)).rev().find_map(|length| {
        let (family, given) = cut(length);
        let family = tables.romanised(&family)?.to_owned();
        let given = tables
            .romanised(&given)
            .map_or_else(|| read(&given), str::to_owned);
        Some(name(family, given))
    });
    if japanese.is_some() {
        return japanese;
    }
    let is_compound = characters.len() > 2 && tables.is_compound_family(&cut(2).0);
    let (family, given) = cut(if is_compound || characters.len() == 4 {
        2
    } else {
        1
    });
    let family = tables
        .family_reading(&family)
        .map_or_else(|| read(&family), str::to_owned);
    Some(name(family, read(&given)))
}

/// Folded tokens of a name without titles and bracketed remarks. Hyphens and spaces both separate;
/// apostrophes join ("O'Brien" is `obrien`).
fn tokens(text: &str, tables: &NameTables) -> Vec<String> {
    let mut out: Vec<String> = if text.is_ascii() && !text.contains(['(', '[']) {
        plain_tokens(text)
    } else {
        decorated_tokens(text, tables)
    };
    let titles = out.iter().filter(|token| tables.is_title(token)).count();
    if titles > 0 && titles < out.len() {
        out.retain(|token| !tables.is_title(token));
    }
    out
}

/// The tokens of the usual ASCII name, one allocation each.
fn plain_tokens(text: &str) -> Vec<String> {
    let separates =
        |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'-' | b',' | b'/' | b'_' | b'.');
    text.as_bytes()
        .split(separates)
        .filter_map(|word| {
            let token: String = word
                .iter()
                .filter(|byte| byte.is_ascii_alphanumeric())
                .map(|byte| char::from(byte.to_ascii_lowercase()))
                .collect();
            (!token.is_empty()).then_some(token)
        })
        .collect()
}

/// The tokens of a name in any script, with remarks in brackets.
fn decorated_tokens(text: &str, tables: &NameTables) -> Vec<String> {
    let mut out = Vec::new();
    let mut depth = 0_usize;
    let cleaned: String = text
        .chars()
        .filter(|character| match character {
            '(' | '[' => {
                depth += 1;
                false
            }
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect();
    let separator =
        |c: char| c.is_whitespace() || matches!(c, '-' | ',' | '/' | '_' | '‐' | '–' | '・');
    for word in cleaned.split(separator) {
        // Dots behind initials that follow each other: "J.R.".
        for piece in word.split('.').filter(|piece| !piece.is_empty()) {
            let token = tables.romanised(piece).map_or_else(
                || {
                    fold(piece)
                        .chars()
                        .filter(char::is_ascii_alphanumeric)
                        .collect()
                },
                str::to_owned,
            );
            if !token.is_empty() {
                out.push(token);
            }
        }
    }
    out
}

/// Whether a folded word is a title or an honorific.
pub(crate) fn is_title(token: &str) -> bool {
    titles::is_plain(token)
}

fn without_particles(mut tokens: Vec<String>) -> Vec<String> {
    let is_particle = |token: &String| PARTICLES.binary_search(&token.as_str()).is_ok();
    if tokens.iter().any(|token| !is_particle(token)) {
        tokens.retain(|token| !is_particle(token));
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(given: &str, family: &str, full: &str) -> (String, String) {
        let name = parse(given, family, full, &NameTables::new());
        (name.given.join(" "), name.family.join(" "))
    }

    #[test]
    fn tables_are_sorted_for_the_search() {
        assert!(PARTICLES.is_sorted());
    }

    #[test]
    fn orders_titles_and_remarks_are_understood() {
        let ada = ("ada".to_owned(), "lovelace".to_owned());
        for full in [
            "Ada Lovelace",
            "Lovelace, Ada",
            "Dr. Ada Lovelace",
            "Ada Lovelace (ext.)",
        ] {
            assert_eq!(parsed("", "", full), ada, "{full}");
        }
        assert_eq!(parsed("Ada", "Lovelace", "Lovelace, Ada"), ada);
    }

    #[test]
    fn halves_are_read_the_same_together_and_alone() {
        let tables = NameTables::new();
        for (given, family) in [
            ("Ada", "King"),
            ("Dr. José", "de la Cruz"),
            ("健二", "佐藤"),
            ("", "曾"),
        ] {
            let both = parse(given, family, "", &tables);
            assert_eq!(both.given, parse(given, "", "", &tables).given);
            assert_eq!(both.family, parse("", family, "", &tables).family);
        }
    }

    #[test]
    fn compound_names_keep_their_parts() {
        assert_eq!(
            parsed("Jean-Luc", "O'Brien", ""),
            ("jean luc".into(), "obrien".into())
        );
        assert_eq!(
            parsed("", "", "Ludwig van der Rohe"),
            ("ludwig".into(), "rohe".into())
        );
        assert_eq!(
            parsed("Leila", "Al-Sayed", ""),
            ("leila".into(), "sayed".into())
        );
        assert_eq!(parsed("J.R.", "Smith", ""), ("j r".into(), "smith".into()));
    }

    #[test]
    fn the_whole_name_adds_what_the_columns_leave_out() {
        assert_eq!(
            parsed("sir", "bramwell", "sir byrom bramwell"),
            ("byrom".into(), "bramwell".into())
        );
        assert_eq!(
            parsed("ernest", "letts", "ernest frederick letts"),
            ("ernest frederick".into(), "letts".into())
        );
    }

    #[test]
    fn native_scripts_are_romanised() {
        assert_eq!(parsed("健二", "佐藤", ""), ("kenji".into(), "sato".into()));
        assert_eq!(parsed("", "", "王伟"), ("wei".into(), "wang".into()));
        assert_eq!(parsed("", "", "欧阳娜娜"), ("nana".into(), "ouyang".into()));
        assert_eq!(parsed("", "", "佐藤健二"), ("kenji".into(), "sato".into()));
        assert_eq!(parsed("", "", "김정은"), ("jeongeun".into(), "kim".into()));
        assert_eq!(parsed("国藩", "曾", ""), ("guofan".into(), "zeng".into()));
        assert_eq!(
            parsed("Елена", "Иванова", ""),
            ("elena".into(), "ivanova".into())
        );
    }
}
