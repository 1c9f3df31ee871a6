//! Mappings as a file: written, compared with what stands, and made true.
//!
//! A file passes four stations, each a file here: *reading* (or a table's rows) gives a
//! `document`; *checking* looks up whom it names; *difference* gives the lines of one change set;
//! *planned* says them in words. Nothing is changed before all of it is known to be right.

mod checking;
mod difference;
mod document;
mod exporting;
mod overlaps;
mod pairs;
mod planned;
mod reading;
mod roster;
mod table;
mod writing;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use counterpart_model::{
    ChangeLine, ChangeSet, Code, Connection, ConnectionId, Decision, DecisionId, Mapping,
    MappingId, Role,
};

use counterpart_tabular::Sheet;
use sha2::{Digest as _, Sha256};

use self::checking::{Standing, Wanted, WantedDecision, WantedMapping};
use self::difference::Maker;
use self::document::{Document, Scope};
use self::roster::Roster;
use super::has_crm_users;
use crate::error::FieldError;
use crate::{Actor, Error, Result, Service};

pub use document::FileProblem;
pub use pairs::{CrmUserKey, PairColumn, PairsInput, PairsPlan, PersonKey};
pub use planned::{Change, PlannedChange};

/// The format and its version, as the first line of a file names it.
const FORMAT: &str = "mappings/1";

/// What a file of mappings would change. Nothing is changed by making one.
#[derive(Debug, Default)]
pub struct MappingPlan {
    /// What would change, connection by connection, in the order of the file.
    pub changes: Vec<PlannedChange>,
    /// How many mappings and decisions of the file are true already.
    pub same: u64,
    /// Everything that is wrong, by line. A plan with problems cannot be applied.
    pub problems: Vec<FileProblem>,
    lines: Vec<ChangeLine>,
}

impl MappingPlan {
    /// Whether all of the file is true already.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.problems.is_empty()
    }

    /// Puts problems in the order of the file; a plan with any changes nothing.
    fn settle(&mut self) {
        self.problems.sort_by_key(|problem| problem.line);
        if !self.problems.is_empty() {
            self.lines.clear();
            self.changes.clear();
        }
    }

    /// What tells this plan from another: who was shown one can ask whether it is still that.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for change in &self.changes {
            hash.update(change.to_string().as_bytes());
            hash.update(b"\n");
        }
        URL_SAFE_NO_PAD.encode(hash.finalize())
    }

    /// How many changes are of a kind.
    pub fn count(&self, change: Change) -> usize {
        let of_kind = self.changes.iter().filter(|it| it.change == change);
        of_kind.count()
    }

    /// The plan, or the error that names everything that is wrong with its file.
    pub fn checked(&self) -> Result<&Self> {
        if self.problems.is_empty() {
            return Ok(self);
        }
        let fields = self.problems.iter().map(|problem| FieldError {
            field: problem
                .line
                .map_or_else(|| "file".to_owned(), |line| format!("line {line}")),
            message: problem.message.clone(),
        });
        Err(Error::with_fields(Code::FileInvalid, fields.collect()))
    }
}

impl Service {
    /// All mappings and decisions as `mappings.yaml`: the same bytes for the same truth.
    pub async fn export_mappings(&self, actor: &Actor) -> Result<String> {
        let roster = self.roster(actor.organization()).await?;
        let mut standing = Vec::new();
        for connection in self.mapped_connections(actor).await? {
            let none = std::iter::empty();
            standing.push(self.standing_in(actor, connection, none, false).await?);
        }
        let document = exporting::document(&standing, &roster);
        let names = exporting::NamesOf::new(&standing, &roster);
        Ok(writing::written(&document, &names))
    }

    /// What a file of mappings, by its bytes, would change: a `mappings.yaml`, or a table with the
    /// columns of [`Service::export_mapping_table`], which is the whole truth of the people it
    /// names. Nothing is changed. What is wrong with it is in the plan.
    pub async fn plan_mapping_file(&self, actor: &Actor, bytes: &[u8]) -> Result<MappingPlan> {
        actor.require(Role::Admin)?;
        let zone = self.organization(actor).await?.time_zone;
        let document = if is_yaml(bytes) {
            reading::read(&counterpart_tabular::decode(bytes)?, &zone)
        } else {
            table::document(&Sheet::parse(bytes)?, &zone)?
        };
        match document {
            Ok(document) => self.plan_document(actor, &document).await,
            Err(problems) => Ok(MappingPlan {
                problems,
                ..MappingPlan::default()
            }),
        }
    }

    /// Makes a plan true as one change set, which says that a file was its origin. All or
    /// nothing: what was changed since the plan was made refuses it
    /// ([`Code::MappingStale`]). Nothing to change is an error of its own
    /// ([`Code::ChangeSetEmpty`]).
    pub async fn apply_mapping_plan(
        &self,
        actor: &Actor,
        plan: MappingPlan,
        reason: Option<String>,
    ) -> Result<ChangeSet> {
        actor.require(Role::Admin)?;
        plan.checked()?;
        let importer = actor.by_import();
        self.apply(&importer, plan.lines, reason, false).await
    }

    /// The connections that have CRM users, by name.
    async fn mapped_connections(&self, actor: &Actor) -> Result<Vec<Connection>> {
        let all = self.store().list_connections(actor.organization()).await?;
        Ok(all.into_iter().filter(has_crm_users).collect())
    }

    async fn plan_document(&self, actor: &Actor, document: &Document) -> Result<MappingPlan> {
        let roster = self.roster(actor.organization()).await?;
        let connections = self.store().list_connections(actor.organization()).await?;
        let mut plan = MappingPlan::default();
        let mut seen: Vec<ConnectionId> = Vec::new();
        for section in &document.sections {
            let connection = match Self::connection_of(&connections, section) {
                Ok(connection) if seen.contains(&connection.id) => {
                    let message = format!("`{}` stands here twice; join the two", section.name);
                    plan.problems.push(FileProblem::new(section.line, message));
                    continue;
                }
                Ok(connection) => connection.clone(),
                Err(problem) => {
                    plan.problems.push(problem);
                    continue;
                }
            };
            seen.push(connection.id);
            let mapped = section.mappings.iter().map(|entry| &entry.crm_user);
            let decided = section.decisions.iter().flatten();
            let decided = decided.filter_map(|ruling| ruling.verdict.crm_user());
            let standing = self
                .standing_in(
                    actor,
                    connection,
                    mapped.chain(decided),
                    document.from_table,
                )
                .await?;
            self.plan_section(&roster, document, section, &standing, &mut plan);
        }
        plan.settle();
        Ok(plan)
    }

    fn plan_section(
        &self,
        roster: &Roster,
        document: &Document,
        section: &document::Section,
        standing: &Standing,
        plan: &mut MappingPlan,
    ) {
        let wanted = self.wanted(document, section, standing, roster, &mut plan.problems);
        let spoken = planned::Spoken {
            connection: &standing.connection.name,
            roster,
            users: &standing.users,
        };
        self.plan_wanted(&wanted, document.scope, standing, &spoken, plan);
    }

    fn plan_wanted(
        &self,
        wanted: &Wanted,
        scope: Scope,
        standing: &Standing,
        spoken: &planned::Spoken<'_>,
        plan: &mut MappingPlan,
    ) {
        let found = difference::difference(standing, wanted, scope, self, &mut plan.problems);
        plan.same += found.same;
        for (line, change) in found.lines {
            plan.changes.extend(spoken.change(line, &change));
            plan.lines.push(change);
        }
    }
}

/// Whether a file is YAML or a table: the first line that says something has a colon behind a
/// field's name, or opens a document.
fn is_yaml(bytes: &[u8]) -> bool {
    let Ok(text) = counterpart_tabular::decode(bytes) else {
        return false;
    };
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| {
        let field = line.split(':').next().unwrap_or_default();
        let is_field = field
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        line.starts_with("---") || line.starts_with('{') || (is_field && line.contains(':'))
    })
}

impl Maker for Service {
    fn mapping(&self, connection: ConnectionId, wanted: &WantedMapping) -> Mapping {
        let id = MappingId::generate(self.clock(), self.entropy());
        difference::new_mapping(id, connection, wanted, self.now())
    }

    fn decision(&self, connection: ConnectionId, wanted: &WantedDecision) -> Decision {
        Decision {
            id: DecisionId::generate(self.clock(), self.entropy()),
            connection_id: connection,
            kind: wanted.kind.clone(),
            reason: wanted.reason.clone(),
            expires_at: wanted.expires_at,
            created_at: self.now(),
            version: 1,
        }
    }
}
