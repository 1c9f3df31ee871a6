//! Pairs of ids out of another product: which column names people and which CRM users is found
//! out by looking the values up, and said, so that somebody can correct it.

mod columns;
mod lookup;

use std::collections::HashSet;

use counterpart_model::{ChangeSet, Code, ConnectionId, CrmUserId, DecisionKind, PersonId, Role};
use counterpart_tabular::{Sheet, TableError, from_safe};

use self::columns::Found;
use self::lookup::Lookup;
use super::checking::{Standing, Wanted, WantedMapping};
use super::document::{FileProblem, Scope};
use super::table::refuse_scientific;
use super::{MappingPlan, planned};
use crate::mapping::edits::since_free;
use crate::{Actor, Error, Result, Service};

pub use columns::{CrmUserKey, PersonKey};

/// A file of pairs, and what is known of it.
#[derive(Debug, Clone)]
pub struct PairsInput<'f> {
    /// The file: CSV with a header.
    pub bytes: &'f [u8],
    /// Into which connection.
    pub connection: ConnectionId,
    /// The header of the column that names people; found out without it.
    pub person_column: Option<String>,
    /// By what it names them; found out without it.
    pub person_key: Option<PersonKey>,
    /// The header of the column that names CRM users; found out without it.
    pub crm_user_column: Option<String>,
    /// By what it names them; found out without it.
    pub crm_user_key: Option<CrmUserKey>,
    /// Whether rows that name nobody, or nobody for sure, are left out instead of refusing all.
    pub skip_unknown: bool,
}

/// How a column was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairColumn<K> {
    /// Its header.
    pub name: String,
    /// By what it names its side.
    pub key: K,
    /// How many of its values name somebody.
    pub found: usize,
}

/// What a file of pairs would change, and how it was understood.
#[derive(Debug)]
pub struct PairsPlan {
    /// All columns of the file, by their headers.
    pub headers: Vec<String>,
    /// How many rows it has.
    pub rows: usize,
    /// The column that names people.
    pub person: PairColumn<PersonKey>,
    /// The column that names CRM users.
    pub crm_user: PairColumn<CrmUserKey>,
    /// Rows that are left out, because they name nobody for sure.
    pub skipped: Vec<FileProblem>,
    /// What would change.
    pub plan: MappingPlan,
}

impl Service {
    /// What a file of pairs would change. Nothing is changed. A pair that stands already is left
    /// as it is; whoever the person is mapped to now instead is replaced, as by hand; mappings
    /// that have ended stay, and a new one begins where they end.
    ///
    /// Errs when no column names anybody, or one that was asked for is not there.
    pub async fn plan_pairs(&self, actor: &Actor, input: &PairsInput<'_>) -> Result<PairsPlan> {
        actor.require(Role::Admin)?;
        let connection = self.connection(actor, input.connection).await?;
        let sheet = Sheet::parse(input.bytes)?;
        if !crate::mapping::has_crm_users(&connection) {
            let detail = format!("`{}` has no CRM users to map", connection.name);
            return Err(Error::new(Code::RequestInvalid, detail));
        }
        let roster = self.roster(actor.organization()).await?;
        let none = std::iter::empty();
        let mut standing = self.standing_in(actor, connection, none, false).await?;
        let users = self
            .present_users(actor.organization(), standing.connection.id)
            .await?;
        standing
            .users
            .extend(users.into_iter().map(|user| (user.id.clone(), user)));
        let lookup = self.lookup(actor, &roster, &standing).await?;
        let found = columns::found(&sheet, &lookup, input)?;
        Ok(self.plan_of_pairs(&sheet, &lookup, &found, input.skip_unknown))
    }

    /// Makes a plan of pairs true as one change set. See [`Service::apply_mapping_plan`].
    pub async fn apply_pairs(
        &self,
        actor: &Actor,
        pairs: PairsPlan,
        reason: Option<String>,
    ) -> Result<ChangeSet> {
        self.apply_mapping_plan(actor, pairs.plan, reason).await
    }

    fn plan_of_pairs(
        &self,
        sheet: &Sheet,
        lookup: &Lookup<'_>,
        found: &Found,
        skip_unknown: bool,
    ) -> PairsPlan {
        let Found { person, crm_user } = found;
        let standing = lookup.standing;
        let mut wanted = Wanted::default();
        let mut plan = MappingPlan::default();
        let mut skipped = Vec::new();
        // Somebody with two extensions stands there twice.
        let mut seen = HashSet::new();
        for row in &sheet.rows {
            let cell = |column: usize| from_safe(&row.cells[column]);
            let pair = refuse_scientific(cell(person.column))
                .and_then(|()| refuse_scientific(cell(crm_user.column)))
                .and_then(|()| {
                    let who = lookup.person(person.key, cell(person.column))?;
                    let whom = lookup.crm_user(crm_user.key, cell(crm_user.column))?;
                    Ok((who, whom))
                });
            match pair {
                Ok(pair) if !seen.insert(pair) => {}
                Ok((who, whom)) => {
                    plan.same += self.want(row.line, who, whom, standing, &mut wanted);
                }
                Err(message) if skip_unknown => skipped.push(FileProblem::new(row.line, message)),
                Err(message) => plan.problems.push(FileProblem::new(row.line, message)),
            }
        }
        let same = plan.same;
        let scope = Scope::PeopleSince(self.now());
        let spoken = planned::Spoken {
            connection: &standing.connection.name,
            roster: lookup.roster,
            users: &standing.users,
        };
        self.plan_wanted(&wanted, scope, standing, &spoken, &mut plan);
        // What stands already was counted by its row.
        plan.same = same;
        plan.settle();
        PairsPlan {
            rows: sheet.rows.len(),
            person: person.column_of(&sheet.headers),
            crm_user: crm_user.column_of(&sheet.headers),
            headers: sheet.headers.clone(),
            skipped,
            plan,
        }
    }

    /// Adds what a row wants; 1 when it is true already.
    fn want(
        &self,
        line: u64,
        person_id: PersonId,
        crm_user_id: &CrmUserId,
        standing: &Standing,
        wanted: &mut Wanted,
    ) -> u64 {
        let now = self.now();
        let cardinality = standing.connection.cardinality;
        let mut of_pair = standing
            .mappings
            .iter()
            .filter(|it| it.person_id == person_id && &it.crm_user_id == crm_user_id);
        wanted.people.insert(person_id);
        if let Some(stands) = of_pair.find(|it| it.period.contains(now)) {
            if stands.person_exclusive {
                wanted.mappings.push(WantedMapping {
                    line,
                    person_id,
                    crm_user_id: crm_user_id.clone(),
                    period: stands.period,
                    person_exclusive: true,
                    crm_user_exclusive: stands.crm_user_exclusive,
                    origin: None,
                });
            }
            return 1;
        }
        let seat = DecisionKind::SharedSeat {
            crm_user_id: crm_user_id.clone(),
        };
        let shared = standing.decisions.iter().any(|it| it.kind == seat);
        wanted.mappings.push(WantedMapping {
            line,
            person_id,
            crm_user_id: crm_user_id.clone(),
            period: since_free(standing.mappings.iter(), (person_id, crm_user_id), now),
            person_exclusive: cardinality.person_exclusive(),
            crm_user_exclusive: cardinality.crm_user_exclusive() && !shared,
            origin: None,
        });
        0
    }
}

/// No column fits.
fn no_column(what: &str) -> TableError {
    TableError::new(
        Code::FileHeader,
        None,
        format!("no column names {what}"),
        "say which column does and by what, and check that the right connection is chosen and \
         synced",
    )
}
