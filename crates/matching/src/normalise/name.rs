//! Names taken apart into given and family tokens, whatever order and decoration they came in.

use super::fold::fold;
use crate::tables::NameTables;

/// The tokens of one name, folded, in the order of the source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Name {
    /// Given name first, then middle names and initials.
    pub(crate) given: Vec<String>,
    /// Family name; several tokens when it is compound.
    pub(crate) family: Vec<String>,
}

/// Words in front of or behind a name that are no part of it, sorted.
const TITLES: [&str; 52] = [
    "1st",
    "2nd",
    "3rd",
    "4th",
    "5th",
    "6th",
    "7th",
    "8th",
    "admiral",
    "baron",
    "baroness",
    "baronet",
    "bt",
    "capt",
    "captain",
    "col",
    "colonel",
    "count",
    "countess",
    "dame",
    "dipl",
    "dr",
    "duke",
    "earl",
    "esq",
    "ext",
    "frau",
    "general",
    "herr",
    "hon",
    "ii",
    "iii",
    "ing",
    "jr",
    "lady",
    "lord",
    "maj",
    "major",
    "mba",
    "miss",
    "mr",
    "mrs",
    "ms",
    "phd",
    "prof",
    "professor",
    "rev",
    "reverend",
    "sir",
    "sr",
    "the",
    "viscount",
];

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
        family: without_particles(tokens(family, tables)),
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
    if let [only] = all.as_slice()
        && let Some(name) = split_han(full.trim(), only)
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

/// A Chinese name is written without a space, the family name first and nearly always one
/// character long.
fn split_han(full: &str, _romanised: &str) -> Option<Name> {
    let characters: Vec<char> = full.chars().collect();
    let han = |character: &char| ('\u{4e00}'..='\u{9fff}').contains(character);
    if !(2..=4).contains(&characters.len()) || !characters.iter().all(han) {
        return None;
    }
    let family_length = if characters.len() == 4 { 2 } else { 1 };
    let part = |from: &[char]| fold(&from.iter().collect::<String>()).replace(' ', "");
    Some(Name {
        given: vec![part(&characters[family_length..])],
        family: vec![part(&characters[..family_length])],
    })
}

/// Folded tokens of a name without titles and bracketed remarks. Hyphens and spaces both separate;
/// apostrophes join ("O'Brien" is `obrien`).
fn tokens(text: &str, tables: &NameTables) -> Vec<String> {
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
    if out.iter().any(|token: &String| !is_title(token)) {
        out.retain(|token| !is_title(token));
    }
    out
}

fn is_title(token: &str) -> bool {
    TITLES.binary_search(&token).is_ok()
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
        assert!(TITLES.is_sorted());
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
        assert_eq!(
            parsed("Елена", "Иванова", ""),
            ("elena".into(), "ivanova".into())
        );
    }
}
