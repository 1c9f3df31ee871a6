//! Names, by their cells as far as these were seen before.

use std::sync::Arc;

use super::Intake;
use super::cells::{Half, Memory};
use crate::corpus::is_role_name;
use crate::corpus::strings::{NONE, Strings, TextId};
use crate::normalise::{email, fold, name, role};
use crate::record::RecordView;

/// A name as numbers: its tokens are in the scratch.
pub(super) struct Name {
    pub(super) given_whole: TextId,
    pub(super) family_whole: TextId,
    /// Made of words for functions, as `Support Team` is.
    pub(super) role: bool,
}

impl Intake<'_, '_> {
    pub(super) fn take_name(&mut self, record: &RecordView<'_>) -> Name {
        self.scratch.given.clear();
        self.scratch.family.clear();
        let given = self.half(record.given, false);
        let family = self.half(record.family, true);
        let composed = !given.is_some_and(|half| half.only_titles)
            && is_composed(record.full_name, record.given, record.family);
        let mut name = if composed {
            let tokens =
                |half: Option<Half>| half.map_or(&[][..], |half| self.memory.tokens_of(half));
            self.scratch.given.extend_from_slice(tokens(given));
            self.scratch.family.extend_from_slice(tokens(family));
            let role = |half: Option<Half>| half.is_none_or(|half| half.role);
            let whole = |half: Option<Half>| half.map_or(NONE, |half| half.whole);
            Name {
                given_whole: whole(given),
                family_whole: whole(family),
                role: (given.is_some() || family.is_some())
                    && (role(given) || role(family))
                    && self.is_role(),
            }
        } else {
            let tables = Arc::clone(&self.corpus.tables);
            let parsed = name::parse(record.given, record.family, record.full_name, &tables);
            let names = &mut self.corpus.names;
            self.scratch
                .given
                .extend(parsed.given.iter().map(|token| names.intern(token)));
            self.scratch
                .family
                .extend(parsed.family.iter().map(|token| names.intern(token)));
            Name {
                given_whole: whole(names, &self.scratch.given),
                family_whole: whole(names, &self.scratch.family),
                role: self.is_role(),
            }
        };
        if let Some(given) = self.given_name_in_addresses(record) {
            let given = self.corpus.names.intern(&given);
            self.scratch.given.clear();
            self.scratch.given.push(given);
            name.given_whole = given;
        }
        let (given, family) = (&self.scratch.given, &self.scratch.family);
        let side = self.side;
        self.corpus.count_name(given, name.given_whole, side, false);
        self.corpus
            .count_name(family, name.family_whole, side, true);
        name
    }

    fn is_role(&self) -> bool {
        is_role_name(
            &self.corpus.names,
            &self.scratch.given,
            &self.scratch.family,
        )
    }

    /// Half of a name by itself.
    fn half(&mut self, cell: &str, is_family: bool) -> Option<Half> {
        if cell.is_empty() {
            return None;
        }
        let Memory {
            given,
            family,
            tokens,
            ..
        } = &mut *self.memory;
        let cells = if is_family { family } else { given };
        let (tables, names) = (&self.corpus.tables, &mut self.corpus.names);
        let half = cells.get_or_read(cell, || {
            let parsed = if is_family {
                name::parse("", cell, "", tables).family
            } else {
                name::parse(cell, "", "", tables).given
            };
            let start = tokens.len();
            tokens.extend(parsed.iter().map(|token| names.intern(token)));
            let count = tokens.len() - start;
            Half {
                start: u32::try_from(start).unwrap_or(u32::MAX),
                count: u8::try_from(count).unwrap_or(u8::MAX),
                whole: whole(names, &tokens[start..]),
                only_titles: parsed.iter().all(|token| name::is_title(token)),
                role: role::is_role_name(parsed.iter().map(String::as_str)),
            }
        });
        Some(half)
    }

    /// The given name that an address spells out where the record has an initial or nothing.
    fn given_name_in_addresses(&self, record: &RecordView<'_>) -> Option<String> {
        let names = &self.corpus.names;
        let initial = match self.scratch.given.as_slice() {
            [] => "",
            [only] if names.get(*only).len() == 1 => names.get(*only),
            _ => return None,
        };
        let [family] = self.scratch.family.as_slice() else {
            return None;
        };
        // With its particle: `aelsayed` of "A. El-Sayed" spells no Ael.
        let whole: String = fold::fold_words(record.family).split_whitespace().collect();
        let family = names.get(*family);
        record
            .emails
            .iter()
            .chain([&record.username])
            .filter_map(|text| email::parse(text))
            .find_map(|address| {
                let family = if whole.is_empty() || !address.local.contains(&whole) {
                    family
                } else {
                    &whole
                };
                email::given_name_in(&address.local, initial, family).map(str::to_owned)
            })
    }
}

/// All tokens of a part but initials, as one name.
fn whole(names: &mut Strings<'_>, tokens: &[TextId]) -> TextId {
    let mut long = tokens.iter().filter(|id| names.get(**id).len() > 1);
    match (long.next(), long.next(), tokens) {
        (None, _, []) => NONE,
        (None, _, [first, ..]) => *first,
        (Some(only), None, _) => *only,
        (Some(_), Some(_), _) => {
            let joined: String = tokens
                .iter()
                .map(|id| names.get(*id))
                .filter(|token| token.len() > 1)
                .collect();
            names.intern(&joined)
        }
    }
}

/// Whether a whole name says nothing beyond its halves: it is empty, or the halves in either
/// order.
fn is_composed(full: &str, given: &str, family: &str) -> bool {
    if full.is_empty() {
        return true;
    }
    if given.is_empty() || family.is_empty() {
        return false;
    }
    let joined = |one: &str, other: &str, between: &str| {
        full.strip_prefix(one)
            .and_then(|rest| rest.strip_prefix(between))
            == Some(other)
    };
    joined(given, family, " ") || joined(family, given, ", ") || joined(family, given, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_name_may_be_nothing_but_its_halves() {
        assert!(is_composed("Ada Lovelace", "Ada", "Lovelace"));
        assert!(is_composed("Lovelace, Ada", "Ada", "Lovelace"));
        assert!(!is_composed("Ada King Lovelace", "Ada", "Lovelace"));
        assert!(!is_composed("Ada Lovelace", "", "Lovelace"));
    }
}
