//! What a status or a kind of account says, whatever its words.

use counterpart_matching::AccountKind;

/// Verdicts of the cells of one column. Such a column holds the same few words a million times, so
/// each is judged once.
#[derive(Debug)]
pub(super) struct Verdicts<T> {
    judge: fn(&str) -> T,
    known: Vec<(String, T)>,
}

/// More different words than this are not a status: no use in keeping them.
const MOST_KNOWN: usize = 16;

impl<T: Copy> Verdicts<T> {
    pub(super) fn new(judge: fn(&str) -> T) -> Self {
        Self {
            judge,
            known: Vec::new(),
        }
    }

    /// What the cell says.
    pub(super) fn of(&mut self, cell: &str) -> T {
        if let Some((_, verdict)) = self.known.iter().find(|(known, _)| known == cell) {
            return *verdict;
        }
        let verdict = (self.judge)(cell);
        if self.known.len() < MOST_KNOWN {
            self.known.push((cell.to_owned(), verdict));
        }
        verdict
    }
}

/// Whether a cell such as *active* or *status* says that the account is not in use.
pub(super) fn says_no(cell: &str) -> bool {
    const NO: [&str; 18] = [
        "0",
        "archived",
        "deactivated",
        "deleted",
        "disabled",
        "f",
        "false",
        "former",
        "inactive",
        "left",
        "locked",
        "n",
        "nein",
        "no",
        "non",
        "suspended",
        "terminated",
        "unlicensed",
    ];
    NO.binary_search(&cell.to_lowercase().as_str()).is_ok()
}

/// Who stands behind an account whose kind is said in words.
pub(super) fn kind_of(cell: &str) -> AccountKind {
    let cell = cell.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| cell.contains(word));
    if has(&[
        "integration",
        "api",
        "service",
        "bot",
        "automat",
        "system",
        "machine",
    ]) {
        AccountKind::Service
    } else if has(&["queue", "shared", "group", "mailbox", "resource", "room"]) {
        AccountKind::Shared
    } else if has(&["person", "human", "employee"]) {
        AccountKind::Person
    } else {
        AccountKind::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_the_same_before_and_after_it_is_known() {
        let mut verdicts = Verdicts::new(says_no);
        for _ in 0..2 {
            assert!(verdicts.of("Inactive"));
            assert!(!verdicts.of("Active"));
        }
        let words: Vec<String> = (0..100).map(|number| format!("word {number}")).collect();
        assert!(words.iter().all(|word| !verdicts.of(word)));
        assert!(verdicts.of("No"));
        assert!(verdicts.known.len() <= MOST_KNOWN);
    }

    #[test]
    fn kinds_are_told_by_parts_of_words() {
        for (cell, kind) in [
            ("API user", AccountKind::Service),
            ("Queue", AccountKind::Shared),
            ("Employee", AccountKind::Person),
            ("Standard", AccountKind::Unknown),
        ] {
            assert_eq!(kind_of(cell), kind, "{cell}");
        }
    }
}
