//! The end of a pull: measure, brake, apply, look at the proposals anew.

use counterpart_model::connection::{Health, Retry};
use counterpart_model::run::RunFailure;
use counterpart_model::{Code, ConnectionState, Role, Run, RunId, RunMode, RunReport, RunState};
use counterpart_store::runs::Absence;

use super::pulling::Pull;
use crate::{Actor, Error, Event, Result, Service};

/// How far back what runs have taken away counts together, in seconds.
const BRAKE_WINDOW: i64 = 24 * 60 * 60;

/// For how long the schedule leaves a connection alone whose held run was not applied, in
/// seconds: what was wrong with the list is mended by hand, and "sync now" works meanwhile.
const REST_AFTER_REJECTION: i64 = 24 * 60 * 60;

impl Service {
    pub(super) async fn finish(&self, pull: &Pull) -> Result<Run> {
        let organization = pull.organization;
        let policy = pull.connection.policy;
        let mut work = self.store().begin(organization).await?;
        let absence = Absence::after(self.now(), policy.grace_seconds());
        let report = work.measure_run(pull.run.id, absence).await?;
        if let Some(detail) = cut_short(&pull.run, report) {
            drop(work);
            let code = Code::ConnectionCountMismatch;
            self.give_up(organization, pull.run.id, code, &detail)
                .await?;
            self.note_trouble(pull, code, detail.clone()).await?;
            return Err(Error::new(code, detail));
        }
        let since = self.now().plus_seconds(-BRAKE_WINDOW);
        let lost_before = work.lost_since(pull.connection.id, since).await?;
        let run = if let Some(stop) = policy.brakes.judge_run(&report, lost_before) {
            let failure = RunFailure {
                code: Code::RunHeld,
                detail: stop.to_string(),
            };
            let now = self.now();
            let until = now.plus_seconds(policy.hold_seconds());
            let run = work.hold_run(pull.run.id, &failure, now, until).await?;
            if pull.connection.health.state != ConnectionState::Held {
                let details = format!("{}: {stop}", pull.connection.name);
                work.append_audit(self.audit_event(pull.actor.account(), "run.held", details))
                    .await?;
            }
            work.commit().await?;
            run
        } else {
            let changed_since = pull.server_time.or(Some(pull.run.started_at));
            let run = work
                .apply_run(pull.run.id, changed_since, self.now())
                .await?;
            let details = summary(&pull.connection.name, &run.report);
            work.append_audit(self.audit_event(pull.actor.account(), "run.complete", details))
                .await?;
            work.commit().await?;
            run
        };
        tracing::debug!(
            connection = pull.connection.name,
            "the run is applied or held"
        );
        self.settle_run(&pull.actor, &run).await?;
        if let Some(detail) = left_out(&run) {
            self.note_trouble(pull, Code::ConnectionListIncomplete, detail)
                .await?;
        }
        Ok(run)
    }

    /// What follows from a run that was applied, held or rejected.
    async fn settle_run(&self, actor: &Actor, run: &Run) -> Result<()> {
        let organization = actor.organization();
        let now = self.now();
        let health = match run.state {
            RunState::Held => {
                let detail = run.failure.as_ref().map(|failure| failure.detail.clone());
                let detail = detail.unwrap_or_default();
                Some(Health::because(
                    ConnectionState::Held,
                    now,
                    Code::RunHeld,
                    detail,
                ))
            }
            RunState::Rejected => Some(Health {
                retry: Some(Retry {
                    failures: 0,
                    since: now,
                    next: Some(now.plus_seconds(REST_AFTER_REJECTION)),
                }),
                ..Health::healthy(now)
            }),
            // That the list left somebody out is noted behind this, as one change of state.
            _ if left_out(run).is_some() => None,
            _ => Some(Health::healthy(now)),
        };
        if let Some(health) = health {
            self.note(organization, run.connection_id, &health, None)
                .await?;
        }
        if run.state == RunState::Complete {
            let connection = self.connection(actor, run.connection_id).await?;
            self.follow_platform(actor, &connection).await?;
            self.evaluate(organization, Some(&[run.connection_id]))
                .await?;
            self.act_on_drift(organization, run.connection_id).await?;
            self.tell(Event::Mapping {
                organization_id: organization,
            });
        }
        self.tell_run(organization, run);
        Ok(())
    }

    /// Lets a run that a brake held go on: what it found becomes known. That holds for this run
    /// alone; the next one meets the brakes again.
    pub async fn allow_run(&self, actor: &Actor, id: RunId) -> Result<Run> {
        let held = self.held_run(actor, id).await?;
        if let Some(until) = held.held_until.filter(|until| *until <= self.now()) {
            self.expire_run(actor, &held).await?;
            return Err(Error::new(
                Code::RunNotHeld,
                format!("run {id} waited for a decision until {until}; it counts as rejected"),
            ));
        }
        let changed_since = Some(held.started_at);
        let mut work = self.store().begin(actor.organization()).await?;
        let run = work.apply_run(id, changed_since, self.now()).await?;
        let event = self.audit_event(actor.account(), "run.allowed", id.to_string());
        work.append_audit(event).await?;
        work.commit().await?;
        self.settle_run(actor, &run).await?;
        Ok(run)
    }

    /// Drops what a run that a brake held has found; what was known stays.
    pub async fn reject_run(&self, actor: &Actor, id: RunId) -> Result<Run> {
        self.held_run(actor, id).await?;
        let mut work = self.store().begin(actor.organization()).await?;
        let run = work.reject_run(id, self.now()).await?;
        let event = self.audit_event(actor.account(), "run.rejected", id.to_string());
        work.append_audit(event).await?;
        work.commit().await?;
        self.settle_run(actor, &run).await?;
        Ok(run)
    }

    /// Ends a held run that nobody decided about in time, as if somebody had rejected it.
    pub(super) async fn expire_run(&self, actor: &Actor, held: &Run) -> Result<()> {
        let mut work = self.store().begin(actor.organization()).await?;
        let run = work.reject_run(held.id, self.now()).await?;
        let event = self.audit_event(None, "run.expired", held.id.to_string());
        work.append_audit(event).await?;
        work.commit().await?;
        self.settle_run(actor, &run).await
    }

    async fn held_run(&self, actor: &Actor, id: RunId) -> Result<Run> {
        actor.require(Role::Admin)?;
        let run = self.run(actor, id).await?;
        if run.state == RunState::Held {
            Ok(run)
        } else {
            Err(Error::new(
                Code::RunNotHeld,
                format!(
                    "run {id} does not wait for a decision; it is {}",
                    run.state.as_str()
                ),
            ))
        }
    }
}

/// What is wrong with a list that left out users who are there.
fn left_out(run: &Run) -> Option<String> {
    let found = run.report.found;
    (found > 0).then(|| {
        format!(
            "the list left out users who are there when asked for by their id, {found} at least"
        )
    })
}

/// What is missing when fewer users came than the CRM counted.
pub(super) fn cut_short(run: &Run, report: RunReport) -> Option<String> {
    let expected = run.expected.filter(|_| run.mode == RunMode::Full)?;
    let came = report.read - report.looked_up + report.failed;
    (came < expected).then(|| format!("the CRM counts {expected} users, but {came} came"))
}

fn summary(connection: &str, report: &RunReport) -> String {
    format!(
        "{connection}: {} read, {} new, {} changed, {} deactivated, {} missing, {} gone, \
         {} returned, {} failed",
        report.read,
        report.new,
        report.changed,
        report.deactivated,
        report.missing,
        report.gone,
        report.returned,
        report.failed
    )
}
