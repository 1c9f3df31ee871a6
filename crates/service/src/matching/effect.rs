//! What other matching settings would do: a match that changes nothing, beside what stands.

use std::collections::HashMap;
use std::sync::Arc;

use counterpart_matching::{Options, match_records};
use counterpart_model::{
    Code, Connection, ConnectionId, CrmUserId, Cursor, MatchingRules, OrganizationId, Page,
    PageRequest, PersonId, Proposal, Role, paging::LARGEST_PAGE,
};
use counterpart_store::mappings::ProposalQuery;

use super::options::matching_options;
use super::settings::sensible;
use crate::reconcile::{Staff, has_crm_users, proposals};
use crate::{Actor, Error, Result, Service};

/// What becomes of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EffectKind {
    /// Nothing was proposed for the person, and then something is.
    Appears,
    /// Something was proposed, and then nothing is.
    Disappears,
    /// Somebody else is proposed.
    Changes,
    /// The same is proposed, and is certain then.
    BecomesCertain,
    /// The same is proposed, and is certain no longer.
    BecomesUncertain,
    /// The same is proposed, but others fit as well then.
    BecomesAmbiguous,
    /// The same is proposed, and no others fit as well any more.
    BecomesClear,
}

impl EffectKind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Appears,
        Self::Disappears,
        Self::Changes,
        Self::BecomesCertain,
        Self::BecomesUncertain,
        Self::BecomesAmbiguous,
        Self::BecomesClear,
    ];

    /// Its name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Appears => "appears",
            Self::Disappears => "disappears",
            Self::Changes => "changes",
            Self::BecomesCertain => "becomes_certain",
            Self::BecomesUncertain => "becomes_uncertain",
            Self::BecomesAmbiguous => "becomes_ambiguous",
            Self::BecomesClear => "becomes_clear",
        }
    }
}

/// What is proposed for a person, with a name to read it by.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposed {
    /// The CRM user.
    pub crm_user_id: CrmUserId,
    /// Its name; its id where it has gone.
    pub name: String,
    /// How probable, 0 to 1.
    pub score: f64,
    /// Whether it may be accepted without a look.
    pub certain: bool,
    /// Whether others fit about as well.
    pub ambiguous: bool,
}

/// What becomes of what is proposed for one person in one connection.
#[derive(Debug, Clone, PartialEq)]
pub struct EffectLine {
    /// What becomes of it.
    pub kind: EffectKind,
    /// In which connection.
    pub connection_id: ConnectionId,
    /// The connection's name.
    pub connection: String,
    /// For whom.
    pub person_id: PersonId,
    /// The person's name.
    pub person: String,
    /// What stands.
    pub before: Option<Proposed>,
    /// What would stand.
    pub after: Option<Proposed>,
}

/// What other settings would do.
#[derive(Debug, Clone)]
pub struct MatchingEffect {
    /// How many proposals of each kind there would be; kinds without any are left out.
    pub counts: Vec<(EffectKind, u64)>,
    /// The lines, by kind, connection and name.
    pub lines: Page<EffectLine>,
}

/// What may be said of a proposal, by person.
type ByPerson = HashMap<PersonId, Proposed>;

impl Service {
    /// What other settings would do to what is proposed now, before they are saved: a page of it,
    /// and how many there are of each kind. Changes nothing.
    pub async fn preview_matching_settings(
        &self,
        actor: &Actor,
        connection: Option<ConnectionId>,
        rules: MatchingRules,
        page: &PageRequest,
    ) -> Result<MatchingEffect> {
        actor.require(Role::Admin)?;
        let first: usize = match &page.after {
            Some(cursor) => cursor.0.parse().map_err(|_| {
                Error::field(
                    Code::RequestInvalid,
                    "after",
                    "not a cursor of this list; begin again without it",
                )
            })?,
            None => 0,
        };
        let view = self.matching_settings(actor, connection).await?;
        let rules = sensible(rules, view.connection.as_ref())?;
        let lines = self
            .effect(actor.organization(), connection, &rules, &view.domains)
            .await?;
        let counts = EffectKind::ALL.into_iter().map(|kind| {
            let of_kind = lines.iter().filter(|line| line.kind == kind);
            (kind, of_kind.count() as u64)
        });
        let counts = counts.filter(|(_, count)| *count > 0).collect();
        let size = usize::try_from(page.limit()).unwrap_or(usize::MAX);
        let behind = first.saturating_add(size);
        let next = (behind < lines.len()).then(|| Cursor(behind.to_string()));
        Ok(MatchingEffect {
            counts,
            lines: Page {
                items: lines.into_iter().skip(first).take(size).collect(),
                next,
            },
        })
    }

    /// All that saving rules in one place would do, in order.
    async fn effect(
        &self,
        organization: OrganizationId,
        place: Option<ConnectionId>,
        rules: &MatchingRules,
        domains: &[String],
    ) -> Result<Vec<EffectLine>> {
        let concerned: Vec<Connection> = self
            .store()
            .list_connections(organization)
            .await?
            .into_iter()
            .filter(|it| has_crm_users(it) && it.synced_at.is_some())
            .filter(|it| place.is_none_or(|id| it.id == id))
            .collect();
        let mut places: Vec<Option<ConnectionId>> = vec![None];
        places.extend(concerned.iter().map(|connection| Some(connection.id)));
        let said = self.said(organization, &places).await?;
        let said = |of| said.get(&of).map(|it| it.rules.clone()).unwrap_or_default();
        let staff = self.staff(organization).await?;
        let mut lines = Vec::new();
        for connection in &concerned {
            let then = match place {
                Some(_) => rules.over(&said(None)),
                None => said(Some(connection.id)).over(rules),
            };
            let options = matching_options(&then, connection, domains.to_vec());
            self.effect_in(organization, connection, &staff, options, &mut lines)
                .await?;
        }
        lines.sort_by(|one, other| {
            let order = one.kind.cmp(&other.kind);
            let order = order.then_with(|| one.connection.cmp(&other.connection));
            let order = order.then_with(|| one.person.cmp(&other.person));
            order.then_with(|| one.person_id.cmp(&other.person_id))
        });
        Ok(lines)
    }

    async fn effect_in(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        staff: &Staff,
        options: Options,
        lines: &mut Vec<EffectLine>,
    ) -> Result<()> {
        let mut sides = self.sides(organization, connection, staff).await?;
        sides.options = Options {
            labels: sides.options.labels,
            taken_left: sides.options.taken_left,
            taken_right: sides.options.taken_right,
            ..options
        };
        let sides = Arc::new(sides);
        let theirs = Arc::clone(&sides);
        let result = tokio::task::spawn_blocking(move || {
            match_records(&theirs.left, &theirs.right, &theirs.options)
        })
        .await
        .map_err(Error::internal)?;
        let names: HashMap<&CrmUserId, &str> = sides
            .users
            .iter()
            .map(|user| (&user.id, user.profile.display_name.as_str()))
            .collect();
        let by_person = |proposals: Vec<Proposal>| -> ByPerson {
            let one = |it: Proposal| (it.person_id, proposed(it, &names));
            proposals.into_iter().map(one).collect()
        };
        let people: Vec<PersonId> = staff.people.iter().map(|person| person.id).collect();
        let users: Vec<CrmUserId> = sides.users.iter().map(|user| user.id.clone()).collect();
        let mut then = by_person(proposals(connection.id, &people, &users, &result));
        let mut now = by_person(self.standing_proposals(organization, connection.id).await?);
        for person in &staff.people {
            let (before, after) = (now.remove(&person.id), then.remove(&person.id));
            let Some(kind) = kind_of(before.as_ref(), after.as_ref()) else {
                continue;
            };
            lines.push(EffectLine {
                kind,
                connection_id: connection.id,
                connection: connection.name.clone(),
                person_id: person.id,
                person: person.profile.display_name.clone(),
                before,
                after,
            });
        }
        Ok(())
    }

    async fn standing_proposals(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<Vec<Proposal>> {
        let query = ProposalQuery {
            connection_id: Some(connection),
            certain_only: false,
        };
        let mut all = Vec::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .store()
                .list_proposals(organization, &query, &request)
                .await?;
            all.extend(page.items);
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => return Ok(all),
            }
        }
    }
}

fn proposed(proposal: Proposal, names: &HashMap<&CrmUserId, &str>) -> Proposed {
    let name = names.get(&proposal.crm_user_id).copied();
    Proposed {
        name: name.unwrap_or(&proposal.crm_user_id.0).to_owned(),
        crm_user_id: proposal.crm_user_id,
        score: proposal.score,
        certain: proposal.certain,
        ambiguous: proposal.ambiguous,
    }
}

/// What becomes of a proposal; `None` where nothing does that anybody would notice.
fn kind_of(before: Option<&Proposed>, after: Option<&Proposed>) -> Option<EffectKind> {
    match (before, after) {
        (None, None) => None,
        (None, Some(_)) => Some(EffectKind::Appears),
        (Some(_), None) => Some(EffectKind::Disappears),
        (Some(before), Some(after)) if before.crm_user_id != after.crm_user_id => {
            Some(EffectKind::Changes)
        }
        (Some(before), Some(after)) => match (before.certain, after.certain) {
            (false, true) => Some(EffectKind::BecomesCertain),
            (true, false) => Some(EffectKind::BecomesUncertain),
            _ => match (before.ambiguous, after.ambiguous) {
                (false, true) => Some(EffectKind::BecomesAmbiguous),
                (true, false) => Some(EffectKind::BecomesClear),
                _ => None,
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(user: &str, certain: bool, ambiguous: bool) -> Proposed {
        Proposed {
            crm_user_id: CrmUserId(user.to_owned()),
            name: user.to_owned(),
            score: 0.5,
            certain,
            ambiguous,
        }
    }

    #[test]
    fn every_effect_has_its_kind() {
        for (before, after, kind) in [
            (None, None, None),
            (None, Some(is("a", true, false)), Some(EffectKind::Appears)),
            (
                Some(is("a", true, false)),
                None,
                Some(EffectKind::Disappears),
            ),
            (
                Some(is("a", true, false)),
                Some(is("b", true, false)),
                Some(EffectKind::Changes),
            ),
            (
                Some(is("a", false, true)),
                Some(is("a", true, false)),
                Some(EffectKind::BecomesCertain),
            ),
            (
                Some(is("a", true, false)),
                Some(is("a", false, true)),
                Some(EffectKind::BecomesUncertain),
            ),
            (
                Some(is("a", false, false)),
                Some(is("a", false, true)),
                Some(EffectKind::BecomesAmbiguous),
            ),
            (
                Some(is("a", false, true)),
                Some(is("a", false, false)),
                Some(EffectKind::BecomesClear),
            ),
            (Some(is("a", true, false)), Some(is("a", true, false)), None),
        ] {
            assert_eq!(kind_of(before.as_ref(), after.as_ref()), kind);
        }
    }
}
