//! How careful a connection is: its brakes, how long the missing are waited for, how long a held
//! run waits.

use counterpart_model::{Code, Connection, ConnectionId, Policy, Role};
use counterpart_store::connections::{SaveConnection, Saved};

use crate::error::FieldError;
use crate::{Actor, Error, Event, Result, Service};

impl Service {
    /// Changes how careful a connection is. `version` is the one that its changer saw. What is
    /// held already stays held; runs that begin from now on keep to the new policy.
    pub async fn set_policy(
        &self,
        actor: &Actor,
        id: ConnectionId,
        version: u64,
        policy: Policy,
    ) -> Result<Connection> {
        actor.require(Role::Admin)?;
        let connection = self.connection(actor, id).await?;
        refuse_senseless(&policy)?;
        let details = format!("{}: {}", connection.name, in_words(&policy));
        let save = SaveConnection {
            connection: Connection {
                policy,
                version,
                ..connection
            },
            seal: Vec::new(),
            forget: Vec::new(),
            event: self.audit_event(actor.account(), "connection.policy", details),
        };
        match self
            .store()
            .save_connection(actor.organization(), &save)
            .await?
        {
            Saved::Done(_) => {}
            Saved::NameTaken | Saved::Stale => {
                return Err(Error::new(
                    Code::MappingStale,
                    format!("{} was changed meanwhile; reload it", save.connection.name),
                ));
            }
        }
        self.tell(Event::Connection {
            organization_id: actor.organization(),
            connection_id: id,
        });
        Ok(self.connection_view(actor, id).await?.connection)
    }
}

fn refuse_senseless(policy: &Policy) -> Result<()> {
    let problems = policy.problems();
    if problems.is_empty() {
        return Ok(());
    }
    let fields = problems
        .into_iter()
        .map(|problem| FieldError {
            field: problem.field.to_owned(),
            message: problem.to_string(),
        })
        .collect();
    Err(Error::with_fields(Code::ConnectionPolicyInvalid, fields))
}

fn in_words(policy: &Policy) -> String {
    let brakes = policy.brakes;
    format!(
        "asks from {} users and {} %, or {} users; {} days of grace; {} days to decide",
        brakes.least, brakes.percent, brakes.most, policy.grace_days, policy.hold_days
    )
}
