//! The canary: one record written under somebody's account, read back, and taken away again.

use counterpart_connector::{Attempt, Capability, ConnectorError, ReadBack, Written};
use counterpart_manifest::Activity as Described;
use counterpart_model::activity::{About, Activity, ActivityKind, Direction, Outcome};
use counterpart_model::check::{Check, CheckResult, FixPlace};
use counterpart_model::contact::ContactKind;
use counterpart_model::{ConnectionState, Timestamp};

use super::profile::Account;
use super::{failed, skipped};
use crate::connections::Opened;
use crate::{Actor, Result, Service};

const NAME: &str = "canary";
const TITLE: &str = "A record written under it is its own";

/// What may be written: what can be taken away by anybody who sees it. Not tickets, on which
/// others would set to work, and nothing that lies below one.
const KINDS: [ActivityKind; 3] = [ActivityKind::Call, ActivityKind::Note, ActivityKind::Task];

impl Service {
    /// Writes a record under an account, compares its owner, and takes it away where the CRM lets
    /// that be done. That it is about to be written is in the audit chain before it is sent.
    pub(super) async fn canary(
        &self,
        actor: &Actor,
        account: &Account<'_>,
        opened: &Opened,
    ) -> Result<Check> {
        if account.connection.health.state == ConnectionState::Paused {
            return Ok(skipped(NAME, TITLE, "the connection is paused"));
        }
        let Some(described) = chosen(account) else {
            let because =
                "what could be written here is a ticket, on which others would set to work";
            return Ok(skipped(NAME, TITLE, because));
        };
        let about = match self.about(described, opened).await {
            Ok(Some(about)) => about,
            Ok(None) => {
                let because = format!(
                    "a {} belongs to a customer's record, and the CRM lists none",
                    described.title
                );
                return Ok(skipped(NAME, TITLE, &because));
            }
            Err(error) => return Ok(failed(NAME, TITLE, &error)),
        };
        let id = counterpart_model::SystemCheckId::generate(self.clock(), self.entropy());
        let key = format!("counterpart-canary-{}", id.as_uuid().simple());
        let details = format!(
            "a test {} as {} in {}, under the key {key}",
            described.title, account.profile.display_name, account.connection.name
        );
        let event = self.audit_event(actor.account(), "check.canary", details);
        self.audit(actor.organization(), event).await?;
        let record = record(account, described.kind, about, key, self.now());
        let written = opened
            .connector
            .write_activity(&opened.access(), &record, Attempt::First)
            .await;
        Ok(match written {
            Ok(written) => {
                let left = take_away(opened, &record, &written).await;
                shown(described, &written, left.as_deref())
            }
            Err(error) => refused(described, &record, &error),
        })
    }

    /// What the record is about: nothing, or any customer whom the CRM lists, where it has to be
    /// about somebody. `None` where there is none.
    async fn about(
        &self,
        described: &Described,
        opened: &Opened,
    ) -> std::result::Result<Option<About>, ConnectorError> {
        let needs = |name: &str| described.needs.iter().any(|need| need == name);
        let kind = if needs("company_id") {
            ContactKind::Company
        } else if needs("contact_id") || needs("about_id") {
            ContactKind::Contact
        } else if needs("lead_id") {
            ContactKind::Lead
        } else {
            return Ok(Some(About::default()));
        };
        let scope = counterpart_connector::ListScope::Full;
        let page = opened
            .connector
            .list_contacts(&opened.access(), kind, scope, None)
            .await?;
        let somebody = page.contacts.into_iter().find(|contact| !contact.gone);
        Ok(somebody.map(|contact| {
            let id = Some(contact.id);
            match kind {
                ContactKind::Contact => About {
                    contact_id: id,
                    company_id: contact.company_id,
                    ..About::default()
                },
                ContactKind::Lead => About {
                    lead_id: id,
                    ..About::default()
                },
                ContactKind::Company => About {
                    company_id: id,
                    ..About::default()
                },
            }
        }))
    }
}

/// The kind of record to write: one that can be taken away before one that cannot, one that is
/// about nobody before one that is.
fn chosen<'a>(account: &Account<'a>) -> Option<&'a Described> {
    let settings = &account.connection.settings;
    let manifest = account.connector.manifest();
    let lists_contacts = account
        .connector
        .capabilities()
        .has(Capability::ListContacts);
    // A call that is kept as a ticket is read where tickets are.
    let ticket = manifest.activity_of(ActivityKind::Ticket, settings);
    let place = |it: &Described| it.read.as_ref().map(|read| read.request.path.clone());
    let tickets = ticket.and_then(place);
    KINDS
        .into_iter()
        .filter_map(|kind| manifest.activity_of(kind, settings))
        .filter(|it| tickets.is_none() || place(it) != tickets)
        .filter(|it| lists_contacts || !is_about_somebody(it))
        .min_by_key(|it| {
            (
                it.delete.is_none(),
                it.read.is_none(),
                is_about_somebody(it),
            )
        })
}

fn is_about_somebody(described: &Described) -> bool {
    described.needs.iter().any(|need| need.ends_with("_id"))
}

fn record(
    account: &Account<'_>,
    kind: ActivityKind,
    about: About,
    key: String,
    now: Timestamp,
) -> Activity {
    // Numbers that are nobody's: Ofcom keeps them for drama.
    let (remote, own) = ("+442079460001", "+442079460000");
    Activity {
        kind,
        key,
        owner: account.owner(),
        about,
        subject: "Counterpart test - may be deleted".to_owned(),
        text: "Written by a system check to see that records arrive under the right user. It is taken away at once where that is possible, and may be deleted.".to_owned(),
        direction: Some(Direction::Outbound),
        outcome: Some(Outcome::Answered),
        started_at: now,
        duration_seconds: 1,
        remote_number: Some(remote.to_owned()),
        own_number: Some(own.to_owned()),
        recording_url: None,
    }
}

/// Takes the record away; why it is still there, if it is.
async fn take_away(opened: &Opened, record: &Activity, written: &Written) -> Option<String> {
    let deleted = opened
        .connector
        .delete_activity(&opened.access(), record.kind, &written.id, &record.about)
        .await;
    match deleted {
        Ok(()) => None,
        Err(error) => Some(error.message().to_owned()),
    }
}

fn shown(described: &Described, written: &Written, left: Option<&str>) -> Check {
    let what = format!("the {} {}", described.title, written.id);
    let (result, owner) = match &written.owner {
        ReadBack::Same => (CheckResult::Pass, "came back under it".to_owned()),
        ReadBack::Other(_) if described.signed_in_owns => (
            CheckResult::Pass,
            "came back under the account that Counterpart signs in with, as always here".to_owned(),
        ),
        ReadBack::Other(Some(other)) => (
            CheckResult::Fail,
            format!("came back under {other} instead"),
        ),
        ReadBack::Other(None) => (CheckResult::Fail, "came back as nobody's".to_owned()),
        ReadBack::Failed(error) => (
            CheckResult::Warn,
            format!(
                "was written, and could not be read back: {}",
                error.message()
            ),
        ),
        ReadBack::Impossible => (
            CheckResult::Pass,
            "was written; this CRM does not let it be read back".to_owned(),
        ),
    };
    let mut evidence = format!("{what} {owner}");
    if written.impersonated {
        evidence.push_str(", in the account's own name");
    }
    match left {
        None => evidence.push_str("; it is taken away again"),
        Some(why) => {
            evidence.push_str("; it is still there and may be deleted by hand: ");
            evidence.push_str(why);
        }
    }
    let check = Check::new(NAME, TITLE, result, evidence).why(
        "Some CRMs take a record for an owner who cannot have it, and give it to somebody else.",
    );
    let check = match (&written.link, left) {
        (Some(link), Some(_)) => check.fix("the record", FixPlace::Vendor(link.clone())),
        _ => check,
    };
    if result == CheckResult::Pass {
        return check;
    }
    check.remedy("Look whether the account is active, licensed and allowed to own such records, and whether the API user may give records to others.")
}

fn refused(described: &Described, record: &Activity, error: &ConnectorError) -> Check {
    let mut check = failed(NAME, TITLE, error);
    if error.outcome_is_unknown() {
        check.evidence = format!(
            "{}; whether the {} was written is unknown, look for \"{}\"",
            error.message(),
            described.title,
            record.subject
        );
    }
    check
}
