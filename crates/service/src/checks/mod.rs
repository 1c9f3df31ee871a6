//! System checks: does a connection do all that it has to, does one person's account there, and
//! what is behind the usual troubles.
//!
//! A check looks by real calls where there are any to make. What it has no means to look at is
//! absent; what it could not look at, because something before it failed, is *skipped* and says
//! so. Checks that need calls or contacts come with those.

mod absence;
mod canary;
mod connection;
mod history;
mod person;
mod profile;
mod schedule;
mod troubles;
mod way;

use counterpart_connector::ConnectorError;
use counterpart_model::check::{self, Check, CheckResult, CheckTrigger};
use counterpart_model::{
    Clock, ConnectionId, PersonId, Run, SystemCheck, SystemCheckId, Timestamp,
};

use crate::{Actor, Error, Result, Service};

pub use person::PersonCheck;

/// A system check that was just made, and the sync that it began.
#[derive(Debug, Clone)]
pub struct Checked {
    /// What it showed.
    pub check: SystemCheck,
    /// The sync that brings the data up to date; `None` where the check did not allow one, or
    /// one was under way.
    pub run: Option<Run>,
}

/// Takes the time of one check after the other.
struct Stopwatch<'a> {
    clock: &'a dyn Clock,
    began: Timestamp,
    lap: Timestamp,
}

impl<'a> Stopwatch<'a> {
    fn start(clock: &'a dyn Clock) -> Self {
        let began = clock.now();
        Self {
            clock,
            began,
            lap: began,
        }
    }

    /// Milliseconds since the last lap, or since the start.
    fn lap(&mut self) -> u64 {
        let now = self.clock.now();
        let lap = millis(self.lap, now);
        self.lap = now;
        lap
    }

    /// Milliseconds since the start.
    fn total(&self) -> u64 {
        millis(self.began, self.clock.now())
    }
}

fn millis(from: Timestamp, to: Timestamp) -> u64 {
    // A clock that was set back meanwhile makes no negative length.
    u64::try_from((to.as_micros() - from.as_micros()) / 1_000).unwrap_or(0)
}

/// A check that failed with what the CRM, or the way to it, said.
fn failed(name: &str, title: &str, error: &ConnectorError) -> Check {
    Check::new(name, title, CheckResult::Fail, error.message()).code(error.code())
}

/// A check that failed with an error of ours.
fn failed_here(name: &str, title: &str, error: &Error) -> Check {
    Check::new(name, title, CheckResult::Fail, error.detail()).code(error.code())
}

fn skipped(name: &str, title: impl Into<String>, because: &str) -> Check {
    Check::new(name, title, CheckResult::Skipped, because)
}

impl Service {
    /// What was seen, as one system check of this moment.
    fn system_check_of(
        &self,
        subject: (ConnectionId, Option<PersonId>),
        trigger: CheckTrigger,
        watch: &Stopwatch<'_>,
        checks: Vec<Check>,
    ) -> SystemCheck {
        SystemCheck {
            id: SystemCheckId::generate(self.clock(), self.entropy()),
            connection_id: subject.0,
            person_id: subject.1,
            trigger,
            started_at: watch.began,
            took_millis: watch.total(),
            result: check::worst(&checks),
            checks,
        }
    }

    /// Checks a connection and, if the check allows it, begins a sync that brings the data up to
    /// date.
    pub async fn check_and_update(&self, actor: &Actor, id: ConnectionId) -> Result<Checked> {
        let check = self.check_system(actor, id).await?;
        let may_sync = check
            .check(connection::USERS)
            .is_some_and(|users| users.result != CheckResult::Fail)
            && check.result != CheckResult::Fail;
        let run = if may_sync {
            let mode = crate::sync::SyncMode::Quick;
            // That another one is under way is as good.
            self.start_sync(actor, id, mode).await.ok()
        } else {
            None
        };
        Ok(Checked { check, run })
    }
}
