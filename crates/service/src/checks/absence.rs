//! Why somebody is not among a connection's users.

use counterpart_connector::Capability;
use counterpart_model::check::{Check, CheckResult};
use counterpart_model::{
    Code, Connection, ConnectionId, CrmUser, CrmUserKind, CrmUserState, PageRequest, Role,
};
use counterpart_store::crm_users::CrmUserQuery;

use super::connection::portal_page;
use super::failed;
use crate::connections::Opened;
use crate::mapping::words;
use crate::{Actor, Error, Result, Service};

/// How many users that fit are told of.
const TOLD: u32 = 5;

impl Service {
    /// Looks for a user of a connection by whatever is known of them (a name, an address, an id),
    /// and says of each that fits why it can be chosen, or cannot; and when nobody fits, what
    /// may be the reason.
    pub async fn explain_absence(
        &self,
        actor: &Actor,
        id: ConnectionId,
        text: &str,
    ) -> Result<Vec<Check>> {
        actor.require(Role::Admin)?;
        let connection = self.connection(actor, id).await?;
        let wanted = words(text);
        if wanted.is_empty() {
            return Err(Error::field(
                Code::RequestInvalid,
                "user",
                "say who is looked for: a name, an e-mail address or an id",
            ));
        }
        let opened = self.open(actor.organization(), &connection).await?;
        let known = self
            .known(actor, &connection, &opened, text, wanted)
            .await?;
        if !known.is_empty() {
            return Ok(known.iter().map(|user| told(user, &connection)).collect());
        }
        let title = format!("`{text}` is among the users");
        let evidence = "nobody who was ever synced fits";
        let mut checks = vec![
            Check::new("known", title, CheckResult::Fail, evidence)
                .remedy("Look whether it is spelled as the CRM has it, then sync.")
                .fix("the connection", portal_page(&connection)),
        ];
        checks.extend(by_id(&opened, text).await);
        checks.push(self.last_list(actor, &connection).await?);
        checks.extend(scope(&opened, &connection));
        Ok(checks)
    }

    async fn known(
        &self,
        actor: &Actor,
        connection: &Connection,
        opened: &Opened,
        text: &str,
        words: Vec<String>,
    ) -> Result<Vec<CrmUser>> {
        let organization = actor.organization();
        if let Some(id) = opened.connector.normalise_id(text)
            && let Some(user) = self
                .store()
                .find_crm_user(organization, connection.id, &id)
                .await?
        {
            return Ok(vec![user]);
        }
        let query = CrmUserQuery {
            words,
            ..CrmUserQuery::default()
        };
        let page = PageRequest::first(TOLD);
        let found = self
            .store()
            .list_crm_users(organization, connection.id, &query, &page)
            .await?;
        Ok(found.items)
    }

    /// Whether the last list can be relied on.
    async fn last_list(&self, actor: &Actor, connection: &Connection) -> Result<Check> {
        let title = "The last sync read everybody";
        let newest = PageRequest::first(1);
        let runs = self
            .store()
            .list_runs(actor.organization(), connection.id, &newest)
            .await?;
        let check = |result, evidence: String| Check::new("last_sync", title, result, evidence);
        Ok(match runs.items.first() {
            None => check(CheckResult::Fail, "there was none".to_owned()).remedy("Sync."),
            Some(run) if run.report.failed > 0 => {
                let evidence = format!(
                    "{} records could not be read: it may be among them",
                    run.report.failed
                );
                check(CheckResult::Warn, evidence)
                    .remedy("The page of the sync names them with the reason.")
                    .fix(
                        "the sync",
                        counterpart_model::check::FixPlace::Portal(format!(
                            "/connections/{}/runs/{}",
                            connection.id, run.id
                        )),
                    )
            }
            Some(run) => {
                let evidence = format!(
                    "it is {} and read {} users, {}; who was added since is not known yet",
                    run.state.as_str(),
                    run.report.read,
                    run.started_at
                );
                check(CheckResult::Pass, evidence)
            }
        })
    }
}

/// What reading the id itself shows, where the text can be one.
async fn by_id(opened: &Opened, text: &str) -> Option<Check> {
    let connector = opened.connector.as_ref();
    if !connector.capabilities().has(Capability::GetUser) {
        return None;
    }
    let id = connector.normalise_id(text)?;
    let title = "The CRM has a user of that id";
    let name = "read";
    Some(match connector.get_user(&opened.access(), &id).await {
        Ok(Some(user)) => {
            let evidence = format!(
                "it has: {}; the list that syncs read leaves it out",
                user.profile.display_name
            );
            Check::new(name, title, CheckResult::Warn, evidence).remedy(
                "Sync. If it stays away: the API user may not see it in lists, or the settings narrow the list.",
            )
        }
        Ok(None) => {
            let evidence =
                format!("there is none with the id {id}, or the API user may not see it");
            Check::new(name, title, CheckResult::Fail, evidence).remedy(
                "Copy the id from the user's page in the CRM; ids of other kinds, such as an owner's or an employee's, are not it.",
            )
        }
        Err(error) => failed(name, title, &error),
    })
}

/// Whether the settings narrow the list.
fn scope(opened: &Opened, connection: &Connection) -> Option<Check> {
    let manifest = opened.connector.manifest();
    let scope = manifest.users.scope.as_ref()?;
    let chosen = connection.settings.get(&scope.setting)?;
    if !scope.acts_for.contains(chosen) {
        return None;
    }
    let label = |name: &str| {
        let field = manifest.setting(name);
        field.map_or_else(|| name.to_owned(), |field| field.label.clone())
    };
    let list = connection.settings.get(&scope.list);
    let evidence = format!(
        "{} is {chosen}: {}",
        label(&scope.setting),
        list.map_or("", String::as_str)
    );
    let check = Check::new(
        "scope",
        "The settings let everybody through",
        CheckResult::Warn,
        evidence,
    );
    Some(
        check
            .remedy("Who belongs to none of these is left out. Widen the list in the settings if that is wrong.")
            .fix("the settings", portal_page(connection)),
    )
}

/// Why a user that is known can be chosen, or cannot.
fn told(user: &CrmUser, connection: &Connection) -> Check {
    let name = &user.profile.display_name;
    let title = format!("{name} ({}) can be chosen", user.id);
    let because = if let Some(at) = user.gone_since {
        Some(format!(
            "complete syncs no longer find it; it counts as gone since {at}"
        ))
    } else if user.missing_since.is_some() {
        let gone = user.counts_as_gone_at(&connection.policy);
        let then = gone.map_or_else(String::new, |at| {
            format!(", and it counts as gone from {at}")
        });
        Some(format!("the last complete sync did not find it{then}"))
    } else {
        match (user.profile.state, user.profile.kind) {
            (CrmUserState::Inactive, _) => Some("it is deactivated in the CRM".to_owned()),
            (CrmUserState::Deleted, _) => Some("it is deleted in the CRM".to_owned()),
            (_, CrmUserKind::Person) => None,
            (_, kind) => Some(format!(
                "it is no person's account but of the kind {}; lists of people leave it out",
                kind.as_str()
            )),
        }
    };
    match because {
        None => Check::new("known", title, CheckResult::Pass, "it is here, and usable"),
        Some(because) => Check::new("known", title, CheckResult::Warn, because)
            .remedy("If that is wrong, put it right in the CRM and sync; inactive users can be shown on the mapping page."),
    }
}
