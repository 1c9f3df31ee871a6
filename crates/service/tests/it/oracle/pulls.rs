//! What pulls make of the users of a CRM that are known.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_connector::{ErrorClass, ListScope};
use counterpart_model::{Code, CrmUserProfile, CrmUserState, RunState, Timestamp};

use super::crm::Truth;

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

/// A CRM user as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownUser {
    pub(super) profile: CrmUserProfile,
    pub(super) missing_since: Option<Timestamp>,
    pub(super) gone_since: Option<Timestamp>,
}

impl KnownUser {
    fn is_active(&self) -> bool {
        is_active(&self.profile)
    }
}

fn is_active(profile: &CrmUserProfile) -> bool {
    profile.state == CrmUserState::Active
}

/// Pages that came so far.
#[derive(Debug, Clone)]
struct Pulling {
    scope: ListScope,
    began: Timestamp,
    staged: BTreeMap<String, CrmUserProfile>,
    cursor: Option<String>,
    is_pulled: bool,
    failed: u64,
    expected: Option<u64>,
    /// Of those left out by the list, how many are there, and how many of them can be worked with.
    looked_up: u64,
    found: u64,
}

/// A pull that waits for somebody's word, or is about to be applied.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    pulling: Pulling,
    missing: BTreeSet<String>,
    gone: BTreeSet<String>,
    lost: u64,
    until: Timestamp,
}

/// A connection, as pulls have left it.
#[derive(Debug, Clone, Default)]
pub(super) struct Pulls {
    pub(super) truth: Truth,
    pub(super) known: BTreeMap<String, KnownUser>,
    pub(super) held: Option<Measured>,
    /// Since when the connection says that a brake holds it.
    pub(super) held_since: Option<Timestamp>,
    left_behind: Option<Pulling>,
    losses: Vec<(Timestamp, u64)>,
    last_full: Option<Timestamp>,
    changed_since: Option<Timestamp>,
}

/// How a pull ends: in a state, or with a code.
pub(super) type Ended = Result<RunState, Code>;

impl Pulls {
    /// A pull from its beginning to its end.
    pub(super) fn pull(&mut self, now: Timestamp, quick: bool) -> Ended {
        let mut pulling = self.begin(now, quick);
        let ended = self.pull_on(now, &mut pulling);
        let Err(code) = ended else {
            return Ok(self.finish(now, pulling));
        };
        if code == Code::ConnectionUnavailable {
            self.left_behind = Some(pulling);
        }
        self.held_since = None;
        Err(code)
    }

    fn begin(&mut self, now: Timestamp, quick: bool) -> Pulling {
        if let Some(left) = self.left_behind.take()
            && now.seconds_since(left.began) <= 12 * HOUR
        {
            return left;
        }
        // Whatever waited is out of date by that.
        self.held = None;
        let recent = self.last_full.is_some_and(|at| now.seconds_since(at) < DAY);
        let since = self
            .changed_since
            .filter(|_| quick && recent && self.truth.is_rich);
        Pulling {
            scope: since.map_or(ListScope::Full, ListScope::ChangedSince),
            began: now,
            staged: BTreeMap::new(),
            cursor: None,
            is_pulled: false,
            failed: 0,
            expected: None,
            looked_up: 0,
            found: 0,
        }
    }

    fn pull_on(&self, now: Timestamp, pulling: &mut Pulling) -> Result<(), Code> {
        while !pulling.is_pulled {
            let page = self.truth.page(pulling.scope, pulling.cursor.as_deref());
            let page = page.map_err(|class| match class {
                ErrorClass::Transient => Code::ConnectionUnavailable,
                _ => Code::ConnectionRefused,
            })?;
            let users = page.users.into_iter().map(|user| (user.id.0, user.profile));
            pulling.staged.extend(users);
            pulling.failed += page.failures.len() as u64;
            pulling.expected = page.total.or(pulling.expected);
            pulling.is_pulled = page.next.is_none();
            pulling.cursor = page.next;
        }
        let is_full = pulling.scope == ListScope::Full;
        if is_full && pulling.came() < pulling.expected.unwrap_or(0) {
            return Err(Code::ConnectionCountMismatch);
        }
        if is_full && self.truth.is_rich && pulling.failed == 0 {
            self.look_up(now, pulling);
        }
        Ok(())
    }

    /// Who did not come is asked for, until five are there: then the list is not believed.
    fn look_up(&self, now: Timestamp, pulling: &mut Pulling) {
        let absent: Vec<String> = self
            .absent(now, pulling)
            .filter(|(_, user)| user.is_active())
            .map(|(id, _)| id.clone())
            .collect();
        let there = absent
            .iter()
            .filter_map(|id| Some((id, self.truth.users.get(id)?)));
        for (id, account) in there.take(5) {
            pulling.looked_up += 1;
            pulling.found += u64::from(is_active(&account.profile));
            pulling.staged.insert(id.clone(), account.profile.clone());
        }
    }

    /// Who did not come although known, and of whom that would change something.
    fn absent<'a>(
        &'a self,
        now: Timestamp,
        pulling: &'a Pulling,
    ) -> impl Iterator<Item = (&'a String, &'a KnownUser)> {
        let long_ago = now.plus_seconds(-7 * DAY);
        self.known.iter().filter(move |(id, user)| {
            user.gone_since.is_none()
                && user.missing_since.is_none_or(|since| since <= long_ago)
                && !pulling.staged.contains_key(*id)
        })
    }

    fn finish(&mut self, now: Timestamp, pulling: Pulling) -> RunState {
        let measured = self.measure(now, pulling);
        if self.is_too_much(now, &measured) {
            self.held = Some(measured);
            self.held_since = self.held_since.or(Some(now));
            return RunState::Held;
        }
        self.apply(now, measured);
        RunState::Complete
    }

    fn measure(&self, now: Timestamp, pulling: Pulling) -> Measured {
        // Of what is not whole, silence says nothing.
        let is_whole = pulling.scope == ListScope::Full
            && pulling.failed == 0
            && pulling.found == 0
            && pulling
                .expected
                .is_none_or(|expected| expected + pulling.looked_up == pulling.staged.len() as u64);
        let absent = self.absent(now, &pulling).filter(|_| is_whole);
        let (gone, missing): (Vec<_>, Vec<_>) =
            absent.partition(|(_, user)| user.missing_since.is_some());
        let ids = |users: Vec<(&String, &KnownUser)>| -> BTreeSet<String> {
            users.into_iter().map(|(id, _)| id.clone()).collect()
        };
        let (gone, missing) = (ids(gone), ids(missing));
        let is_lost = |id: &String| {
            missing.contains(id) || pulling.staged.get(id).is_some_and(|it| !is_active(it))
        };
        let usable = self.usable();
        Measured {
            lost: usable.iter().filter(|id| is_lost(id)).count() as u64,
            until: now.plus_seconds(14 * DAY),
            pulling,
            missing,
            gone,
        }
    }

    fn usable(&self) -> Vec<&String> {
        let usable = self.known.iter().filter(|(_, user)| {
            user.is_active() && user.gone_since.is_none() && user.missing_since.is_none()
        });
        usable.map(|(id, _)| id).collect()
    }

    /// All of them, or at least five and more than a fifth, within a day.
    fn is_too_much(&self, now: Timestamp, measured: &Measured) -> bool {
        let usable = self.usable().len() as u64;
        let vanished = !measured.missing.is_empty() || !measured.gone.is_empty();
        if measured.pulling.staged.is_empty() && vanished {
            return true;
        }
        if measured.lost == 0 {
            return false;
        }
        let day_ago = now.plus_seconds(-DAY);
        let recent = self.losses.iter().filter(|(at, _)| *at >= day_ago);
        let before: u64 = recent.map(|(_, lost)| lost).sum();
        let lost = measured.lost + before;
        measured.lost >= usable || (lost >= 5 && lost * 5 > usable + before)
    }

    fn apply(&mut self, now: Timestamp, measured: Measured) {
        let pulling = measured.pulling;
        for (id, profile) in pulling.staged {
            let user = KnownUser {
                profile,
                missing_since: None,
                gone_since: None,
            };
            self.known.insert(id, user);
        }
        for (id, user) in &mut self.known {
            if measured.missing.contains(id) {
                user.missing_since = user.missing_since.or(Some(now));
            }
            if measured.gone.contains(id) {
                user.gone_since = Some(now);
            }
        }
        self.losses.push((now, measured.lost));
        self.changed_since = Some(pulling.began);
        if pulling.scope == ListScope::Full && pulling.found == 0 {
            self.last_full = Some(pulling.began);
        }
        self.held = None;
        self.held_since = None;
    }

    /// Whether the next pull goes on where one broke off.
    pub(super) const fn is_left_behind(&self) -> bool {
        self.left_behind.is_some()
    }

    /// Somebody lets a held pull go on.
    pub(super) fn allow(&mut self, now: Timestamp) -> Ended {
        let held = self.held.take().ok_or(Code::RunNotHeld)?;
        if held.until <= now {
            self.held_since = None;
            return Err(Code::RunNotHeld);
        }
        self.apply(now, held);
        Ok(RunState::Complete)
    }

    /// Somebody drops it.
    pub(super) fn reject(&mut self) -> Ended {
        self.held.take().ok_or(Code::RunNotHeld)?;
        self.held_since = None;
        Ok(RunState::Rejected)
    }
}

impl Pulling {
    /// How many records came by the list.
    fn came(&self) -> u64 {
        self.staged.len() as u64 - self.looked_up + self.failed
    }
}
