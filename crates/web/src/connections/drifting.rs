//! What drifts in a connection, and what happens then by itself.

use std::collections::BTreeMap;

use counterpart_model::{
    ConnectionId, DriftCause, DriftPolicies, DriftPolicy, OrganizationId, Role,
};

use crate::problem::{Answer, Problem};
use crate::request::{At, Sent, address};
use crate::session::Portal;
use crate::words::{Tone, drift_cause, drift_policy, drift_tone, grouped};

/// The sections about drift on a connection's page.
pub(super) struct Drifting {
    /// What drifts now: the cause's word, its tone, how many mappings, where they are listed.
    pub(super) counts: Vec<(&'static str, Tone, String, String)>,
    /// What the policies that stand mean.
    pub(super) meaning: Vec<String>,
    pub(super) fields: Vec<Field>,
}

/// What happens for one cause.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    /// Value, words, whether it is the chosen one.
    pub(super) choices: Vec<(&'static str, &'static str, bool)>,
}

impl Drifting {
    /// What is known of a connection's drift.
    pub(super) async fn of(portal: &Portal, id: ConnectionId) -> Result<Self, Problem> {
        let (service, actor) = (&portal.service, &portal.actor);
        let policies = service.drift_policies(actor, id).await?;
        let counted = service.count_drift(actor).await?;
        let here = id.to_string();
        let counts = counted
            .iter()
            .filter(|count| count.connection_id == id)
            .map(|count| {
                let path = address(
                    &portal.path("/drift"),
                    &[("cause", count.cause.as_str()), ("connection", &here)],
                );
                (
                    drift_cause(count.cause),
                    drift_tone(count.cause.severity()),
                    grouped(count.mappings),
                    path,
                )
            })
            .collect();
        Ok(Self {
            counts,
            meaning: meaning(&policies),
            fields: DriftCause::ALL
                .into_iter()
                .map(|cause| field(cause, policies.of(cause)))
                .collect(),
        })
    }
}

fn field(cause: DriftCause, standing: DriftPolicy) -> Field {
    let choices = DriftPolicy::ALL
        .into_iter()
        // A repair that would be a guess is never applied by itself.
        .filter(|policy| *policy != DriftPolicy::Act || cause.may_act())
        .map(|policy| (policy.as_str(), drift_policy(policy), policy == standing))
        .collect();
    Field {
        name: cause.as_str(),
        label: drift_cause(cause),
        choices,
    }
}

fn meaning(policies: &DriftPolicies) -> Vec<String> {
    let named = |wanted: DriftPolicy| -> Vec<&str> {
        policies
            .named()
            .filter(|(_, policy)| *policy == wanted)
            .map(|(cause, _)| drift_cause(cause))
            .collect()
    };
    let (acting, ignored) = (named(DriftPolicy::Act), named(DriftPolicy::Ignore));
    let mut sentences = Vec::new();
    if !acting.is_empty() {
        sentences.push(format!("Put right by itself: {}.", acting.join(", ")));
    }
    if !ignored.is_empty() {
        sentences.push(format!("Not looked for: {}.", ignored.join(", ")));
    }
    sentences.push(if sentences.is_empty() {
        "Whatever drifts is shown, with what puts it right.".to_owned()
    } else {
        "Everything else is shown, with what puts it right.".to_owned()
    });
    sentences
}

/// `POST /o/{organization}/connections/{connection}/drift-policies`: what happens for each cause;
/// causes that are not sent stay as they are.
pub(super) async fn save(
    portal: Portal,
    At((_, id)): At<(OrganizationId, ConnectionId)>,
    Sent(sent): Sent<BTreeMap<String, String>>,
) -> Answer {
    portal.actor.require(Role::Admin)?;
    let (service, actor) = (&portal.service, &portal.actor);
    let mut policies = service.drift_policies(actor, id).await?;
    for cause in DriftCause::ALL {
        if let Some(word) = sent.get(cause.as_str()) {
            let policy = word.parse().map_err(|error| {
                counterpart_service::Error::new(
                    counterpart_model::Code::DriftPolicyInvalid,
                    format!("{error}"),
                )
            })?;
            policies.set(cause, policy);
        }
    }
    service.set_drift_policies(actor, id, &policies).await?;
    portal.go(&portal.path(&format!("/connections/{id}#drift")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_is_not_offered_to_be_made_by_itself() {
        let guess = field(DriftCause::SeatRepurposed, DriftPolicy::Propose);
        assert!(guess.choices.iter().all(|(value, _, _)| *value != "act"));
        let sure = field(DriftCause::CrmUserDeleted, DriftPolicy::Act);
        assert!(
            sure.choices
                .contains(&("act", drift_policy(DriftPolicy::Act), true))
        );
    }

    #[test]
    fn policies_are_told_in_sentences() {
        let policies = [
            (DriftCause::CrmUserDeleted, DriftPolicy::Act),
            (DriftCause::EmailChanged, DriftPolicy::Ignore),
        ];
        let sentences = meaning(&policies.into_iter().collect());
        assert_eq!(sentences.len(), 3);
        assert!(sentences[0].contains("gone there"), "{sentences:?}");
        assert_eq!(meaning(&DriftPolicies::default()).len(), 1);
    }
}
