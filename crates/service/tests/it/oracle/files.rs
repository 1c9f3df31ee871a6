//! What files make of the books, and the files.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use counterpart_model::{Code, PersonId, Timestamp};

use super::books::{Books, NO_ACCOUNT, NOT_THIS_PAIR, Ruling, SHARED_SEAT, Tie};
use super::operation::Place;
use super::rules::Ruled;

/// A mapping that a file wants.
#[derive(Debug, Clone)]
pub(super) struct WantedTie {
    pub(super) person: PersonId,
    pub(super) user: String,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
}

/// A `mappings.yaml` about one connection.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) place: Place,
    /// Whether it is the truth of the people that it names, and not of the connection.
    pub(super) partial: bool,
    pub(super) ties: Vec<WantedTie>,
    pub(super) rulings: Option<Vec<Ruling>>,
}

impl File {
    /// In the format that the program reads.
    pub(super) fn text(&self, connection: &str) -> String {
        let mut out = format!("counterpart: mappings/1\npartial: {}\n", self.partial);
        let _ = writeln!(out, "connections:\n  - name: {connection:?}");
        if !self.ties.is_empty() {
            out.push_str("    mappings:\n");
        }
        for tie in &self.ties {
            let _ = writeln!(out, "      - person: {{id: \"{}\"}}", tie.person);
            let _ = writeln!(out, "        crm_user: {:?}", tie.user);
            let _ = writeln!(out, "        from: \"{}\"", tie.from);
            let _ = writeln!(out, "        to: \"{}\"", tie.to);
            out.push_str("        origin: import\n");
        }
        let Some(rulings) = &self.rulings else {
            return out;
        };
        out.push_str(if rulings.is_empty() {
            "    decisions: []\n"
        } else {
            "    decisions:\n"
        });
        for ruling in rulings {
            let _ = writeln!(out, "      - decision: {}", ruling.kind);
            if let Some(person) = ruling.person {
                let _ = writeln!(out, "        person: {{id: \"{person}\"}}");
            }
            if let Some(user) = &ruling.user {
                let _ = writeln!(out, "        crm_user: {user:?}");
            }
            let _ = writeln!(out, "        until: \"{}\"", ruling.until);
        }
        out
    }

    /// Everybody whom it names.
    fn people(&self) -> BTreeSet<PersonId> {
        let rulings = self.rulings.iter().flatten();
        let decided = rulings.filter_map(|ruling| ruling.person);
        self.ties
            .iter()
            .map(|tie| tie.person)
            .chain(decided)
            .collect()
    }
}

impl Books {
    /// What a file makes true.
    pub(super) fn as_file_says(&self, file: &File) -> Ruled {
        let people = file.people();
        let is_inside = |place: Place, person: Option<PersonId>| {
            place == file.place
                && (!file.partial || person.is_some_and(|person| people.contains(&person)))
        };
        let mut after = self.clone();
        if let Some(wanted) = &file.rulings {
            for (at, ruling) in wanted.iter().enumerate() {
                if wanted[..at].iter().any(|other| other.is_about(ruling)) {
                    return Err(Code::FileInvalid);
                }
            }
            after.rulings.retain(|standing| {
                !is_inside(standing.place, standing.person)
                    || wanted.iter().any(|ruling| ruling.is_about(standing))
            });
            for ruling in wanted {
                after.rule_by_file(ruling);
            }
        }
        let inside: Vec<Tie> = take(&mut after.ties, |tie| {
            is_inside(tie.place, Some(tie.person))
        });
        for wanted in &file.ties {
            // An expired word on the seat is a word of the file's as well.
            let shared = after.rulings.iter().any(|it| {
                it.kind == SHARED_SEAT
                    && it.place == file.place
                    && it.user.as_ref() == Some(&wanted.user)
            });
            after.ties.push(Tie {
                place: file.place,
                person: wanted.person,
                user: wanted.user.clone(),
                from: wanted.from,
                to: wanted.to,
                shared,
                origin: "import",
            });
        }
        if file.rulings.is_none() {
            after.forget_contradicted(file.place, &file.ties, &inside);
        }
        as_import(after.instead_of(self))
    }

    /// What was decided already keeps the time of its making.
    fn rule_by_file(&mut self, wanted: &Ruling) {
        let mut standing = self.rulings.iter_mut();
        match standing.find(|it| it.is_about(wanted)) {
            Some(standing) => {
                standing.reason.clone_from(&wanted.reason);
                standing.until = wanted.until;
            }
            None => self.rulings.push(wanted.clone()),
        }
    }

    /// Mapping a pair anew withdraws what was decided against it.
    fn forget_contradicted(&mut self, place: Place, wanted: &[WantedTie], inside: &[Tie]) {
        for (at, tie) in wanted.iter().enumerate() {
            let pair = |person: PersonId, user: &str| (person, user) == (tie.person, &*tie.user);
            let so_far = wanted[..=at].iter().filter(|it| pair(it.person, &it.user));
            let stood = inside.iter().filter(|it| pair(it.person, &it.user));
            if so_far.count() > stood.count() {
                self.forget_against((place, tie.person), &tie.user);
            }
        }
    }

    /// What a list of pairs makes true from now on. A pair that holds is left alone, and so is
    /// what has ended.
    pub(super) fn as_pairs_say(
        &self,
        now: Timestamp,
        place: Place,
        pairs: &[(PersonId, String)],
    ) -> Ruled {
        let mut after = self.clone();
        let inside = take(&mut after.ties, |tie| {
            let named = pairs.iter().any(|(person, _)| *person == tie.person);
            named && tie.place == place && tie.to > now
        });
        let mut anew = Vec::new();
        for (at, (person, user)) in pairs.iter().enumerate() {
            if pairs[..at].contains(&pairs[at]) {
                continue;
            }
            let of_pair = |tie: &&Tie| tie.person == *person && tie.user == *user;
            if let Some(holding) = inside.iter().find(|it| of_pair(it) && it.holds(now)) {
                after.ties.push(holding.clone());
                continue;
            }
            let (from, to) = self.since_free((place, *person), user, now);
            let coming = inside.iter().filter(of_pair).min_by_key(|tie| tie.from);
            after.ties.push(Tie {
                place,
                person: *person,
                user: user.clone(),
                from,
                to,
                shared: self.is_shared(place, user, now),
                origin: coming.map_or("import", |tie| tie.origin),
            });
            if coming.is_none() {
                anew.push(((place, *person), user));
            }
        }
        for (cell, user) in anew {
            after.forget_against(cell, user);
        }
        as_import(after.instead_of(self))
    }

    /// What an export makes true: all that stood then. What was decided anew meanwhile keeps the
    /// time of its making.
    pub(super) fn as_exported(&self, then: &Self, now: Timestamp) -> Ruled {
        let known = |ruling: &Ruling| self.rulings.iter().find(|it| it.is_about(ruling));
        let rulings = then.rulings.iter().map(|ruling| Ruling {
            since: known(ruling).map_or(now, |known| known.since),
            ..ruling.clone()
        });
        let after = Self {
            workers: self.workers.clone(),
            ties: then.ties.clone(),
            rulings: rulings.collect(),
        };
        as_import(after.instead_of(self))
    }
}

/// A file is refused with its lines before anything is tried.
fn as_import(ruled: Ruled) -> Ruled {
    ruled.map_err(|code| match code {
        Code::MappingOverlap => Code::FileInvalid,
        code => code,
    })
}

fn take(ties: &mut Vec<Tie>, which: impl Fn(&Tie) -> bool) -> Vec<Tie> {
    let (taken, left) = ties.drain(..).partition(|tie| which(tie));
    *ties = left;
    taken
}

/// A decision that a file may want, by a number.
pub(super) fn kind(number: u8, partial: bool) -> &'static str {
    match number % 4 {
        0 => NOT_THIS_PAIR,
        1 => NO_ACCOUNT,
        // Of a seat, a file about some people is not the truth.
        2 | 3 if partial => NO_ACCOUNT,
        2 => super::books::NOT_A_PERSON,
        _ => SHARED_SEAT,
    }
}
