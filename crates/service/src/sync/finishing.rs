//! The end of a pull: measure, brake, apply, look at the proposals anew.

use counterpart_model::connection::Health;
use counterpart_model::run::RunFailure;
use counterpart_model::{Code, ConnectionState, Role, Run, RunId, RunMode, RunReport, RunState};

use super::pulling::Pull;
use crate::{Actor, Error, Event, Result, Service};

/// How far back what runs have taken away counts together, in seconds.
const BRAKE_WINDOW: i64 = 24 * 60 * 60;

impl Service {
    pub(super) async fn finish(&self, pull: &Pull) -> Result<Run> {
        let organization = pull.organization;
        let mut work = self.store().begin(organization).await?;
        let report = work.measure_run(pull.run.id).await?;
        if let Some(detail) = cut_short(&pull.run, report) {
            drop(work);
            let code = Code::ConnectionCountMismatch;
            self.give_up(organization, pull.run.id, code, &detail)
                .await?;
            let health = Health {
                state: ConnectionState::Troubled,
                since: self.now(),
                code: Some(code),
                detail: Some(detail.clone()),
            };
            self.note(organization, pull.connection.id, &health, None)
                .await?;
            return Err(Error::new(code, detail));
        }
        let since = self.now().plus_seconds(-BRAKE_WINDOW);
        let lost_before = work.lost_since(pull.connection.id, since).await?;
        let stop = self
            .parts
            .brakes
            .judge(report.usable_before, report.lost, lost_before);
        let run = if let Some(stop) = stop {
            let failure = RunFailure {
                code: Code::RunHeld,
                detail: stop.to_string(),
            };
            let run = work.hold_run(pull.run.id, &failure, self.now()).await?;
            let details = format!("{}: {stop}", pull.connection.name);
            work.append_audit(self.audit_event(pull.actor.account(), "run.held", details))
                .await?;
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
        Ok(run)
    }

    /// What follows from a run that was applied or held.
    async fn settle_run(&self, actor: &Actor, run: &Run) -> Result<()> {
        let organization = actor.organization();
        let now = self.now();
        let health = match run.state {
            RunState::Held => Health {
                state: ConnectionState::Held,
                since: now,
                code: Some(Code::RunHeld),
                detail: run.failure.as_ref().map(|failure| failure.detail.clone()),
            },
            _ => Health {
                state: ConnectionState::Healthy,
                since: now,
                code: None,
                detail: None,
            },
        };
        self.note(organization, run.connection_id, &health, None)
            .await?;
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

    /// Lets a run that a brake held go on: what it found becomes known.
    pub async fn allow_run(&self, actor: &Actor, id: RunId) -> Result<Run> {
        let held = self.held_run(actor, id).await?;
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

/// What is missing when fewer users came than the CRM counted.
fn cut_short(run: &Run, report: RunReport) -> Option<String> {
    let expected = run.expected.filter(|_| run.mode == RunMode::Full)?;
    let came = report.read + report.failed;
    (came < expected).then(|| format!("the CRM counts {expected} users, but {came} came"))
}

fn summary(connection: &str, report: &RunReport) -> String {
    format!(
        "{connection}: {} read, {} new, {} changed, {} deactivated, {} gone, {} returned, {} failed",
        report.read,
        report.new,
        report.changed,
        report.deactivated,
        report.gone,
        report.returned,
        report.failed
    )
}
