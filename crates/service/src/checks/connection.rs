//! Checking a connection.

use counterpart_connector::{Capability, Connector, ConnectorError, ErrorClass, ListScope};
use counterpart_model::check::{Check, CheckResult, CheckTrigger, FixPlace};
use counterpart_model::connection::DIRECTORY;
use counterpart_model::{
    Code, Connection, ConnectionId, ConnectionState, Role, SystemCheck, Timestamp,
};

use super::way::Way;
use super::{Stopwatch, failed, failed_here, skipped};
use crate::connections::Opened;
use crate::mapping::has_crm_users;
use crate::{Actor, Error, Result, Service};

/// The check whose success allows a sync.
pub(super) const USERS: &str = "users";

/// For how long users that were read are as good as new, in seconds: a day.
const FRESH_SECONDS: i64 = 24 * 60 * 60;
/// After how long without a sync what is known is not to be relied on: a week.
const STALE_SECONDS: i64 = 7 * FRESH_SECONDS;

impl Service {
    /// Looks at everything that a connection has to do, by real calls, and keeps what it showed.
    /// Of a paused connection nothing is asked.
    pub async fn check_system(&self, actor: &Actor, id: ConnectionId) -> Result<SystemCheck> {
        self.check_system_for(actor, id, CheckTrigger::Asked).await
    }

    /// The same, for whom it is made.
    pub(super) async fn check_system_for(
        &self,
        actor: &Actor,
        id: ConnectionId,
        trigger: CheckTrigger,
    ) -> Result<SystemCheck> {
        actor.require(Role::Admin)?;
        let connection = self.connection(actor, id).await?;
        if connection.provider == DIRECTORY {
            return Err(Error::new(
                Code::RequestNotFound,
                "the directory is built in; there is nothing to check",
            ));
        }
        let mut watch = Stopwatch::start(self.clock());
        let checks = self.look_at(actor, &connection, &mut watch).await?;
        let check = self.system_check_of((id, None), trigger, &watch, checks);
        self.keep_check(actor, &check).await?;
        Ok(check)
    }

    async fn look_at(
        &self,
        actor: &Actor,
        connection: &Connection,
        watch: &mut Stopwatch<'_>,
    ) -> Result<Vec<Check>> {
        let mut checks = Vec::new();
        match self.open(actor.organization(), connection).await {
            Err(error) => checks.push(failed_here("credentials", CREDENTIALS, &error)),
            Ok(opened) => {
                checks.push(opened_fine(connection).took(watch.lap()));
                if connection.health.state == ConnectionState::Paused {
                    checks.push(paused(connection));
                } else {
                    self.ask(actor, connection, &opened, watch, &mut checks)
                        .await?;
                }
            }
        }
        if has_crm_users(connection) {
            checks.push(fresh(connection, self.now()));
        }
        Ok(checks)
    }

    /// What only the CRM can answer.
    async fn ask(
        &self,
        actor: &Actor,
        connection: &Connection,
        opened: &Opened,
        watch: &mut Stopwatch<'_>,
        checks: &mut Vec<Check>,
    ) -> Result<()> {
        let connector = opened.connector.as_ref();
        let tested = connector.check(&opened.access()).await;
        let way = Way {
            manifest: connector.manifest(),
            connection,
            now: self.now(),
        };
        checks.extend(way.checks(&tested, watch.lap()));
        self.note_tested(actor.organization(), connection, &tested)
            .await?;
        let moved = checks.iter().any(|check| {
            check.result == CheckResult::Fail && check.code == Some(Code::ConnectionOtherOrg)
        });
        if tested.is_err() || moved {
            let because = "not tried, because what comes before failed";
            checks.push(skipped(USERS, users_title(connector), because));
            return Ok(());
        }
        if connector.capabilities().has(Capability::Allowance) {
            let allowance = connector.allowance(&opened.access()).await;
            checks.extend(quota(allowance).map(|check| check.took(watch.lap())));
        }
        let page = connector
            .list_users(&opened.access(), ListScope::Full, None)
            .await;
        checks.push(listed(connector, page).took(watch.lap()));
        checks.extend(webhook(connector));
        Ok(())
    }
}

const CREDENTIALS: &str = "The stored credentials can be opened";

fn opened_fine(connection: &Connection) -> Check {
    let kept = connection.credentials.iter();
    let own = kept.filter(|name| !name.starts_with('_')).count();
    let evidence = match own {
        0 => "none are stored, and none are needed to open".to_owned(),
        1 => "1 credential was opened with the master key".to_owned(),
        many => format!("{many} credentials were opened with the master key"),
    };
    Check::new("credentials", CREDENTIALS, CheckResult::Pass, evidence)
}

fn paused(connection: &Connection) -> Check {
    let evidence = format!("{} is paused; nothing is asked of it", connection.name);
    skipped("reachable", "It can be reached", &evidence)
        .remedy("Resume the connection on its page.")
        .fix("the connection", portal_page(connection))
}

/// The page of a connection in the portal.
pub(super) fn portal_page(connection: &Connection) -> FixPlace {
    FixPlace::Portal(format!("/connections/{}", connection.id))
}

fn users_title(connector: &dyn Connector) -> String {
    let users = &connector.manifest().vocabulary.user.1;
    format!("The {users} can be listed")
}

fn listed(
    connector: &dyn Connector,
    page: std::result::Result<counterpart_connector::UserPage, ConnectorError>,
) -> Check {
    let title = users_title(connector);
    let words = &connector.manifest().vocabulary.user;
    let page = match page {
        Ok(page) => page,
        Err(error) => return failed(USERS, &title, &error),
    };
    let came = page.users.len();
    let of = match (page.total, &page.next) {
        (Some(total), _) => format!(" of {total}"),
        (None, Some(_)) => ", and there are more".to_owned(),
        (None, None) => ", which is all".to_owned(),
    };
    let noun = if came == 1 { &words.0 } else { &words.1 };
    let evidence = format!("the first page has {came} {noun}{of}");
    if came == 0 {
        return Check::new(USERS, title, CheckResult::Warn, evidence).remedy(
            "An empty list is believed of nobody: usually a permission is missing, or a filter lets nobody through. Look at the settings and at the API user's rights.",
        );
    }
    let Some(failure) = page.failures.first() else {
        return Check::new(USERS, title, CheckResult::Pass, evidence);
    };
    let unread = page.failures.len();
    let evidence = format!(
        "{evidence}; {unread} could not be read, the first because {}",
        failure.message
    );
    Check::new(USERS, title, CheckResult::Warn, evidence).code(failure.code)
}

fn quota(
    allowance: std::result::Result<Option<counterpart_connector::Allowance>, ConnectorError>,
) -> Option<Check> {
    let title = "Requests are left";
    let allowance = match allowance {
        Ok(allowance) => allowance?,
        Err(error) if *error.class() == ErrorClass::Unsupported => return None,
        Err(error) => {
            // Nothing else needs to know how many are left.
            let mut check = failed("quota", title, &error);
            check.result = CheckResult::Warn;
            return Some(check);
        }
    };
    let left = allowance.remaining;
    let (few, of) = match allowance.limit {
        Some(limit) => (left.saturating_mul(10) < limit, format!(" of {limit}")),
        None => (left < 100, String::new()),
    };
    let evidence = format!("{left}{of} are left in this {}", allowance.period);
    let result = match left {
        0 => CheckResult::Fail,
        _ if few => CheckResult::Warn,
        _ => CheckResult::Pass,
    };
    let check = Check::new("quota", title, result, evidence);
    Some(match result {
        CheckResult::Pass => check,
        _ => check
            .remedy("See what else uses the vendor's API, or ask the vendor for more; syncs go on when requests are there again.")
            .code(Code::ConnectionQuotaExhausted),
    })
}

/// What is known of webhooks; nothing where the vendor sends none.
fn webhook(connector: &dyn Connector) -> Option<Check> {
    if !connector.capabilities().has(Capability::Webhooks) {
        return None;
    }
    let evidence = format!(
        "{} can tell of changes, but none is registered: this version reads the {} by the clock",
        connector.manifest().title,
        connector.manifest().vocabulary.user.1
    );
    Some(skipped("webhook", "A webhook is registered", &evidence))
}

fn fresh(connection: &Connection, now: Timestamp) -> Check {
    let name = "sync";
    let title = "What is known is up to date";
    let page = || portal_page(connection);
    if connection.health.state == ConnectionState::Held {
        let evidence = "a brake stopped the last sync, which waits for somebody's word";
        return Check::new(name, title, CheckResult::Warn, evidence)
            .code(Code::RunHeld)
            .fix("the sync that waits", page());
    }
    let Some(at) = connection.synced_at else {
        return Check::new(name, title, CheckResult::Warn, "the users were never read")
            .remedy("Sync the connection once; from then on it is done by the clock.")
            .fix("the connection", page());
    };
    let age = now.seconds_since(at);
    let evidence = format!("the users were last read {} ago, {at}", length(age));
    let result = match age {
        age if age >= STALE_SECONDS => CheckResult::Fail,
        age if age >= FRESH_SECONDS => CheckResult::Warn,
        _ => CheckResult::Pass,
    };
    let check = Check::new(name, title, result, evidence);
    if result == CheckResult::Pass {
        return check;
    }
    check
        .why("Who was added or left since is not known, and who is new can be nobody's counterpart.")
        .remedy("Sync the connection. If the schedule should have: `counterpart serve` must run, without --sync-every 0, and the connection must work.")
        .fix("the connection", page())
}

/// A length of time in words, in its greatest unit.
fn length(seconds: i64) -> String {
    let (number, unit) = match seconds.max(0) {
        seconds if seconds < 120 => (seconds, "s"),
        seconds if seconds < 2 * 3_600 => (seconds / 60, "min"),
        seconds if seconds < 2 * FRESH_SECONDS => (seconds / 3_600, "hours"),
        seconds => (seconds / FRESH_SECONDS, "days"),
    };
    format!("{number} {unit}")
}
