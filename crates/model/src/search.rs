//! Searching for people also by what their CRM users are called.
//!
//! A person's search text is the person's own. What the CRM users in the person's cells add to it
//! is kept beside it, without numbers: ids and numbers of many CRM users would make it many times
//! as long, and a word with a digit in it is looked for among the CRM users themselves.

/// From how many characters on a part of a word is looked up in an index.
const INDEXED: usize = 3;
/// How many characters before its end tell an id from others.
const TELLING_END: usize = 6;
/// How many characters at its beginning tell an address from others.
const TELLING_START: usize = 10;

/// Whether a word has too few characters for an index.
pub fn is_short(word: &str) -> bool {
    word.chars().nth(INDEXED - 1).is_none()
}

/// Whether a word has to be looked for among CRM users too, because [`shown_text`] may have left
/// it out. Short words are not: they occur in nearly every id.
pub fn is_numbered(word: &str) -> bool {
    !is_short(word) && word.contains(|c: char| c.is_ascii_digit())
}

/// The part of a folded word by which an index finds it: where the part occurs somewhere, the word
/// itself still has to be looked for. Ids begin alike and have runs of zeros, so it is a few
/// characters up to the last digit; addresses end alike, so it is the beginning of what has none.
pub fn telling_part(word: &str) -> &str {
    let first = |most| {
        let end = word.char_indices().nth(most);
        end.map_or(word, |(at, _)| &word[..at])
    };
    let Some(last) = word.rfind(|c: char| c.is_ascii_digit()) else {
        return first(TELLING_START);
    };
    let head = &word[..=last];
    let from = head.char_indices().rev().nth(TELLING_END - 1);
    let part = from.map_or(head, |(at, _)| &head[at..]);
    if is_short(part) {
        first(TELLING_START)
    } else {
        part
    }
}

/// What `shown`, the search texts of the CRM users that a person's cells show, add to `own`, the
/// person's search text: every part without digits that does not occur there. A folded word that
/// is not [`is_numbered`] and not short occurs in one of the texts if it occurs in `own` or in
/// this; a short one at least if it is a word by itself or has no digits next to it.
pub fn shown_text<'a>(own: &str, shown: impl IntoIterator<Item = &'a str>) -> String {
    let mut added = String::new();
    for part in shown.into_iter().flat_map(parts) {
        if own.contains(part) || added.contains(part) {
            continue;
        }
        if !added.is_empty() {
            added.push(' ');
        }
        added.push_str(part);
    }
    added
}

/// The parts of a search text that are kept: short words, and what stands between digits.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ')
        .filter(|word| !word.is_empty())
        .flat_map(|word| {
            let short = is_short(word);
            let whole = short.then_some(word);
            let between = (!short).then(|| {
                word.split(|c: char| c.is_ascii_digit())
                    .filter(|part| !is_short(part))
            });
            whole.into_iter().chain(between.into_iter().flatten())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_person_lacks_is_added() {
        let own = "ann lee ann.lee@people.example 4711";
        assert_eq!(shown_text(own, ["ann lee", "ann.lee@people.example"]), "");
        assert_eq!(
            shown_text(own, ["sally lee sally@crm.example", "sally sales"]),
            "sally sally@crm.example sales"
        );
    }

    #[test]
    fn numbers_are_left_out_and_what_is_between_them_kept() {
        assert_eq!(
            shown_text("", ["jsmith42 005a0000001abcdefg u2 4711"]),
            "jsmith abcdefg u2"
        );
    }

    #[test]
    fn every_part_without_digits_is_found() {
        let (own, shown) = (
            "ann lee",
            "005a0000001abcdefg ann.lee2@crm7.example li \u{674e}",
        );
        let kept = shown_text(own, [shown]);
        let letters: Vec<char> = shown.chars().collect();
        for from in 0..letters.len() {
            for to in from + INDEXED..=letters.len() {
                let part: String = letters[from..to].iter().collect();
                if part.contains(' ') || is_numbered(&part) {
                    continue;
                }
                assert!(
                    own.contains(&part) || kept.contains(&part),
                    "{part}: {kept}"
                );
            }
        }
    }

    #[test]
    fn ids_are_told_apart_by_their_ends_and_addresses_by_their_beginnings() {
        for (word, part) in [
            ("005000000000013750", "013750"),
            ("005a0000001abcdefg", "000001"),
            ("ann.lee42@crm.example", ".lee42"),
            ("4711", "4711"),
            ("1abc", "1abc"),
            ("\u{674e}\u{674e}7", "\u{674e}\u{674e}7"),
            ("anna", "anna"),
            ("lucja.szczesna@crm.example", "lucja.szcz"),
        ] {
            assert_eq!(telling_part(word), part);
        }
    }

    #[test]
    fn short_words_and_numbers_are_told_apart() {
        assert!(is_short("ab") && is_short("\u{674e}") && !is_short("abc"));
        assert!(is_numbered("4711") && is_numbered("005a") && !is_numbered("47"));
        assert!(!is_numbered("anna"));
    }
}
