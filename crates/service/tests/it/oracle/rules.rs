//! What edits by hand make of the books: the new ones, or the code with which they are refused.

use counterpart_model::{Code, PersonId, Timestamp};

use super::books::{Books, NO_ACCOUNT, NOT_A_PERSON, NOT_THIS_PAIR, Ruling, SHARED_SEAT, Tie};
use super::operation::Place;

/// The books after an operation, or why it is refused.
pub(super) type Ruled = Result<Books, Code>;

/// A person in a connection.
pub(super) type Cell = (Place, PersonId);

/// What is wanted for a person in a connection.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Want {
    Map {
        user: String,
        /// Since both sides are free, for good, where nothing is said.
        period: Option<(Timestamp, Timestamp)>,
        origin: &'static str,
    },
    Unmap,
    NoAccount {
        reason: Option<String>,
        until: Timestamp,
    },
    HasAccount,
    Reject(String),
}

impl Want {
    /// To be mapped, and nothing is said of when.
    pub(super) fn map(user: String, origin: &'static str) -> Self {
        Self::Map {
            user,
            period: None,
            origin,
        }
    }

    /// Whether it is about a tie of its cell: without a period about all that has not ended.
    pub(super) fn concerns(&self, tie: &Tie, now: Timestamp) -> bool {
        match self {
            Self::Map {
                period: Some((from, to)),
                ..
            } => tie.overlaps(*from, *to),
            _ => tie.to > now,
        }
    }

    /// The CRM user that it names.
    pub(super) fn user(&self) -> Option<&str> {
        match self {
            Self::Map { user, .. } | Self::Reject(user) => Some(user),
            _ => None,
        }
    }
}

impl Books {
    /// These books in place of `before`, if that is a change and one that can be.
    pub(super) fn instead_of(self, before: &Self) -> Ruled {
        let after = self.in_order();
        if after == *before {
            return Err(Code::ChangeSetEmpty);
        }
        match after.contradiction() {
            Some(_) => Err(Code::MappingOverlap),
            None => Ok(after),
        }
    }

    /// Everything that is wanted at once, each as if it were wanted alone.
    pub(super) fn edited(&self, now: Timestamp, wants: &[(Cell, Want)]) -> Ruled {
        let mut after = self.clone();
        for (cell, want) in wants {
            self.edit(now, *cell, want, &mut after);
        }
        after.instead_of(self)
    }

    fn edit(&self, now: Timestamp, cell: Cell, want: &Want, after: &mut Self) {
        let (place, person) = cell;
        match want {
            Want::Map {
                user,
                period,
                origin,
            } => {
                let (from, to) = period.unwrap_or_else(|| self.since_free(cell, user, now));
                let standing = |tie: &Tie| tie.is_of(place, person) && want.concerns(tie, now);
                let same = |tie: &Tie| tie.user == *user && (tie.from, tie.to) == (from, to);
                if self.ties.iter().any(|tie| standing(tie) && same(tie)) {
                    return;
                }
                after.ties.retain(|tie| !standing(tie));
                after.forget_against(cell, user);
                after.ties.push(Tie {
                    place,
                    person,
                    user: user.clone(),
                    from,
                    to,
                    shared: self.is_shared(place, user, now),
                    origin,
                });
            }
            Want::Unmap => {
                let standing = |tie: &Tie| tie.is_of(place, person) && want.concerns(tie, now);
                after.ties.retain(|tie| !standing(tie));
            }
            Want::NoAccount { reason, until } => {
                let standing = |tie: &Tie| tie.is_of(place, person) && want.concerns(tie, now);
                after.ties.retain(|tie| !standing(tie));
                after.rule(&no_account(cell, reason.clone(), now, *until));
            }
            Want::HasAccount => after.forget(NO_ACCOUNT, cell),
            Want::Reject(user) => after.rule(&Ruling {
                kind: NOT_THIS_PAIR,
                user: Some(user.clone()),
                ..no_account(cell, None, now, Timestamp::FOREVER)
            }),
        }
    }

    /// From where the last tie of the person or the user ends that ended by now.
    pub(super) fn since_free(
        &self,
        (place, person): Cell,
        user: &str,
        now: Timestamp,
    ) -> (Timestamp, Timestamp) {
        let ended = self.ties.iter().filter(|tie| {
            let is_either = tie.person == person || tie.user == user;
            tie.place == place && is_either && tie.to <= now
        });
        let last = ended.map(|tie| tie.to).max();
        (last.unwrap_or(Timestamp::ALWAYS), Timestamp::FOREVER)
    }

    /// Decides, unless the same is decided already.
    pub(super) fn rule(&mut self, wanted: &Ruling) {
        let same = |it: &Ruling| {
            it.is_about(wanted) && it.reason == wanted.reason && it.until == wanted.until
        };
        if !self.rulings.iter().any(same) {
            self.rulings.retain(|it| !it.is_about(wanted));
            self.rulings.push(wanted.clone());
        }
    }

    fn forget(&mut self, kind: &str, cell: Cell) {
        self.rulings
            .retain(|it| (it.kind, it.place, it.person) != (kind, cell.0, Some(cell.1)));
    }

    /// Withdraws what was decided against a pair.
    pub(super) fn forget_against(&mut self, cell: Cell, user: &str) {
        self.forget(NO_ACCOUNT, cell);
        self.rulings.retain(|it| {
            (it.kind, it.place, it.person) != (NOT_THIS_PAIR, cell.0, Some(cell.1))
                || it.user.as_deref() != Some(user)
        });
    }

    pub(super) fn not_a_person(&self, now: Timestamp, place: Place, user: &str) -> Ruled {
        let mut after = self.clone();
        after.rule(&about_user(NOT_A_PERSON, place, user, now));
        after.instead_of(self)
    }

    pub(super) fn share(&self, now: Timestamp, place: Place, user: &str) -> Ruled {
        let mut after = self.clone();
        if !self.is_shared(place, user, now) {
            after.rule(&about_user(SHARED_SEAT, place, user, now));
            for tie in after.ties.iter_mut().filter(|tie| tie.is_on(place, user)) {
                tie.shared = true;
            }
        }
        after.instead_of(self)
    }

    /// Withdraws a decision. A seat on which several sit stays shared.
    pub(super) fn withdraw(&self, ruling: &Ruling) -> Ruled {
        let mut after = self.clone();
        after.rulings.retain(|it| it != ruling);
        if ruling.kind == SHARED_SEAT {
            let user = ruling.user.as_deref().unwrap_or_default();
            for tie in &mut after.ties {
                tie.shared &= !tie.is_on(ruling.place, user);
            }
        }
        after.instead_of(self)
    }

    pub(super) fn hand_over(
        &self,
        now: Timestamp,
        (place, user): (Place, &str),
        person: PersonId,
        from: Timestamp,
        instead_of: Option<PersonId>,
    ) -> Ruled {
        let shared = self.is_shared(place, user, now);
        let others = self.ties.iter().filter(|tie| {
            tie.is_on(place, user)
                && tie.person != person
                && tie.to > from
                && instead_of.is_none_or(|who| who == tie.person)
        });
        let others: Vec<Tie> = others.cloned().collect();
        let must_go = instead_of.is_some();
        if (must_go && others.is_empty()) || (!must_go && shared && !others.is_empty()) {
            return Err(Code::RequestInvalid);
        }
        let mut after = self.clone();
        let mut is_there = false;
        after.ties = Vec::new();
        for tie in self.ties.clone() {
            let is_own = tie.is_of(place, person) && tie.to > from;
            if is_own && tie.user == user && tie.holds(from) {
                is_there = true;
                after.ties.push(Tie {
                    to: Timestamp::FOREVER,
                    ..tie
                });
            } else if is_own || others.contains(&tie) {
                after.ties.extend(tie.ended(from));
            } else {
                after.ties.push(tie);
            }
        }
        if !is_there {
            after.forget_against((place, person), user);
            after.ties.push(Tie {
                place,
                person,
                user: user.to_owned(),
                from,
                to: Timestamp::FOREVER,
                shared,
                origin: "manual",
            });
        }
        after.instead_of(self)
    }

    /// Somebody leaves, and the mappings end now or go on.
    pub(super) fn left(
        &self,
        now: Timestamp,
        person: PersonId,
        external_id: &str,
        end: bool,
    ) -> Ruled {
        let mut after = self.clone();
        after.worker(external_id, |worker| worker.active = false);
        if end {
            let ties = after.ties.into_iter();
            let ended = ties.filter_map(|tie| {
                if tie.person == person {
                    tie.ended(now)
                } else {
                    Some(tie)
                }
            });
            after.ties = ended.collect();
        }
        after.instead_of(self)
    }

    pub(super) fn with_worker(
        &self,
        external_id: &str,
        change: impl Fn(&mut super::books::Worker),
    ) -> Ruled {
        let mut after = self.clone();
        after.worker(external_id, change);
        after.instead_of(self)
    }

    fn worker(&mut self, external_id: &str, change: impl Fn(&mut super::books::Worker)) {
        let mut workers = self.workers.iter_mut();
        if let Some(worker) = workers.find(|it| it.external_id == external_id) {
            change(worker);
        }
    }
}

fn no_account(
    (place, person): Cell,
    reason: Option<String>,
    since: Timestamp,
    until: Timestamp,
) -> Ruling {
    Ruling {
        place,
        kind: NO_ACCOUNT,
        person: Some(person),
        user: None,
        reason,
        since,
        until,
    }
}

pub(super) fn about_user(kind: &'static str, place: Place, user: &str, since: Timestamp) -> Ruling {
    Ruling {
        place,
        kind,
        person: None,
        user: Some(user.to_owned()),
        reason: None,
        since,
        until: Timestamp::FOREVER,
    }
}
