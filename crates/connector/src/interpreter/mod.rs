//! The connector that carries out a manifest.

mod call;
mod check;
mod classify;
mod cursor;
mod list;
mod paging;
mod records;
mod render;
mod session;
mod settings;
mod settle;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use counterpart_manifest::{IdType, Manifest, Part, percent_encode};
use counterpart_model::{Clock, CrmUserId};
use counterpart_outbound::Response;

use crate::registry::RegistryError;
use crate::{
    Access, Capabilities, CheckReport, Connector, ConnectorError, FieldProblem, Hooks, Settled,
    UserPage, UserScope,
};

pub use cursor::Position;

/// A connector made of a manifest, and of hooks where the manifest names them.
#[derive(Debug)]
pub struct ManifestConnector {
    manifest: Manifest,
    hooks: Hooks,
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
        Ok(Self { manifest, hooks })
    }

    /// What an answer to the request for all users would become, without tables and joins: for
    /// answers that were recorded.
    pub fn read_recorded(
        &self,
        response: &Response,
        clock: &dyn Clock,
    ) -> Result<UserPage, ConnectorError> {
        let mut answer =
            classify::answer(&self.manifest, &self.hooks, clock, list::LISTING, response)?;
        let rows = self.take_rows(&self.manifest.users.full, &mut answer)?;
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

    fn missing_credentials(&self, present: &BTreeSet<String>) -> Vec<FieldProblem> {
        settings::missing_credentials(&self.manifest, present)
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
        scope: UserScope,
        cursor: Option<&str>,
    ) -> Result<UserPage, ConnectorError> {
        self.list_page(access, scope, cursor).await
    }

    fn user_link(&self, settings: &BTreeMap<String, String>, id: &CrmUserId) -> Option<String> {
        let link = self.manifest.user_link.as_ref()?;
        let mut text = String::new();
        for (index, part) in link.parts().iter().enumerate() {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Input(name) if name == "user_id" => text.push_str(&percent_encode(&id.0)),
                // At its beginning stands an address, which is not encoded.
                Part::Input(name) if index == 0 => text.push_str(settings.get(name)?),
                Part::Input(name) => text.push_str(&percent_encode(settings.get(name)?)),
            }
        }
        let is_web_address = text.starts_with("https://") || text.starts_with("http://");
        is_web_address.then_some(text)
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
        let manifest = &self.manifest;
        Capabilities {
            list_users: true,
            changed_since: manifest.lists_changed(),
            identifies_org: true,
            recognises_sandboxes: !manifest.environments.sandbox.is_empty(),
            user_links: manifest.user_link.is_some(),
            delivery: manifest.delivery,
        }
    }
}
