//! The connector that carries out a manifest.

mod about;
mod actions;
mod activities;
mod call;
mod check;
mod classify;
mod contacts;
mod cursor;
mod inputs;
mod jwt;
mod list;
mod look_ups;
mod our_key;
mod paging;
mod phones;
mod records;
mod render;
mod seen;
mod session;
mod settings;
mod settle;
mod tables;
mod users;
mod webhooks;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use counterpart_manifest::{IdType, Manifest, Part, Template, percent_encode};
use counterpart_model::activity::{About, Activity, ActivityKind, ActivityRecord};
use counterpart_model::contact::{Contact, ContactKind};
use counterpart_model::{Clock, CrmUserId};
use counterpart_outbound::{Response, Url};

use crate::registry::RegistryError;
use crate::{
    Access, Allowance, Attempt, Capabilities, CheckReport, Connector, ConnectorError, Consent,
    ContactPage, ContactQuery, FieldProblem, Hooks, IncomingWebhook, ListScope, Notice, PlacedCall,
    Pop, PulledUser, Settled, UserPage, Written,
};

pub use cursor::Position;
pub use webhooks::{is_signed, sha256};

/// A connector made of a manifest, and of hooks where the manifest names them.
#[derive(Debug)]
pub struct ManifestConnector {
    manifest: Manifest,
    hooks: Hooks,
    /// The hosts it may talk to; `None`: any that its settings and manifest name.
    hosts: Option<Vec<String>>,
}

impl ManifestConnector {
    /// Reads a manifest. `file` stands in messages only.
    pub fn load(file: &str, text: &str, hooks: Hooks) -> Result<Self, RegistryError> {
        let manifest = Manifest::load(file, text)?;
        let mut named = manifest.hooks.clone();
        named.sort_unstable();
        let mut provided = hooks.names();
        provided.sort_unstable();
        if named != provided {
            return Err(RegistryError::Hooks {
                file: file.to_owned(),
                named,
                provided,
            });
        }
        Ok(Self {
            manifest,
            hooks,
            hosts: None,
        })
    }

    /// The same connector, which talks to these hosts and no others: names, or `*.` and a name
    /// for every host below it. For manifests that did not come with the program.
    #[must_use]
    pub fn restricted_to(mut self, hosts: &[String]) -> Self {
        self.hosts = Some(hosts.iter().map(|host| host.to_ascii_lowercase()).collect());
        self
    }

    /// Whether it may talk to a host.
    fn may_reach(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        self.hosts.as_ref().is_none_or(|hosts| {
            hosts
                .iter()
                .any(|allowed| match allowed.strip_prefix("*.") {
                    Some(below) => host
                        .strip_suffix(below)
                        .is_some_and(|name| name.ends_with('.')),
                    None => *allowed == host,
                })
        })
    }

    /// What an answer to the request for all users would become, without tables and joins: for
    /// answers that were recorded.
    pub fn read_recorded(
        &self,
        response: &Response,
        clock: &dyn Clock,
    ) -> Result<UserPage, ConnectorError> {
        let what = users::LISTING;
        let mut answer =
            classify::answer(&self.manifest, &self.hooks, clock, what, false, response)?;
        let rows = self.take_rows(self.listing_of_users(ListScope::Full)?, &mut answer)?;
        let read = records::read(self, None, &BTreeMap::new(), &rows)?;
        Ok(UserPage {
            users: read.users,
            failures: read.failures,
            server_time: answer.server_time,
            ..UserPage::default()
        })
    }
}

#[async_trait]
impl Connector for ManifestConnector {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn normalise(
        &self,
        settings: BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, Vec<FieldProblem>> {
        settings::normalise(&self.manifest, &self.hooks, settings)
    }

    fn missing_credentials(
        &self,
        settings: &BTreeMap<String, String>,
        present: &BTreeSet<String>,
    ) -> Vec<FieldProblem> {
        settings::missing_credentials(&self.manifest, settings, present)
    }

    async fn settle(&self, access: &Access<'_>) -> Result<Settled, ConnectorError> {
        self.settle_connection(access).await
    }

    async fn check(&self, access: &Access<'_>) -> Result<CheckReport, ConnectorError> {
        self.check_connection(access).await
    }

    async fn list_users(
        &self,
        access: &Access<'_>,
        scope: ListScope,
        cursor: Option<&str>,
    ) -> Result<UserPage, ConnectorError> {
        self.list_page(access, scope, cursor).await
    }

    async fn get_user(
        &self,
        access: &Access<'_>,
        id: &CrmUserId,
    ) -> Result<Option<PulledUser>, ConnectorError> {
        self.one_user(access, id).await
    }

    async fn find_contacts(
        &self,
        access: &Access<'_>,
        query: &ContactQuery,
    ) -> Result<Vec<Contact>, ConnectorError> {
        self.search_contacts(access, query).await
    }

    async fn list_contacts(
        &self,
        access: &Access<'_>,
        kind: ContactKind,
        scope: ListScope,
        cursor: Option<&str>,
    ) -> Result<ContactPage, ConnectorError> {
        self.contacts_page(access, kind, scope, cursor).await
    }

    async fn get_contact(
        &self,
        access: &Access<'_>,
        kind: ContactKind,
        id: &str,
    ) -> Result<Option<Contact>, ConnectorError> {
        self.one_contact(access, kind, id).await
    }

    async fn write_activity(
        &self,
        access: &Access<'_>,
        activity: &Activity,
        attempt: Attempt,
    ) -> Result<Written, ConnectorError> {
        self.write(access, activity, attempt).await
    }

    async fn read_activity(
        &self,
        access: &Access<'_>,
        kind: ActivityKind,
        id: &str,
        about: &About,
    ) -> Result<Option<ActivityRecord>, ConnectorError> {
        self.read(access, kind, id, about).await
    }

    async fn find_activity(
        &self,
        access: &Access<'_>,
        activity: &Activity,
    ) -> Result<Vec<String>, ConnectorError> {
        self.find_by_key(access, activity.kind, &activity.key, Some(activity))
            .await
    }

    async fn update_activity(
        &self,
        access: &Access<'_>,
        id: &str,
        activity: &Activity,
    ) -> Result<(), ConnectorError> {
        self.update(access, id, activity).await
    }

    async fn delete_activity(
        &self,
        access: &Access<'_>,
        kind: ActivityKind,
        id: &str,
        about: &About,
    ) -> Result<(), ConnectorError> {
        self.delete(access, kind, id, about).await
    }

    async fn show_record(&self, access: &Access<'_>, pop: &Pop) -> Result<(), ConnectorError> {
        self.pop(access, pop).await
    }

    async fn place_call(
        &self,
        access: &Access<'_>,
        call: &PlacedCall,
    ) -> Result<(), ConnectorError> {
        self.call_from(access, call).await
    }

    async fn allowance(&self, access: &Access<'_>) -> Result<Option<Allowance>, ConnectorError> {
        self.allowance_left(access).await
    }

    fn consent(&self, access: &Access<'_>, consent: &Consent) -> Result<Url, ConnectorError> {
        self.consent_address(access, consent)
    }

    fn receive(&self, incoming: &IncomingWebhook<'_>) -> Result<Vec<Notice>, ConnectorError> {
        self.notices(incoming)
    }

    fn user_link(&self, settings: &BTreeMap<String, String>, id: &CrmUserId) -> Option<String> {
        let link = self.manifest.user_link.as_ref();
        self.linked(link, settings, "user_id", &id.0)
    }

    fn contact_link(
        &self,
        settings: &BTreeMap<String, String>,
        kind: ContactKind,
        id: &str,
    ) -> Option<String> {
        let mut all = self.manifest.contacts.iter();
        let contacts = all.find(|contacts| contacts.kind == kind)?;
        self.linked(contacts.link.as_ref(), settings, "record_id", id)
    }

    fn normalise_id(&self, typed: &str) -> Option<CrmUserId> {
        let typed = typed.trim();
        if let Some(hook) = self.hooks.normalise_id {
            return hook(typed).map(CrmUserId);
        }
        let is_one = match self.manifest.users.id.id_type {
            IdType::Integer => {
                typed == "0"
                    || (!typed.starts_with('0') && typed.bytes().all(|b| b.is_ascii_digit()))
            }
            IdType::Text => !typed.contains(|c: char| c.is_whitespace() || c.is_control()),
        };
        (is_one && !typed.is_empty()).then(|| CrmUserId(typed.to_owned()))
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::of(&self.manifest)
    }
}

impl ManifestConnector {
    /// An address made of settings and one id. What stands at its beginning is an address itself,
    /// of a setting or of a host, and not encoded; everything else is.
    fn linked(
        &self,
        link: Option<&Template>,
        settings: &BTreeMap<String, String>,
        id_name: &str,
        id: &str,
    ) -> Option<String> {
        let mut text = String::new();
        for (index, part) in link?.parts().iter().enumerate() {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Input(name) if name == id_name => text.push_str(&percent_encode(id)),
                Part::Input(name) if index == 0 => {
                    let address = settings
                        .get(name)
                        .cloned()
                        .or_else(|| render::address_by_settings(&self.manifest, name, settings))?;
                    text.push_str(&address);
                }
                Part::Input(name) => text.push_str(&percent_encode(settings.get(name)?)),
            }
        }
        let is_web_address = text.starts_with("https://") || text.starts_with("http://");
        is_web_address.then_some(text)
    }
}
