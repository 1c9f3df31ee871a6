//! Checking one person's account in a connection.

use counterpart_connector::{Capability, Connector};
use counterpart_model::check::{Check, CheckResult, CheckTrigger, FixPlace};
use counterpart_model::drift::Severity;
use counterpart_model::{
    Connection, ConnectionId, ConnectionState, CrmUser, CrmUserProfile, Drift, Mapping,
    PageRequest, Person, PersonId, Role, Situation, SystemCheck,
};
use counterpart_store::mappings::MappingQuery;

use super::profile::Account;
use super::{Stopwatch, failed, failed_here, skipped};
use crate::connections::Opened;
use crate::{Actor, Result, Service};

/// Of which person which check is wanted.
#[derive(Debug, Clone, Copy)]
pub struct PersonCheck {
    /// In which connection.
    pub connection_id: ConnectionId,
    /// Who.
    pub person_id: PersonId,
    /// Whether to write a record in the person's name, read it back and take it away again.
    pub canary: bool,
}

impl Service {
    /// Looks at one person's account in a connection, as far as reads can tell, and keeps what it
    /// showed. With the canary it writes one record to the CRM.
    pub async fn check_person(&self, actor: &Actor, wanted: PersonCheck) -> Result<SystemCheck> {
        actor.require(Role::Admin)?;
        let connection = self.connection(actor, wanted.connection_id).await?;
        let person = self.person(actor, wanted.person_id).await?;
        let mut watch = Stopwatch::start(self.clock());
        let mut checks = Vec::new();
        match self.mapping_now(actor, &connection, person.id).await? {
            None => checks.push(self.unmapped(actor, &connection, &person).await?),
            Some(mapping) => {
                let of = Subject {
                    connection: &connection,
                    person: &person,
                    mapping: &mapping,
                };
                self.look_at_account(actor, of, wanted.canary, &mut watch, &mut checks)
                    .await?;
            }
        }
        let subject = (connection.id, Some(person.id));
        let check = self.system_check_of(subject, CheckTrigger::Asked, &watch, checks);
        self.keep_check(actor, &check).await?;
        Ok(check)
    }

    async fn mapping_now(
        &self,
        actor: &Actor,
        connection: &Connection,
        person: PersonId,
    ) -> Result<Option<Mapping>> {
        let query = MappingQuery {
            connection_id: Some(connection.id),
            person_id: Some(person),
            at: Some(self.now()),
            ..MappingQuery::default()
        };
        let page = PageRequest::first(1);
        let found = self
            .store()
            .list_mappings(actor.organization(), &query, &page)
            .await?;
        Ok(found.items.into_iter().next())
    }

    async fn unmapped(
        &self,
        actor: &Actor,
        connection: &Connection,
        person: &Person,
    ) -> Result<Check> {
        let cells = self
            .store()
            .cells_of(actor.organization(), person.id)
            .await?;
        let cell = cells
            .into_iter()
            .find(|cell| cell.connection_id == connection.id);
        let situation = cell.map(|cell| cell.situation);
        Ok(not_mapped(connection, person, situation))
    }

    async fn look_at_account(
        &self,
        actor: &Actor,
        of: Subject<'_>,
        canary: bool,
        watch: &mut Stopwatch<'_>,
        checks: &mut Vec<Check>,
    ) -> Result<()> {
        let organization = actor.organization();
        let known = self
            .store()
            .find_crm_user(organization, of.connection.id, &of.mapping.crm_user_id)
            .await?;
        checks.push(mapped(of, known.as_ref()));
        let drift = self.drift_of_mapping(actor, of.mapping.id).await?;
        checks.push(unchanged(of, &drift));
        let opened = match self.open(organization, of.connection).await {
            Ok(opened) => opened,
            Err(error) => {
                checks.push(failed_here("listed", LISTED, &error));
                return Ok(());
            }
        };
        let connector = opened.connector.as_ref();
        let (listed, profile) = self.listed(of, known, &opened).await;
        let is_there = listed.result != CheckResult::Fail;
        checks.push(listed.took(watch.lap()));
        let Some(profile) = profile.filter(|_| is_there) else {
            return Ok(());
        };
        let account = Account {
            connector,
            connection: of.connection,
            person: of.person,
            id: &of.mapping.crm_user_id,
            profile: &profile,
        };
        checks.extend(account.checks());
        if canary {
            let check = self.canary(actor, &account, &opened).await?;
            checks.push(check.took(watch.lap()));
        }
        Ok(())
    }

    /// Whether the CRM has the user, by a read of its id where there is one, and its profile as
    /// it is now.
    async fn listed(
        &self,
        of: Subject<'_>,
        known: Option<CrmUser>,
        opened: &Opened,
    ) -> (Check, Option<CrmUserProfile>) {
        let connector = opened.connector.as_ref();
        let (paused, can_read) = (
            of.connection.health.state == ConnectionState::Paused,
            connector.capabilities().has(Capability::GetUser),
        );
        if paused || !can_read {
            return (listed_before(of, known.as_ref(), paused), profile_of(known));
        }
        let id = &of.mapping.crm_user_id;
        match connector.get_user(&opened.access(), id).await {
            Ok(Some(user)) => {
                let evidence = format!("{} ({id}) was read by its id", user.profile.display_name);
                let check = Check::new("listed", LISTED, CheckResult::Pass, evidence);
                (check, Some(user.profile))
            }
            Ok(None) => (gone(of, connector), None),
            // What was known before is good enough for the rest, where it is not the user's fault.
            Err(error) => (failed("listed", LISTED, &error), profile_of(known)),
        }
    }
}

const LISTED: &str = "The CRM has the account";

/// Whose account in which connection is looked at.
#[derive(Clone, Copy)]
struct Subject<'a> {
    connection: &'a Connection,
    person: &'a Person,
    mapping: &'a Mapping,
}

fn profile_of(user: Option<CrmUser>) -> Option<CrmUserProfile> {
    user.map(|user| user.profile)
}

fn person_page(person: &Person) -> FixPlace {
    FixPlace::Portal(format!("/people/{}", person.id))
}

fn not_mapped(connection: &Connection, person: &Person, situation: Option<Situation>) -> Check {
    let name = &person.profile.display_name;
    let place = format!("/mapping/{}/{}/choose", connection.id, person.id);
    let (result, evidence, remedy) = match situation {
        Some(Situation::Ignored) => (
            CheckResult::Skipped,
            format!("it was decided that {name} has no account here"),
            "Take the decision back if that has changed.",
        ),
        Some(Situation::Proposed) => (
            CheckResult::Fail,
            format!("{name} is not mapped yet; somebody is proposed"),
            "Look at the proposal, and accept it or choose somebody else.",
        ),
        Some(Situation::Ambiguous) => (
            CheckResult::Fail,
            format!("{name} is not mapped: several accounts fit about as well"),
            "Choose the right one.",
        ),
        Some(Situation::Held) => (
            CheckResult::Fail,
            format!("{name} is not mapped; the sync that would tell is held by a brake"),
            "Decide about the held sync first.",
        ),
        Some(_) => (
            CheckResult::Fail,
            format!("{name} is not mapped, and no account here looks like theirs"),
            "If the account is there, sync and choose it. If not, make one in the CRM, then sync; or say that there is none.",
        ),
        None => (
            CheckResult::Skipped,
            format!(
                "nobody is mapped in {}: its users are the people",
                connection.name
            ),
            "Nothing to do.",
        ),
    };
    Check::new(
        "mapped",
        "It is known whose account it is",
        result,
        evidence,
    )
    .why("Calls, records and pop-ups go by the mapping.")
    .remedy(remedy)
    .fix("choose the account", FixPlace::Portal(place))
}

fn mapped(of: Subject<'_>, user: Option<&CrmUser>) -> Check {
    let id = &of.mapping.crm_user_id;
    let who = user.map_or_else(
        || id.to_string(),
        |user| format!("{} ({id})", user.profile.display_name),
    );
    let evidence = format!("{} is {who}", of.person.profile.display_name);
    Check::new(
        "mapped",
        "It is known whose account it is",
        CheckResult::Pass,
        evidence,
    )
}

/// Whether the account still is the same human being's.
fn unchanged(of: Subject<'_>, drift: &[Drift]) -> Check {
    let title = "The account is still the same person's";
    let Some(primary) = drift.first() else {
        let evidence =
            "nothing has changed since the pair was confirmed that would speak against it";
        return Check::new("drift", title, CheckResult::Pass, evidence);
    };
    let result = match primary.cause.severity() {
        Severity::Broken => CheckResult::Fail,
        Severity::Look => CheckResult::Warn,
        Severity::Note => CheckResult::Pass,
    };
    let told: Vec<_> = drift.iter().map(|drift| drift.detail.as_str()).collect();
    Check::new("drift", title, result, told.join("; "))
        .why("A seat that is somebody else's now gives the leaver's calls to the newcomer.")
        .remedy(
            "Say on the list of drifts whether it is still the same person, or whose it is now.",
        )
        .fix(
            "the repairs",
            FixPlace::Portal(format!("/drift?person={}", of.person.id)),
        )
}

/// What the last sync says, where there is no reading of a single user.
fn listed_before(of: Subject<'_>, known: Option<&CrmUser>, paused: bool) -> Check {
    let because = if paused {
        "the connection is paused"
    } else {
        "this CRM lets no single user be read"
    };
    let missing = |what: &str| {
        Check::new(
            "listed",
            LISTED,
            CheckResult::Fail,
            format!("{what}; {because}"),
        )
        .remedy("Sync the connection, then look again.")
        .fix("the person", person_page(of.person))
    };
    match known {
        None => missing("no sync ever saw it"),
        Some(user) if user.gone_since.is_some() => missing("the last sync did not find it"),
        Some(user) if user.missing_since.is_some() => {
            let mut check = missing("the last sync did not find it, and it is waited for");
            check.result = CheckResult::Warn;
            check
        }
        Some(_) if paused => skipped("listed", LISTED, "the connection is paused"),
        Some(_) => {
            let evidence = format!("the last sync read it; {because}");
            Check::new("listed", LISTED, CheckResult::Pass, evidence)
        }
    }
}

fn gone(of: Subject<'_>, connector: &dyn Connector) -> Check {
    let user = &connector.manifest().vocabulary.user.0;
    let evidence = format!(
        "there is no {user} with the id {} (any more)",
        of.mapping.crm_user_id
    );
    Check::new("listed", LISTED, CheckResult::Fail, evidence)
        .remedy("If the person has another account now, map that one; if the person left, end the mapping.")
        .fix("the person", person_page(of.person))
}
