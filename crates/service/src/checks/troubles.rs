//! The usual troubles, each looked for over a whole organization: users that do not sync, people
//! without a counterpart, records under the wrong name, users missing after a sync, seats that
//! changed hands, duplicates, changes that nobody saved.

use std::collections::HashMap;

use counterpart_model::check::{Check, CheckResult, FixPlace};
use counterpart_model::drift::Severity;
use counterpart_model::{
    Connection, ConnectionState, CrmUser, CrmUserState, DriftCause, PageRequest, Role, RunState,
    Situation, folding,
};
use counterpart_store::crm_users::CrmUserQuery;
use counterpart_store::people::PeopleQuery;

use crate::mapping::{ConnectionCounts, Overview};
use crate::{Actor, Result, Service};

/// For how long a sync by the clock may be behind before something is wrong with the clock's
/// work, in seconds: a day, longer than anybody sets the interval.
const BEHIND_SECONDS: i64 = 24 * 60 * 60;
/// How many rows are read at a time.
const PAGE: u32 = 1_000;
/// How many names are told of many.
const NAMED: usize = 3;

/// What the accounts of one connection lack.
#[derive(Default)]
struct Accounts {
    /// Usable people's accounts without an e-mail address.
    nameless_addresses: Vec<String>,
    /// Those whose invitation is open.
    invited: Vec<String>,
    /// Addresses that several usable accounts have.
    twice: Vec<String>,
}

impl Service {
    /// Looks for the usual troubles of an organization, by what is known: nothing is asked of any
    /// CRM.
    pub async fn find_troubles(&self, actor: &Actor) -> Result<Vec<Check>> {
        actor.require(Role::Admin)?;
        let overview = self.overview(actor, None).await?;
        let connections: Vec<_> = self.list_connections(actor).await?;
        let mut checks = vec![people(&overview), connected(&connections)];
        if connections.is_empty() {
            return Ok(checks);
        }
        checks.push(self.people_complete(actor).await?);
        checks.push(Self::syncing(&connections));
        checks.extend(self.schedule(&connections));
        checks.push(self.readable(actor, &connections).await?);
        checks.push(missing(&overview.connections));
        self.account_checks(actor, &overview, &mut checks).await?;
        checks.push(mapped(&overview));
        checks.extend(drifts(&overview));
        checks.push(self.unsaved(actor).await?);
        Ok(checks)
    }

    /// People whom nothing but their name could be matched by.
    async fn people_complete(&self, actor: &Actor) -> Result<Check> {
        let query = PeopleQuery {
            words: Vec::new(),
            active: Some(true),
        };
        let mut without = Vec::new();
        let mut request = PageRequest::first(PAGE);
        loop {
            let page = self
                .store()
                .list_people(actor.organization(), &query, &request)
                .await?;
            let lacking = page.items.iter().filter(|it| it.email_keys().is_empty());
            without.extend(lacking.map(|person| person.profile.display_name.clone()));
            let Some(next) = page.next else { break };
            request = PageRequest::new(Some(next), PAGE);
        }
        Ok(found(
            "people_complete",
            "People have an e-mail address",
            &without,
            "everybody has one",
            "Add the addresses: they need not be those of the CRM, nor be spelled like there, but they are the best evidence.",
        )
        .fix("people", portal("/people")))
    }

    /// What the schedule should have done by now, where connections work.
    fn schedule(&self, connections: &[Connection]) -> Option<Check> {
        let works = |it: &&Connection| it.health.state == ConnectionState::Healthy;
        let at = connections
            .iter()
            .filter(works)
            .filter_map(|it| it.synced_at);
        let oldest = at.min()?;
        let (name, title) = ("schedule", "The schedule keeps what is known up to date");
        if self.now().seconds_since(oldest) <= BEHIND_SECONDS {
            let evidence = "every connection that works was read in the last 24 hours";
            return Some(Check::new(name, title, CheckResult::Pass, evidence));
        }
        let evidence = format!("a connection that works was last read {oldest}");
        Some(
            Check::new(name, title, CheckResult::Warn, evidence)
                .remedy("See that `counterpart serve` runs, and not with --sync-every 0."),
        )
    }

    /// Users not syncing: connections that fail, wait, or were never tried.
    fn syncing(connections: &[Connection]) -> Check {
        let mut problems = Vec::new();
        let mut result = CheckResult::Pass;
        for connection in connections {
            let Some((worse, what)) = not_syncing(connection) else {
                continue;
            };
            result = result.max(worse);
            problems.push(format!("{} {what}", connection.name));
        }
        let title = "Users are synced";
        let name = "users_syncing";
        if problems.is_empty() {
            return Check::new(name, title, result, "every connection works");
        }
        Check::new(name, title, result, problems.join("; "))
            .remedy("Run the system check of the connection named: it says what is missing and where to mend it. When it passes, sync. Addresses need not be spelled alike on both sides.")
            .fix("connections", portal("/connections"))
    }

    /// Sync fails after changes in the CRM: records that the last run could not read.
    async fn readable(&self, actor: &Actor, connections: &[Connection]) -> Result<Check> {
        let mut problems = Vec::new();
        for connection in connections {
            let newest = PageRequest::first(1);
            let runs = self
                .store()
                .list_runs(actor.organization(), connection.id, &newest)
                .await?;
            let Some(run) = runs.items.into_iter().next() else {
                continue;
            };
            if run.report.failed > 0 {
                problems.push(format!("{} in {}", run.report.failed, connection.name));
            } else if run.state == RunState::Failed {
                problems.push(format!(
                    "all in {}, whose last sync failed",
                    connection.name
                ));
            }
        }
        Ok(found(
            "users_readable",
            "Every user could be read",
            &problems,
            "the last sync of each connection read them all",
            "A record that cannot be read is left as it was known. The page of the sync names each with the reason: usually a field that an admin hid, or an id of another form after a migration. Complete the profile in the CRM, then sync.",
        )
        .fix("connections", portal("/connections")))
    }

    /// What only the accounts themselves show: incomplete profiles and duplicates.
    async fn account_checks(
        &self,
        actor: &Actor,
        overview: &Overview,
        checks: &mut Vec<Check>,
    ) -> Result<()> {
        let mut all = Accounts::default();
        for counts in &overview.connections {
            let accounts = self.accounts(actor, &counts.connection).await?;
            let in_it = |names: Vec<String>| {
                let place = &counts.connection.name;
                names
                    .into_iter()
                    .map(move |name| format!("{name} ({place})"))
            };
            all.nameless_addresses
                .extend(in_it(accounts.nameless_addresses));
            all.invited.extend(in_it(accounts.invited));
            all.twice.extend(in_it(accounts.twice));
        }
        checks.push(found(
            "profiles_complete",
            "CRM users have an e-mail address",
            &all.nameless_addresses,
            "every usable one has",
            "Complete the profiles in the CRM, or let the API user see addresses; then sync. Until then they are matched by name and extension alone.",
        ));
        checks.push(found(
            "invitations",
            "Invitations are accepted",
            &all.invited,
            "none is open",
            "Let these people accept the invitation of the CRM: many CRMs let nothing be logged under them before.",
        ));
        checks.push(found(
            "duplicates",
            "No address has two accounts",
            &all.twice,
            "none has",
            "Deactivate the account that is not used, or map the right one by hand: of two with one address neither is taken by itself.",
        ));
        Ok(())
    }

    async fn accounts(&self, actor: &Actor, connection: &Connection) -> Result<Accounts> {
        let query = CrmUserQuery {
            usable_only: true,
            people_only: true,
            ..CrmUserQuery::default()
        };
        let mut accounts = Accounts::default();
        let mut holders = HashMap::<String, u32>::new();
        let mut request = PageRequest::first(PAGE);
        loop {
            let page = self
                .store()
                .list_crm_users(actor.organization(), connection.id, &query, &request)
                .await?;
            for user in page.items {
                look_at(user, &mut accounts, &mut holders);
            }
            let Some(next) = page.next else { break };
            request = PageRequest::new(Some(next), PAGE);
        }
        let several = holders.into_iter().filter(|(_, holders)| *holders > 1);
        accounts.twice = several.map(|(address, _)| address).collect();
        accounts.twice.sort_unstable();
        Ok(accounts)
    }

    /// Edits that wait in somebody's draft: nothing of them is true before it is saved.
    async fn unsaved(&self, actor: &Actor) -> Result<Check> {
        let mut waiting = Vec::new();
        for (account, _) in self.store().list_members(actor.organization()).await? {
            let edits = self
                .store()
                .count_drafts(actor.organization(), account.id)
                .await?;
            if edits > 0 {
                waiting.push(format!("{edits} by {}", account.email));
            }
        }
        Ok(found(
            "saved",
            "Every edit is saved",
            &waiting,
            "no draft waits",
            "Edits on the mapping page count from the moment they are saved: open it and press save, or discard them.",
        )
        .fix("the mapping page", portal("/mapping")))
    }
}

fn not_syncing(connection: &Connection) -> Option<(CheckResult, String)> {
    let because = || match &connection.health.detail {
        Some(detail) => format!(": {detail}"),
        None => String::new(),
    };
    match connection.health.state {
        ConnectionState::Broken => Some((CheckResult::Fail, format!("does not work{}", because()))),
        ConnectionState::Troubled => {
            Some((CheckResult::Warn, format!("is in trouble{}", because())))
        }
        ConnectionState::Held => Some((
            CheckResult::Warn,
            "waits for somebody's word on a sync that a brake stopped".to_owned(),
        )),
        ConnectionState::Paused => Some((CheckResult::Warn, "is paused".to_owned())),
        ConnectionState::New => Some((CheckResult::Warn, "was never tried".to_owned())),
        ConnectionState::Healthy => connection
            .synced_at
            .is_none()
            .then(|| (CheckResult::Warn, "was never synced".to_owned())),
    }
}

fn look_at(user: CrmUser, accounts: &mut Accounts, holders: &mut HashMap<String, u32>) {
    let mut addresses: Vec<_> = user
        .profile
        .emails
        .iter()
        .filter_map(|address| folding::fold_email(address))
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    if user.profile.state == CrmUserState::Invited {
        accounts.invited.push(user.profile.display_name.clone());
    }
    if addresses.is_empty() {
        accounts.nameless_addresses.push(user.profile.display_name);
    }
    for address in addresses {
        *holders.entry(address).or_default() += 1;
    }
}

fn portal(path: &str) -> FixPlace {
    FixPlace::Portal(path.to_owned())
}

/// A check that passes when nothing was found, and warns otherwise.
fn found(name: &str, title: &str, all: &[String], nothing: &str, remedy: &str) -> Check {
    if all.is_empty() {
        return Check::new(name, title, CheckResult::Pass, nothing);
    }
    let shown = all.len().min(NAMED);
    let first = all[..shown].join(", ");
    let evidence = match all.len() - shown {
        0 => first,
        more => format!("{first} and {more} more"),
    };
    Check::new(name, title, CheckResult::Warn, evidence).remedy(remedy)
}

fn people(overview: &Overview) -> Check {
    let title = "People are known";
    match overview.people.active {
        0 => Check::new("people", title, CheckResult::Fail, "nobody is")
            .why("A CRM user can be mapped only to somebody who is there.")
            .remedy("Add people: by hand, from a file, from the CRM's own users, or by connecting the phone system.")
            .fix("people", portal("/people")),
        active => {
            let evidence = format!("{active} work here now");
            Check::new("people", title, CheckResult::Pass, evidence)
        }
    }
}

fn connected(connections: &[Connection]) -> Check {
    let title = "Something is connected";
    if connections.is_empty() {
        return Check::new("connected", title, CheckResult::Fail, "nothing is")
            .remedy("Connect a CRM.")
            .fix("the catalogue", portal("/connections/new"));
    }
    let names: Vec<_> = connections.iter().map(|it| it.name.as_str()).collect();
    Check::new("connected", title, CheckResult::Pass, names.join(", "))
}

/// Users missing after a sync.
fn missing(connections: &[ConnectionCounts]) -> Check {
    let missing: Vec<_> = connections
        .iter()
        .filter(|it| it.crm_users.missing > 0)
        .map(|it| format!("{} of {}", it.crm_users.missing, it.connection.name))
        .collect();
    found(
        "users_missing",
        "No user is missing after the last sync",
        &missing,
        "none is",
        "Their mappings go on for the days of grace. If they did not leave: `counterpart check CONNECTION --user NAME` says for one of them why it is not here: scope, licence, permission, or an id of another form.",
    )
    .fix("connections", portal("/connections"))
}

/// People without a counterpart.
fn mapped(overview: &Overview) -> Check {
    let count = |situation| {
        let of = |counts: &ConnectionCounts| counts.in_situation(situation);
        overview.connections.iter().map(of).sum::<u64>()
    };
    let kinds = [
        (Situation::Proposed, "proposed"),
        (Situation::Ambiguous, "ambiguous"),
        (Situation::Unmapped, "unmapped"),
    ];
    let open: Vec<_> = kinds
        .into_iter()
        .map(|(situation, word)| (count(situation), word))
        .filter(|(people, _)| *people > 0)
        .map(|(people, word)| format!("{people} {word}"))
        .collect();
    found(
        "everybody_mapped",
        "Everybody is mapped",
        &open,
        "everybody is, or is decided about",
        "Accept the certain proposals with one button, choose among the ambiguous, and say of the others that they have no account.",
    )
    .fix("who needs you", portal("/mapping?show=needs-you"))
}

/// Records under the wrong name: mappings that may be true no longer, by what to do about them.
fn drifts(overview: &Overview) -> Vec<Check> {
    const SEATS: [DriftCause; 2] = [DriftCause::SeatRepurposed, DriftCause::NameChanged];
    let count = |wanted: &dyn Fn(DriftCause) -> bool| {
        let fits = overview.drift.iter().filter(|it| wanted(it.cause));
        fits.map(|it| it.mappings).sum::<u64>()
    };
    let seats = count(&|cause| SEATS.contains(&cause));
    let broken = count(&|cause| !SEATS.contains(&cause) && cause.severity() == Severity::Broken);
    let look = count(&|cause| !SEATS.contains(&cause) && cause.severity() == Severity::Look);
    let seat = match seats {
        0 => Check::new(
            "repurposed_seats",
            "No seat changed hands",
            CheckResult::Pass,
            "name and address of every mapped account are as when the pair was confirmed",
        ),
        seats => Check::new(
            "repurposed_seats",
            "No seat changed hands",
            CheckResult::Fail,
            format!("{seats} mapped accounts have another name than when the pair was confirmed"),
        )
        .remedy("Say for each whether it is the same person under a new name, or somebody new from a date on: the leaver's past stays the leaver's.")
        .fix("the drifts", portal("/drift")),
    };
    let result = match (broken, look) {
        (0, 0) => CheckResult::Pass,
        (0, _) => CheckResult::Warn,
        _ => CheckResult::Fail,
    };
    let title = "Mappings lead to accounts that can take records";
    let attribution = match result {
        CheckResult::Pass => Check::new("attribution", title, result, "all do"),
        _ => Check::new(
            "attribution",
            title,
            result,
            format!("{broken} do not work any more, {look} should be looked at"),
        )
        .why("Calls and records go to the wrong person, or to nobody.")
        .remedy("The list of drifts says what happened to each, and has the repair beside it.")
        .fix("the drifts", portal("/drift")),
    };
    vec![seat, attribution]
}
