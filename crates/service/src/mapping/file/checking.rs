//! Whether what a file says can be: every name is looked up, and whatever is wrong is said, all of
//! it at once.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use counterpart_model::{
    Connection, ConnectionId, CrmUser, CrmUserId, Decision, DecisionKind, Mapping, MappingOrigin,
    OrganizationId, PageRequest, Period, PersonId, Timestamp, folding, paging::LARGEST_PAGE,
};
use counterpart_store::{crm_users::CrmUserQuery, mappings::MappingQuery};
use counterpart_tabular::kept_of_rounded;

use super::document::{self, Document, FileProblem, PersonRef, Ruling, Scope, Section, Verdict};
use super::roster::{Roster, stripped, zeros_in_front};
use crate::mapping::has_crm_users;
use crate::{Actor, Result, Service};

/// What stands in one connection.
pub(super) struct Standing {
    pub(super) connection: Connection,
    pub(super) mappings: Vec<Mapping>,
    pub(super) decisions: Vec<Decision>,
    /// The CRM users that are spoken of, by id.
    pub(super) users: HashMap<CrmUserId, CrmUser>,
}

/// What a file wants in one connection.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) mappings: Vec<WantedMapping>,
    pub(super) decisions: Option<Vec<WantedDecision>>,
    /// Everybody whom the section names.
    pub(super) people: HashSet<PersonId>,
}

/// A mapping that a file wants.
#[derive(Debug, Clone)]
pub(super) struct WantedMapping {
    pub(super) line: u64,
    pub(super) person_id: PersonId,
    pub(super) crm_user_id: CrmUserId,
    pub(super) period: Period,
    pub(super) person_exclusive: bool,
    pub(super) crm_user_exclusive: bool,
    pub(super) origin: Option<MappingOrigin>,
}

/// A decision that a file wants.
#[derive(Debug, Clone)]
pub(super) struct WantedDecision {
    pub(super) line: u64,
    pub(super) kind: DecisionKind,
    pub(super) reason: Option<String>,
    pub(super) expires_at: Timestamp,
}

/// The CRM users of a connection that are shared seats by a decision.
pub(super) fn shared_seats<'d>(
    kinds: impl Iterator<Item = &'d DecisionKind>,
) -> HashSet<&'d CrmUserId> {
    kinds
        .filter_map(|kind| match kind {
            DecisionKind::SharedSeat { crm_user_id } => Some(crm_user_id),
            _ => None,
        })
        .collect()
}

impl Service {
    /// The connection that a section names, or what is wrong with the name.
    pub(super) fn connection_of<'c>(
        connections: &'c [Connection],
        section: &Section,
    ) -> std::result::Result<&'c Connection, FileProblem> {
        let folded = folding::fold(&section.name);
        let named = connections
            .iter()
            .find(|it| it.name == section.name)
            .or_else(|| {
                connections
                    .iter()
                    .find(|it| folding::fold(&it.name) == folded)
            });
        let wrong = |message| FileProblem::new(section.line, message);
        let Some(found) = named else {
            let known: Vec<&str> = connections
                .iter()
                .filter(|it| has_crm_users(it))
                .map(|it| it.name.as_str())
                .collect();
            return Err(wrong(format!(
                "there is no connection `{}`; there are: {}",
                section.name,
                known.join(", ")
            )));
        };
        if has_crm_users(found) {
            return Ok(found);
        }
        Err(wrong(format!(
            "`{}` has no CRM users to map; leave it out",
            section.name
        )))
    }

    /// What stands in a connection, and the CRM users of it and of `ids`.
    pub(super) async fn standing_in(
        &self,
        actor: &Actor,
        connection: Connection,
        ids: impl Iterator<Item = &String>,
        from_table: bool,
    ) -> Result<Standing> {
        let organization = actor.organization();
        let query = MappingQuery {
            connection_id: Some(connection.id),
            ..MappingQuery::default()
        };
        let mappings = self.all_mappings(organization, &query).await?;
        let decisions = self.all_decisions(actor, Some(connection.id)).await?;
        let decided = decisions.iter().filter_map(|it| it.kind.crm_user_id());
        let mapped = mappings.iter().map(|mapping| &mapping.crm_user_id);
        let ids: HashSet<CrmUserId> = mapped
            .chain(decided)
            .cloned()
            .chain(ids.cloned().map(CrmUserId))
            .collect();
        let mut users = self
            .users_by_id(organization, &connection, ids.clone())
            .await?;
        if from_table {
            let kept = ids.iter().filter_map(|id| kept_of_rounded(&id.0));
            for kept in kept.collect::<HashSet<&str>>() {
                let similar = self.users_like(organization, connection.id, kept).await?;
                users.extend(similar.into_iter().map(|user| (user.id.clone(), user)));
            }
        }
        Ok(Standing {
            connection,
            mappings,
            decisions,
            users,
        })
    }

    /// The CRM users whose search text holds `part`; a page of them is enough to know that there
    /// are several.
    async fn users_like(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        part: &str,
    ) -> Result<Vec<CrmUser>> {
        let query = CrmUserQuery {
            words: vec![part.to_owned()],
            ..CrmUserQuery::default()
        };
        let request = PageRequest::first(LARGEST_PAGE);
        let page = self
            .store()
            .list_crm_users(organization, connection, &query, &request)
            .await?;
        Ok(page.items)
    }

    async fn users_by_id(
        &self,
        organization: OrganizationId,
        connection: &Connection,
        ids: HashSet<CrmUserId>,
    ) -> Result<HashMap<CrmUserId, CrmUser>> {
        let mut users = HashMap::new();
        let mut unknown: Vec<CrmUserId> = ids.into_iter().collect();
        // As they stand, then in the form that the provider's own ids have, then with the zeros
        // that a spreadsheet takes away, so that they can be named.
        for round in 0..3 {
            if unknown.is_empty() {
                break;
            }
            let asked: Vec<CrmUserId> = match round {
                0 => unknown.clone(),
                1 => unknown
                    .iter()
                    .filter_map(|id| self.canonical(connection, id))
                    .collect(),
                _ => unknown.iter().flat_map(padded).collect(),
            };
            let found = self
                .store()
                .find_crm_users(organization, connection.id, &asked)
                .await?;
            users.extend(found.into_iter().map(|user| (user.id.clone(), user)));
            unknown.retain(|id| !users.contains_key(id));
        }
        Ok(users)
    }

    pub(super) fn canonical(&self, connection: &Connection, id: &CrmUserId) -> Option<CrmUserId> {
        self.parts
            .connectors
            .get(&connection.provider)
            .and_then(|connector| connector.normalise_id(&id.0))
    }

    /// What a section of a document wants, with everything that is wrong with it.
    pub(super) fn wanted(
        &self,
        document: &Document,
        section: &Section,
        standing: &Standing,
        roster: &Roster,
        problems: &mut Vec<FileProblem>,
    ) -> Wanted {
        let mut lookup = Lookup {
            service: self,
            standing,
            roster,
            stands: standing_users(standing),
            from_table: document.from_table,
            people: HashSet::new(),
            problems,
        };
        let decisions = section.decisions.as_ref().map(|rulings| {
            let wanted = rulings.iter();
            wanted
                .filter_map(|ruling| lookup.decision(ruling))
                .collect()
        });
        let entries = section.mappings.iter();
        let mut mappings: Vec<(WantedMapping, &document::Entry)> = entries
            .filter_map(|entry| Some((lookup.mapping(entry)?, entry)))
            .collect();
        let people = lookup.people;
        let shared = seats(document.scope, decisions.as_deref(), standing);
        for (mapping, entry) in &mut mappings {
            let cardinality = standing.connection.cardinality;
            mapping.person_exclusive = !entry
                .person_shared
                .unwrap_or(!cardinality.person_exclusive());
            mapping.crm_user_exclusive = !entry.crm_user_shared.unwrap_or_else(|| {
                !cardinality.crm_user_exclusive() || shared.contains(&mapping.crm_user_id)
            });
        }
        let mappings: Vec<WantedMapping> = mappings.into_iter().map(|(it, _)| it).collect();
        refuse_twice(decisions.as_deref().unwrap_or_default(), problems);
        Wanted {
            mappings,
            decisions,
            people,
        }
    }
}

/// The shared seats that there will be. A file that says nothing of decisions leaves them alone, and
/// so does one that is the truth of people only: a seat is nobody's.
fn seats(
    scope: Scope,
    decisions: Option<&[WantedDecision]>,
    standing: &Standing,
) -> HashSet<CrmUserId> {
    let stays = scope != Scope::Connections || decisions.is_none();
    let standing = standing.decisions.iter().filter(|_| stays);
    let wanted = decisions.unwrap_or_default().iter();
    let kinds = standing.map(|it| &it.kind).chain(wanted.map(|it| &it.kind));
    shared_seats(kinds).into_iter().cloned().collect()
}

/// An id of digits alone, with one to many zeros in front.
fn padded(id: &CrmUserId) -> Vec<CrmUserId> {
    let mut all = Vec::new();
    // Whatever is asked for is collected; what is known is told by the database.
    zeros_in_front(&id.0, |candidate| {
        all.push(CrmUserId(candidate.to_owned()));
        false
    });
    all
}

/// Whether an id cannot be told from one that a spreadsheet rounded.
pub(super) fn is_rounded(id: &str, users: &HashMap<CrmUserId, CrmUser>) -> bool {
    let Some(kept) = kept_of_rounded(id) else {
        return false;
    };
    let similar = users
        .keys()
        .filter(|known| known.0.len() == id.len() && known.0.starts_with(kept))
        .count();
    !(users.contains_key(&CrmUserId(id.to_owned())) && similar == 1)
}

fn standing_users(standing: &Standing) -> HashSet<&CrmUserId> {
    let mapped = standing.mappings.iter().map(|it| &it.crm_user_id);
    let decided = standing.decisions.iter();
    mapped
        .chain(decided.filter_map(|it| it.kind.crm_user_id()))
        .collect()
}

/// Finds what one section names.
struct Lookup<'a> {
    service: &'a Service,
    standing: &'a Standing,
    roster: &'a Roster,
    /// Who is mapped or decided about already, known or not.
    stands: HashSet<&'a CrmUserId>,
    from_table: bool,
    people: HashSet<PersonId>,
    problems: &'a mut Vec<FileProblem>,
}

impl Lookup<'_> {
    fn mapping(&mut self, entry: &document::Entry) -> Option<WantedMapping> {
        let person_id = self.person(entry.line, &entry.person);
        let crm_user_id = self.crm_user(entry.line, &entry.crm_user);
        Some(WantedMapping {
            line: entry.line,
            person_id: person_id?,
            crm_user_id: crm_user_id?,
            period: entry.period,
            person_exclusive: true,
            crm_user_exclusive: true,
            origin: entry.origin,
        })
    }

    fn decision(&mut self, ruling: &Ruling) -> Option<WantedDecision> {
        let line = ruling.line;
        let kind = match &ruling.verdict {
            Verdict::NotThisPair(person, user) => {
                let person_id = self.person(line, person);
                let crm_user_id = self.crm_user(line, user);
                DecisionKind::NotThisPair {
                    person_id: person_id?,
                    crm_user_id: crm_user_id?,
                }
            }
            Verdict::NoAccount(person) => DecisionKind::NoAccount {
                person_id: self.person(line, person)?,
            },
            Verdict::NotAPerson(user) => DecisionKind::NotAPerson {
                crm_user_id: self.crm_user(line, user)?,
            },
            Verdict::SharedSeat(user) => DecisionKind::SharedSeat {
                crm_user_id: self.crm_user(line, user)?,
            },
        };
        Some(WantedDecision {
            line,
            kind,
            reason: ruling.reason.clone(),
            expires_at: ruling.until,
        })
    }

    fn person(&mut self, line: u64, reference: &PersonRef) -> Option<PersonId> {
        match self.roster.find(reference) {
            Ok(id) => {
                self.people.insert(id);
                Some(id)
            }
            Err(message) => {
                self.problems.push(FileProblem::new(line, message));
                None
            }
        }
    }

    /// The id as it is kept, of a user that is known or was mapped or decided about already.
    fn crm_user(&mut self, line: u64, id: &str) -> Option<CrmUserId> {
        let users = &self.standing.users;
        if self.from_table && is_rounded(id, users) {
            let message = format!(
                "`{id}` may have been rounded by a spreadsheet: behind 15 digits it has only \
                 zeros, and no such user is known, or several that begin so; format the column \
                 as text and fill it again from the source"
            );
            self.problems.push(FileProblem::new(line, message));
            return None;
        }
        let as_it_is = CrmUserId(id.to_owned());
        if users.contains_key(&as_it_is) || self.stands.contains(&as_it_is) {
            return Some(as_it_is);
        }
        let canonical = self.service.canonical(&self.standing.connection, &as_it_is);
        if let Some(canonical) = canonical.filter(|it| users.contains_key(it)) {
            return Some(canonical);
        }
        let known = zeros_in_front(id, |id| users.contains_key(&CrmUserId(id.to_owned())));
        let message = known.map_or_else(
            || {
                format!(
                    "{} has no user `{id}`; sync it, or correct the id",
                    self.standing.connection.name
                )
            },
            |known| stripped("CRM user", id, &known),
        );
        self.problems.push(FileProblem::new(line, message));
        None
    }
}

fn refuse_twice(decisions: &[WantedDecision], problems: &mut Vec<FileProblem>) {
    // One of a kind for a subject, as in the database.
    let mut seen: HashMap<&DecisionKind, u64> = HashMap::new();
    for decision in decisions {
        match seen.entry(&decision.kind) {
            Entry::Vacant(free) => {
                free.insert(decision.line);
            }
            Entry::Occupied(first) => {
                let first = first.get();
                let message = format!("the same is decided in line {first} already; keep one");
                problems.push(FileProblem::new(decision.line, message));
            }
        }
    }
}
