//! A draft: what is wanted but not yet so, and what was changed meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::{Code, MappingId, Timestamp};

use super::books::{Books, NO_ACCOUNT, NOT_THIS_PAIR, Tie};
use super::rules::{Cell, Want};

/// The mapping that holds for a person in a connection, with its version.
pub(super) type Holding = Option<(MappingId, u64)>;

/// An edit of a draft.
#[derive(Debug, Clone)]
pub(super) struct Drafted {
    pub(super) want: Want,
    /// What held when it was made.
    pub(super) based_on: Holding,
    pub(super) at: Timestamp,
}

/// All of them, at most one for each person in a connection.
pub(super) type Draft = BTreeMap<Cell, Drafted>;

/// Why an edit cannot be made true.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Clear,
    True,
    Stale,
    Taken,
}

/// What of a draft is to be made true, and what stays in it.
#[derive(Debug)]
pub(super) struct Saving {
    pub(super) wants: Vec<(Cell, Want)>,
    pub(super) left: BTreeSet<Cell>,
}

impl Books {
    /// What saving a draft does.
    pub(super) fn saving(
        &self,
        draft: &Draft,
        now: Timestamp,
        holding: impl Fn(Cell) -> Holding,
        clear_only: bool,
    ) -> Result<Saving, Code> {
        let mut fates: BTreeMap<Cell, Fate> = draft
            .iter()
            .map(|(cell, drafted)| (*cell, self.first_fate(*cell, drafted, holding(*cell), now)))
            .collect();
        // Who keeps a seat after all may keep the next one from it.
        loop {
            let taken: Vec<Cell> = draft
                .iter()
                .filter(|(cell, it)| {
                    fates[*cell] == Fate::Clear && self.is_taken(**cell, it, (draft, &fates), now)
                })
                .map(|(cell, _)| *cell)
                .collect();
            if taken.is_empty() {
                break;
            }
            fates.extend(taken.into_iter().map(|cell| (cell, Fate::Taken)));
        }
        let of = |wanted: &[Fate]| -> BTreeSet<Cell> {
            let cells = fates.iter().filter(|(_, fate)| wanted.contains(fate));
            cells.map(|(cell, _)| *cell).collect()
        };
        let left = of(&[Fate::Stale, Fate::Taken]);
        let clear = of(&[Fate::Clear]);
        if !left.is_empty() && (!clear_only || clear.is_empty()) {
            return Err(if of(&[Fate::Stale]).is_empty() {
                Code::MappingOverlap
            } else {
                Code::MappingStale
            });
        }
        let wants = clear.iter().map(|cell| (*cell, draft[cell].want.clone()));
        Ok(Saving {
            wants: wants.collect(),
            left,
        })
    }

    fn first_fate(&self, cell: Cell, drafted: &Drafted, holding: Holding, now: Timestamp) -> Fate {
        if self.is_so(cell, &drafted.want, now) {
            return Fate::True;
        }
        let about_mapping = !matches!(drafted.want, Want::HasAccount | Want::Reject(_));
        if about_mapping && holding != drafted.based_on {
            return Fate::Stale;
        }
        let decided = self.rulings.iter().any(|ruling| {
            let Want::Map { user, .. } = &drafted.want else {
                return false;
            };
            (ruling.place, ruling.person) == (cell.0, Some(cell.1))
                && ruling.since > drafted.at
                && (ruling.kind == NO_ACCOUNT
                    || (ruling.kind == NOT_THIS_PAIR && ruling.user.as_ref() == Some(user)))
        });
        if decided { Fate::Stale } else { Fate::Clear }
    }

    /// Whether what is wanted is so already.
    fn is_so(&self, cell: Cell, want: &Want, now: Timestamp) -> bool {
        let (place, person) = cell;
        let of_cell = self.ties.iter().filter(|tie| tie.is_of(place, person));
        let mut ties = of_cell.filter(|tie| want.concerns(tie, now));
        let rulings = || {
            let mut rulings = self.rulings.iter();
            move |kind: &str, fits: &dyn Fn(&super::books::Ruling) -> bool| {
                rulings.any(|it| {
                    (it.place, it.person, it.kind) == (place, Some(person), kind) && fits(it)
                })
            }
        };
        match want {
            Want::Map { user, period, .. } => {
                let period = period.unwrap_or_else(|| self.since_free(cell, user, now));
                ties.any(|tie| tie.user == *user && (tie.from, tie.to) == period)
            }
            Want::Unmap => ties.next().is_none(),
            Want::NoAccount { reason, until } => {
                ties.next().is_none()
                    && rulings()(NO_ACCOUNT, &|it| it.reason == *reason && it.until == *until)
            }
            Want::HasAccount => !rulings()(NO_ACCOUNT, &|_| true),
            Want::Reject(user) => rulings()(NOT_THIS_PAIR, &|it| it.user.as_ref() == Some(user)),
        }
    }

    /// Whether the CRM user is somebody's who stays there.
    fn is_taken(
        &self,
        (place, person): Cell,
        drafted: &Drafted,
        (draft, fates): (&Draft, &BTreeMap<Cell, Fate>),
        now: Timestamp,
    ) -> bool {
        let Want::Map { user, period, .. } = &drafted.want else {
            return false;
        };
        let (from, to) = period.unwrap_or_else(|| self.since_free((place, person), user, now));
        let frees = |tie: &Tie| {
            let cell = (tie.place, tie.person);
            fates.get(&cell) == Some(&Fate::Clear)
                && draft[&cell].want.concerns(tie, now)
                && !matches!(draft[&cell].want, Want::HasAccount | Want::Reject(_))
        };
        self.ties.iter().any(|tie| {
            tie.is_on(place, user)
                && tie.person != person
                && tie.overlaps(from, to)
                && !tie.shared
                && !frees(tie)
        })
    }
}
