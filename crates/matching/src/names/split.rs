//! Text cut into words: order, brackets, abbreviations, titles.

use super::read::{Kind, Reading};
use super::script::letters_of;
use crate::normalise::fold::fold;
use crate::tables::titles::{self, Role};

/// A word before its script and its part are known.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    pub(super) text: String,
    /// Name, title or, from brackets and quotation marks, alias.
    pub(super) kind: Kind,
    /// Whether a hyphen ties it to the word before.
    pub(super) continues: bool,
    dotted: bool,
}

/// Cuts a text into words in the order given name first, where a comma tells the order.
pub(super) fn split(text: &str) -> (Vec<Raw>, bool) {
    let text = text
        .replace(['’', '‘', 'ʼ', 'ʻ', 'ʾ', 'ʿ', '`', '´', 'ʹ'], "'")
        .replace(" s/o ", " bin ")
        .replace(" S/O ", " bin ")
        .replace(" d/o ", " bin ")
        .replace(" D/O ", " bin ");
    let (main, aliases) = take_aliases(&text);
    let parts: Vec<Vec<Raw>> = main
        .split([',', '،', '、', ';'])
        .map(|part| words_of(part, Kind::Name))
        .filter(|part| !part.is_empty())
        .collect();
    let is_addition = |part: &Vec<Raw>| {
        part.iter().all(|raw| {
            matches!(
                titles::role_of(&letters_of(&fold(&raw.text))),
                Some(Role::Title | Role::Man | Role::Woman | Role::Generation(_))
            )
        })
    };
    let mut parts = parts.into_iter();
    let mut words = parts.next().unwrap_or_default();
    let mut behind = Vec::new();
    let mut ordered = false;
    let mut given = Vec::new();
    for part in parts {
        if is_addition(&part) && part.iter().all(|raw| raw.text.chars().count() > 1) {
            behind.extend(part);
        } else {
            ordered = true;
            given.extend(part);
        }
    }
    given.extend(words);
    words = given;
    words.extend(behind);
    words.extend(aliases);
    (words, ordered)
}

/// Takes out what stands in brackets or quotation marks, or behind "alias".
fn take_aliases(text: &str) -> (String, Vec<Raw>) {
    let mut main = String::with_capacity(text.len());
    let mut aliases = Vec::new();
    let mut inside = String::new();
    let mut closing: Option<char> = None;
    let mut before = ' ';
    let letters: Vec<char> = text.chars().collect();
    for (place, &letter) in letters.iter().enumerate() {
        let closes = match letter {
            '(' | '（' => Some(')'),
            '[' => Some(']'),
            '"' => Some('"'),
            '“' | '„' => Some('”'),
            '«' => Some('»'),
            // A quoted nickname, not the apostrophe of O'Brien or of 'Abd al-Rahman.
            '\'' if before.is_whitespace()
                && letters[place + 1..]
                    .iter()
                    .position(|c| *c == '\'')
                    .is_some_and(|end| {
                        letters[place + 1..]
                            .get(end + 1)
                            .is_none_or(|next| next.is_whitespace())
                    }) =>
            {
                Some('\'')
            }
            _ => None,
        };
        before = letter;
        match closing {
            Some(end)
                if letter == end
                    || (end == ')' && letter == '）')
                    || (end == '”' && letter == '“') =>
            {
                aliases.extend(words_of(&inside, Kind::Alias));
                inside.clear();
                closing = None;
                main.push(' ');
            }
            Some(_) => inside.push(letter),
            None => match closes {
                Some(end) => closing = Some(end),
                None => main.push(letter),
            },
        }
    }
    // An opening mark without its end encloses nothing.
    main.push(' ');
    main.push_str(&inside);
    let lower = main.to_lowercase();
    for marker in [
        " a.k.a. ", " aka ", " a.k.a ", " alias ", " @ ", " f.k.a. ", " fka ",
    ] {
        // Lower-casing may move bytes in some scripts; then the marker stays part of the name.
        if let Some(at) = lower.find(marker)
            && lower.len() == main.len()
            && main.is_char_boundary(at)
            && main.is_char_boundary(at + marker.len())
        {
            aliases.extend(words_of(&main[at + marker.len()..], Kind::Alias));
            main.truncate(at);
            break;
        }
    }
    if main.trim().is_empty() {
        // A name that stands in brackets as a whole is a name.
        let inner: Vec<String> = aliases.drain(..).map(|raw| raw.text).collect();
        return (inner.join(" "), Vec::new());
    }
    (main, aliases)
}

/// Words between separators; abbreviations with dots inside (`Ph.D.`, `H.E.`) become one word,
/// initials (`J.R.`) several.
fn words_of(text: &str, kind: Kind) -> Vec<Raw> {
    let mut out = Vec::new();
    let mut after_hyphen = false;
    for piece in text.split_inclusive(is_separator) {
        let continues = after_hyphen;
        after_hyphen = piece.ends_with(is_hyphen);
        let piece = piece.strip_suffix(is_separator).unwrap_or(piece);
        let compact: String = piece.chars().filter(|c| *c != '.').collect();
        if compact.is_empty() {
            continue;
        }
        let dotted = piece.contains('.');
        // A reference number is no name.
        let digits = compact.chars().filter(char::is_ascii_digit).count();
        let kind = if digits > 1 { Kind::Alias } else { kind };
        let inner = piece.trim_end_matches('.').contains('.');
        let folded = fold(&compact);
        if inner
            && !matches!(
                titles::role_of(&folded),
                Some(Role::Title | Role::Man | Role::Woman)
            )
        {
            for part in piece.split('.').filter(|part| !part.is_empty()) {
                out.push(Raw {
                    text: part.to_owned(),
                    kind,
                    continues,
                    dotted: true,
                });
            }
        } else {
            out.push(Raw {
                text: compact,
                kind,
                continues,
                dotted,
            });
        }
    }
    out
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || is_hyphen(c)
        || matches!(
            c,
            '_' | '/'
                | '\\'
                | '|'
                | '·'
                | '・'
                | '•'
                | '‧'
                | '='
                | '+'
                | '*'
                | '#'
                | '~'
                | '^'
                | ':'
                | '<'
                | '>'
        )
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '–' | '—' | '־')
}

/// Marks the titles, remembering what they say, as long as a name remains; generations go.
pub(super) fn mark_titles(raws: Vec<Raw>, reading: &mut Reading) -> Vec<Raw> {
    let folded: Vec<String> = raws
        .iter()
        .map(|raw| letters_of(&fold(&raw.text)))
        .collect();
    let roles: Vec<Option<Role>> = folded.iter().map(|word| titles::role_of(word)).collect();
    let is_title = |role: Option<Role>| {
        matches!(
            role,
            Some(Role::Title | Role::Man | Role::Woman | Role::Generation(_))
        )
    };
    let names = roles
        .iter()
        .zip(&raws)
        .filter(|(role, raw)| {
            raw.kind != Kind::Alias
                && !is_title(**role)
                && !matches!(role, Some(Role::Particle))
                && raw.text.chars().count() > 1
        })
        .count();
    let count = raws.len();
    let mut out = Vec::with_capacity(count);
    for (place, (mut raw, role)) in raws.into_iter().zip(roles).enumerate() {
        let word = folded[place].as_str();
        // "King" in front of two names is a title, in "Stephen King" it is a name; so is "U".
        let ambiguous = titles::is_also_name(word)
            && !(raw.dotted && word.len() > 1)
            && !(place == 0 && word.len() > 3)
            && !(word == "md" && place + 1 == count && names >= 2);
        match role {
            Some(Role::Generation(number)) if place > 0 && names >= 1 => {
                reading.generation = number;
            }
            // In front of a name Sr. is Señor.
            Some(Role::Title | Role::Man | Role::Woman | Role::Generation(_))
                if names >= 1 && !ambiguous =>
            {
                match role {
                    Some(Role::Man) => reading.man = Some(true),
                    Some(Role::Woman) => reading.man = Some(false),
                    _ => {}
                }
                raw.kind = Kind::Title;
                out.push(raw);
            }
            _ => out.push(raw),
        }
    }
    out
}
