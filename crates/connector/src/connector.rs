//! The one trait by which a provider is spoken to.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use counterpart_manifest::Manifest;
use counterpart_model::activity::{About, Activity, ActivityKind, ActivityRecord};
use counterpart_model::connection::RemoteOrg;
use counterpart_model::contact::{Contact, ContactKind};
use counterpart_model::{Code, CrmUserId, CrmUserProfile, Environment, Timestamp};
use counterpart_outbound::{SecretString, Url};

use crate::{
    Access, Allowance, Attempt, Capabilities, ConnectorError, Consent, ContactPage, ContactQuery,
    ErrorClass, IncomingWebhook, Notice, PlacedCall, Pop, Written,
};

/// Speaks one provider's API.
#[async_trait]
pub trait Connector: Send + Sync {
    /// What the provider is: its form, its words, its set-up steps.
    fn manifest(&self) -> &Manifest;

    /// Puts settings right that a human typed: adds `https://`, drops a trailing slash, fills in
    /// defaults. Looks nothing up. Fails with every problem at once, each with its field.
    fn normalise(
        &self,
        settings: BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, Vec<FieldProblem>>;

    /// Which credentials are missing for the way of signing in that these settings choose, given
    /// the names of those that are stored or entered.
    fn missing_credentials(
        &self,
        settings: &BTreeMap<String, String>,
        present: &BTreeSet<String>,
    ) -> Vec<FieldProblem>;

    /// Done once when settings or credentials are saved: exchanges one-time codes, looks zones
    /// up. What it returns is kept before anything else is called.
    async fn settle(&self, access: &Access<'_>) -> Result<Settled, ConnectorError>;

    /// Which organization of the vendor this is, as whom we are signed in, and what every probe
    /// of the manifest shows. Fails only when nothing at all can be said: signing in or the
    /// *which organization* request failed.
    async fn check(&self, access: &Access<'_>) -> Result<CheckReport, ConnectorError>;

    /// One page of users. Begin with no cursor, go on with [`UserPage::next`] until there is
    /// none. A cursor survives a restart; one that this connector cannot read is an error. The
    /// scope must be the same for all pages of a pull.
    async fn list_users(
        &self,
        access: &Access<'_>,
        scope: ListScope,
        cursor: Option<&str>,
    ) -> Result<UserPage, ConnectorError>;

    /// One user by its id; `None` when there is no such user.
    async fn get_user(
        &self,
        access: &Access<'_>,
        id: &CrmUserId,
    ) -> Result<Option<PulledUser>, ConnectorError> {
        let _ = (access, id);
        Err(unsupported("read a single user"))
    }

    /// The contacts, leads and companies that a number or an address leads to. The number is
    /// tried in the spellings that people type; what is found is compared once more.
    async fn find_contacts(
        &self,
        access: &Access<'_>,
        query: &ContactQuery,
    ) -> Result<Vec<Contact>, ConnectorError> {
        let _ = (access, query);
        Err(unsupported("find contacts"))
    }

    /// One page of the contacts of a kind, as [`Connector::list_users`] lists users.
    async fn list_contacts(
        &self,
        access: &Access<'_>,
        kind: ContactKind,
        scope: ListScope,
        cursor: Option<&str>,
    ) -> Result<ContactPage, ConnectorError> {
        let _ = (access, kind, scope, cursor);
        Err(unsupported("list contacts"))
    }

    /// One contact by its id; `None` when there is none.
    async fn get_contact(
        &self,
        access: &Access<'_>,
        kind: ContactKind,
        id: &str,
    ) -> Result<Option<Contact>, ConnectorError> {
        let _ = (access, kind, id);
        Err(unsupported("read a single contact"))
    }

    /// Writes a record under its owner and reads the owner back. Sent once: a failure whose
    /// outcome is unknown says so ([`ConnectorError::outcome_is_unknown`]) and is then tried
    /// with [`Attempt::Again`].
    async fn write_activity(
        &self,
        access: &Access<'_>,
        activity: &Activity,
        attempt: Attempt,
    ) -> Result<Written, ConnectorError> {
        let _ = (access, activity, attempt);
        Err(unsupported("write records"))
    }

    /// A record that was written, as it is now; `None` when it is not there. What it is about is
    /// needed where records lie below a ticket or company.
    async fn read_activity(
        &self,
        access: &Access<'_>,
        kind: ActivityKind,
        id: &str,
        about: &About,
    ) -> Result<Option<ActivityRecord>, ConnectorError> {
        let _ = (access, kind, id, about);
        Err(unsupported("read records back"))
    }

    /// The ids of the records that have this activity's key.
    async fn find_activity(
        &self,
        access: &Access<'_>,
        activity: &Activity,
    ) -> Result<Vec<String>, ConnectorError> {
        let _ = (access, activity);
        Err(unsupported("find records by our key"))
    }

    /// Changes a record that was written before.
    async fn update_activity(
        &self,
        access: &Access<'_>,
        id: &str,
        activity: &Activity,
    ) -> Result<(), ConnectorError> {
        let _ = (access, id, activity);
        Err(unsupported("change records"))
    }

    /// Takes a record away. One that is gone already is no failure. What it is about is needed
    /// where records lie below a ticket or company.
    async fn delete_activity(
        &self,
        access: &Access<'_>,
        kind: ActivityKind,
        id: &str,
        about: &About,
    ) -> Result<(), ConnectorError> {
        let _ = (access, kind, id, about);
        Err(unsupported("take records away"))
    }

    /// Shows a record on a user's screen.
    async fn show_record(&self, access: &Access<'_>, pop: &Pop) -> Result<(), ConnectorError> {
        let _ = (access, pop);
        Err(unsupported("show records on a screen"))
    }

    /// Places a call from a user's phone.
    async fn place_call(
        &self,
        access: &Access<'_>,
        call: &PlacedCall,
    ) -> Result<(), ConnectorError> {
        let _ = (access, call);
        Err(unsupported("place calls"))
    }

    /// How much of the allowance of requests is left; `None` when the provider does not say.
    async fn allowance(&self, access: &Access<'_>) -> Result<Option<Allowance>, ConnectorError> {
        let _ = access;
        Err(unsupported("say how many requests are left"))
    }

    /// The address at which somebody consents in a browser. The code that comes back is a
    /// credential of [`Connector::settle`], with `redirect_uri` and `code_verifier` beside it.
    fn consent(&self, access: &Access<'_>, consent: &Consent) -> Result<Url, ConnectorError> {
        let _ = (access, consent);
        Err(unsupported("be signed in to by a redirect"))
    }

    /// What a webhook tells, once it is known to be real. Class
    /// [`crate::ErrorClass::Auth`] when it is forged or too old.
    fn receive(&self, incoming: &IncomingWebhook<'_>) -> Result<Vec<Notice>, ConnectorError> {
        let _ = incoming;
        Err(unsupported("send webhooks"))
    }

    /// The address of a user's page in the provider's own portal; `None` where there is none.
    fn user_link(&self, settings: &BTreeMap<String, String>, id: &CrmUserId) -> Option<String>;

    /// The address of a contact's page there; `None` where there is none.
    fn contact_link(
        &self,
        settings: &BTreeMap<String, String>,
        kind: ContactKind,
        id: &str,
    ) -> Option<String> {
        let _ = (settings, kind, id);
        None
    }

    /// The one form of an id that a human typed or pasted; `None` if it cannot be one.
    fn normalise_id(&self, typed: &str) -> Option<CrmUserId>;

    /// What the connector can do.
    fn capabilities(&self) -> Capabilities;
}

/// What a connector without a way to do something says.
fn unsupported(what: &str) -> ConnectorError {
    ConnectorError::new(
        ErrorClass::Unsupported,
        format!("this connector cannot {what}"),
    )
}

/// Which records to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListScope {
    /// Every record; of users, whatever their state.
    Full,
    /// Those changed since an instant of the provider's clock. They may include some that did
    /// not change. [`crate::ErrorClass::Unsupported`] where the provider cannot tell.
    ChangedSince(Timestamp),
}

/// One page of users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserPage {
    /// The users, in the order they came.
    pub users: Vec<PulledUser>,
    /// Records that could not be read.
    pub failures: Vec<RecordFailure>,
    /// Where the next page begins; `None` behind the last. Holds no credential.
    pub next: Option<String>,
    /// How many users the provider says there are in the whole list, where it says so. Known on
    /// the last page at the latest; it is then to be compared with what came.
    pub total: Option<u64>,
    /// What the provider's clock said when the pull began: from then on to ask for changes.
    pub server_time: Option<Timestamp>,
}

/// A user as it was pulled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PulledUser {
    /// The provider's id, in its one form.
    pub id: CrmUserId,
    /// What the provider says of the user.
    pub profile: CrmUserProfile,
}

/// A record that could not be read as a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFailure {
    /// Where it stood: the number of the record on its page, from 1.
    pub record: usize,
    /// The id, where it has one.
    pub id: Option<String>,
    /// What is wrong with it.
    pub code: Code,
    /// What is wrong with it, in words. Holds no credential.
    pub message: String,
}

/// What [`Connector::settle`] found out, to be kept with the connection.
#[derive(Debug, Clone, Default)]
pub struct Settled {
    /// Settings to set.
    pub settings: BTreeMap<String, String>,
    /// Credentials to store.
    pub credentials: Vec<(String, SecretString)>,
    /// Credentials to forget: one-time codes.
    pub forget: Vec<String>,
}

/// What a test of a connection showed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Which organization of the vendor it leads to.
    pub org: Option<RemoteOrg>,
    /// As whom it is signed in, in the vendor's words.
    pub signed_in_as: Option<String>,
    /// Whether that is a test environment, where the vendor or the address tells.
    pub environment: Option<Environment>,
    /// What each probe showed, in the manifest's order.
    pub probes: Vec<ProbeResult>,
    /// How many seconds the vendor's clock is ahead of ours; negative: behind.
    pub clock_ahead_seconds: Option<i64>,
    /// What was seen of the way there.
    pub way: WayThere,
}

/// What a test of a connection saw of the way to the vendor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WayThere {
    /// Where the API is: scheme, host, and port where it is named.
    pub address: Option<String>,
    /// Which version of the API is spoken, where its addresses name one: `v2`, `62.0`.
    pub api_version: Option<String>,
    /// What the answers say of that version's end, in the words of their headers `Sunset` (RFC
    /// 8594), `Deprecation` (RFC 9745) or `Warning` (RFC 9111).
    pub retirement: Option<String>,
    /// When the certificate of the vendor's server ends; `None` over plain http.
    pub certificate_ends_at: Option<Timestamp>,
}

impl CheckReport {
    /// Whether every required probe passed.
    pub fn is_good(&self) -> bool {
        self.probes
            .iter()
            .all(|probe| probe.outcome != ProbeOutcome::Failed)
    }
}

/// What one probe showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeResult {
    /// The probe's name in the manifest.
    pub name: String,
    /// What it shows, in a few words.
    pub title: String,
    /// Whether it went well.
    pub outcome: ProbeOutcome,
    /// What went wrong, as a code that can be looked up.
    pub code: Option<Code>,
    /// What went wrong, in words. Holds no credential.
    pub detail: Option<String>,
    /// How long it took, in milliseconds by our clock.
    pub took_millis: u64,
}

/// Whether a probe went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeOutcome {
    /// It shows what should be.
    Passed,
    /// It does not, and what it shows is required, or must be absent and is there.
    Failed,
    /// It does not, and what it shows is optional.
    Missing,
}

/// What is wrong with one field of a connection's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's name in the manifest.
    pub field: String,
    /// What is wrong, and what to enter.
    pub problem: String,
}
