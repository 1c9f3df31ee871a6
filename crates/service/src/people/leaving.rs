//! People who leave, and come back.

use counterpart_model::{
    ChangeLine, ChangeSet, DriftCause, Mapping, Period, Person, PersonId, Role, Timestamp,
};
use counterpart_store::mappings::MappingQuery;

use crate::drift::confirmed;
use crate::{Actor, Result, Service};

/// What becomes of the mappings of somebody who leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndMappings {
    /// They end at this moment.
    Now,
    /// They end when this day begins in the organization's time zone (like `2026-11-30`).
    On(String),
    /// They stay: records of the past keep their owner, and so do new ones.
    Keep,
}

impl Service {
    /// Notes that a person works here no longer.
    pub async fn deactivate_person(
        &self,
        actor: &Actor,
        id: PersonId,
        end: &EndMappings,
    ) -> Result<ChangeSet> {
        actor.require(Role::Admin)?;
        let before = self.person(actor, id).await?;
        let mut lines = activity_lines(&before, false);
        let at = match end {
            EndMappings::Now => Some(self.now()),
            EndMappings::On(date) => {
                let organization = self.organization(actor).await?;
                Some(Timestamp::start_of_day(date, &organization.time_zone)?)
            }
            EndMappings::Keep => None,
        };
        let query = MappingQuery {
            person_id: Some(id),
            ..MappingQuery::default()
        };
        let mappings = self.all_mappings(actor.organization(), &query).await?;
        let now = self.now();
        for mapping in mappings {
            match at {
                Some(at) => lines.extend(ended(mapping, at)),
                // Somebody knows that it goes on, so that it is no drift.
                None if mapping.period.contains(now) => {
                    lines.extend(confirmed(&mapping, None, &[DriftCause::PersonLeft]));
                }
                None => {}
            }
        }
        let reason = Some(format!("{} left", before.profile.display_name));
        self.apply(actor, lines, reason, false).await
    }

    /// Notes that a person works here again. Mappings that had ended stay ended.
    pub async fn reactivate_person(&self, actor: &Actor, id: PersonId) -> Result<ChangeSet> {
        actor.require(Role::Admin)?;
        let before = self.person(actor, id).await?;
        let reason = Some(format!("{} came back", before.profile.display_name));
        self.apply(actor, activity_lines(&before, true), reason, false)
            .await
    }
}

fn activity_lines(before: &Person, active: bool) -> Vec<ChangeLine> {
    if before.active == active {
        return Vec::new();
    }
    let after = Person {
        active,
        ..before.clone()
    };
    vec![ChangeLine::Person {
        before: Some(Box::new(before.clone())),
        after: Some(Box::new(after)),
    }]
}

/// The line that ends a mapping at an instant; none when it has ended by then. One that would
/// only have begun later never comes true.
pub(crate) fn ended(mapping: Mapping, at: Timestamp) -> Option<ChangeLine> {
    if mapping.period.to() <= at {
        return None;
    }
    let after = Period::new(mapping.period.from(), at).ok().map(|period| {
        Box::new(Mapping {
            period,
            ..mapping.clone()
        })
    });
    Some(ChangeLine::Mapping {
        before: Some(Box::new(mapping)),
        after,
    })
}
