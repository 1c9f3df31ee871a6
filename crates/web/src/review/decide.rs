//! `POST /o/{organization}/review/{connection}/{person}`, `POST /o/{organization}/review/undo`

use counterpart_model::drift::Repair;
use counterpart_model::{Code, ConnectionId, CrmUserId, MappingId, OrganizationId, PersonId, Role};
use counterpart_service::Error;
use counterpart_service::mapping::UndoScope;
use counterpart_service::review::Choice;
use serde::Deserialize;

use super::show::Query;
use crate::problem::Answer;
use crate::request::{At, Sent};
use crate::session::Portal;

/// What was said about a case, and where in the queue it stood.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Input {
    accept: String,
    reject: String,
    repair: String,
    mapping: String,
    version: u64,
    /// From which day on; today when empty.
    from: String,
    kind: String,
    connection: String,
    order: String,
    after: String,
}

impl Input {
    fn choice(&self) -> Result<Choice, Error> {
        let user = |id: &String| CrmUserId(id.clone());
        if !self.accept.is_empty() {
            return Ok(Choice::Accept {
                crm_user_id: user(&self.accept),
            });
        }
        if !self.reject.is_empty() {
            return Ok(Choice::Reject {
                crm_user_id: user(&self.reject),
            });
        }
        let invalid = |why: String| Error::new(Code::DriftRepairInvalid, why);
        let repair: Repair = self.repair.parse().map_err(|it| invalid(format!("{it}")))?;
        let mapping_id: MappingId = self
            .mapping
            .parse()
            .map_err(|it| invalid(format!("{it}")))?;
        let dated = matches!(repair, Repair::HandOver | Repair::End);
        let from = Some(self.from.trim().to_owned());
        Ok(Choice::Repair {
            mapping_id,
            version: self.version,
            repair,
            from: from.filter(|day| dated && !day.is_empty()),
        })
    }

    fn query(&self) -> Query {
        Query {
            kind: self.kind.clone(),
            connection: self.connection.clone(),
            order: self.order.clone(),
            ..Query::default()
        }
    }
}

/// Decides a case, and goes on with the next one.
pub(super) async fn decide(
    portal: Portal,
    At((_, connection, person)): At<(OrganizationId, ConnectionId, PersonId)>,
    Sent(input): Sent<Input>,
) -> Answer {
    portal.actor.require(Role::Admin)?;
    let choice = input.choice()?;
    let decided = portal
        .service
        .decide_case(&portal.actor, connection, person, choice)
        .await?;
    let done = decided.number.to_string();
    let base = portal.path("/review");
    portal.go(&input.query().path(&base, &input.after, &[("done", &done)]))
}

/// Which change set is to be undone, and where in the queue somebody is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Undo {
    number: u64,
    kind: String,
    connection: String,
    order: String,
    after: String,
}

/// Undoes what decided a case, which comes back to its place in the queue.
pub(super) async fn undo(portal: Portal, Sent(input): Sent<Undo>) -> Answer {
    portal.actor.require(Role::Admin)?;
    portal
        .service
        .undo(&portal.actor, input.number, UndoScope::Everything, None)
        .await?;
    let query = Query {
        kind: input.kind,
        connection: input.connection,
        order: input.order,
        ..Query::default()
    };
    let undone = input.number.to_string();
    let base = portal.path("/review");
    portal.go(&query.path(&base, &input.after, &[("undone", &undone)]))
}
