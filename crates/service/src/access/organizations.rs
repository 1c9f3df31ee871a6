//! Founding organizations, and the first one by its set-up link.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use counterpart_model::{
    ChangeSetOrigin, Code, Connection, ConnectionId, Environment, Membership, Organization,
    OrganizationId, Policy, Role, Side,
    connection::{Cardinality, DIRECTORY, Health},
    time,
};
use counterpart_store::organizations::{Founded, NewOrganization};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Actor, SignedIn, accounts::account_exists, hash_of, random_text};
use crate::{Error, Result, Service};

/// How long a set-up link is valid, in seconds.
const SETUP_LINK_SECONDS: i64 = 24 * 60 * 60;

/// What the set-up page asks.
#[derive(Debug)]
pub struct SetUp {
    /// The secret part of the set-up link.
    pub link: SecretString,
    /// What the organization is called.
    pub organization: String,
    /// Its IANA time zone.
    pub time_zone: String,
    /// The owner's address.
    pub email: String,
    /// The owner's password.
    pub password: SecretString,
}

impl Service {
    /// A new one-time set-up link's secret part, in place of any earlier one; `None` when there
    /// are accounts already.
    pub async fn setup_link(&self) -> Result<Option<SecretString>> {
        if self.store().count_accounts().await? > 0 {
            return Ok(None);
        }
        let link = random_text(self.entropy());
        let expires_at = self.now().plus_seconds(SETUP_LINK_SECONDS);
        self.store()
            .put_setup_link(&hash_of(&link), expires_at)
            .await?;
        Ok(Some(link.into()))
    }

    /// Whether a set-up link would be accepted now.
    pub async fn is_setup_link(&self, link: &SecretString) -> Result<bool> {
        let hash = hash_of(link.expose_secret());
        Ok(self.store().is_setup_link(&hash, self.now()).await?)
    }

    /// Founds the first organization with its owner, uses the link up and signs the owner in.
    pub async fn set_up(&self, set_up: SetUp) -> Result<(SignedIn, Organization)> {
        let link = hash_of(set_up.link.expose_secret());
        if !self.store().is_setup_link(&link, self.now()).await? {
            return Err(Error::new(Code::AuthSetupLink, Code::AuthSetupLink.title()));
        }
        let organization = self.new_organization(&set_up.organization, &set_up.time_zone, false)?;
        let account = self.new_account(&set_up.email, set_up.password).await?;
        let membership = Membership {
            organization_id: organization.id,
            account_id: account.id,
            role: Role::Owner,
            person_id: None,
        };
        self.found(NewOrganization {
            directory: self.new_directory(),
            account: Some(account.clone()),
            membership: Some(membership),
            setup_link: Some((link, self.now())),
            event: self.audit_event(Some(account.id), "organization.founded", &organization.name),
            organization: organization.clone(),
        })
        .await?;
        Ok((self.open_session(account).await?, organization))
    }

    /// Founds a further organization. The operator's, from the command line.
    pub async fn create_organization(
        &self,
        name: &str,
        time_zone: &str,
        demo: bool,
    ) -> Result<Organization> {
        let organization = self.new_organization(name, time_zone, demo)?;
        self.found(NewOrganization {
            directory: self.new_directory(),
            account: None,
            membership: None,
            setup_link: None,
            event: self.audit_event(None, "organization.founded", &organization.name),
            organization: organization.clone(),
        })
        .await?;
        Ok(organization)
    }

    /// Founds a further organization of which a signed-in owner becomes the owner too.
    pub async fn create_own_organization(
        &self,
        actor: &Actor,
        name: &str,
        time_zone: &str,
    ) -> Result<Organization> {
        actor.require(Role::Owner)?;
        let account = actor.require_account()?;
        let organization = self.new_organization(name, time_zone, false)?;
        let membership = Membership {
            organization_id: organization.id,
            account_id: account,
            role: Role::Owner,
            person_id: None,
        };
        self.found(NewOrganization {
            directory: self.new_directory(),
            account: None,
            membership: Some(membership),
            setup_link: None,
            event: self.audit_event(Some(account), "organization.founded", &organization.name),
            organization: organization.clone(),
        })
        .await?;
        Ok(organization)
    }

    /// Every organization, by name. The operator's.
    pub async fn list_organizations(&self) -> Result<Vec<Organization>> {
        Ok(self.store().list_organizations().await?)
    }

    /// How many organizations' keys the master key opens; fails with the first that it does not.
    /// The operator's.
    pub async fn check_master_key(&self) -> Result<usize> {
        let all = self.store().list_organizations().await?;
        for organization in &all {
            self.parts
                .vault
                .check(&organization.data_key, organization.id)?;
        }
        Ok(all.len())
    }

    /// The operator in the organization of a name or id, or in the only one there is.
    pub async fn operator_in(&self, organization: Option<&str>) -> Result<Actor> {
        let all = self.store().list_organizations().await?;
        let found = match organization {
            Some(wanted) => {
                let key = counterpart_model::folding::fold(wanted);
                all.iter().find(|organization| {
                    organization.id.to_string() == wanted
                        || counterpart_model::folding::fold(&organization.name) == key
                })
            }
            None => all.first().filter(|_| all.len() == 1),
        };
        let found = found.ok_or_else(|| {
            let names: Vec<&str> = all.iter().map(|other| other.name.as_str()).collect();
            let detail = match (organization, names.is_empty()) {
                (_, true) => {
                    "there is no organization yet; `counterpart organization create` makes one"
                        .to_owned()
                }
                (Some(wanted), false) => {
                    format!(
                        "there is no organization `{wanted}`; there are {}",
                        names.join(", ")
                    )
                }
                (None, false) => {
                    format!(
                        "say which organization with --organization: {}",
                        names.join(", ")
                    )
                }
            };
            Error::new(Code::OrganizationNotFound, detail)
        })?;
        Ok(self.operator(found.id, ChangeSetOrigin::Cli))
    }

    /// The actor's organization.
    pub async fn organization(&self, actor: &Actor) -> Result<Organization> {
        self.store()
            .find_organization(actor.organization())
            .await?
            .ok_or_else(|| {
                Error::new(
                    Code::OrganizationNotFound,
                    format!("there is no organization {}", actor.organization()),
                )
            })
    }

    /// Says from how many lines on a change of the actor's organization needs a second person;
    /// `None` for never. Owners only. What waits already goes on to wait.
    pub async fn set_second_person(
        &self,
        actor: &Actor,
        from: Option<NonZeroU32>,
    ) -> Result<Organization> {
        actor.require(Role::Owner)?;
        let before = self.organization(actor).await?;
        if before.second_person_from == from {
            return Ok(before);
        }
        let words = |from: Option<NonZeroU32>| match from {
            Some(lines) => format!("from {lines} lines on"),
            None => "never".to_owned(),
        };
        let details = format!("{}, was {}", words(from), words(before.second_person_from));
        let mut work = self.store().begin(actor.organization()).await?;
        work.set_second_person(from).await?;
        work.append_audit(self.audit_event(actor.account(), "organization.second_person", details))
            .await?;
        work.commit().await?;
        Ok(Organization {
            second_person_from: from,
            ..before
        })
    }

    fn new_organization(&self, name: &str, time_zone: &str, demo: bool) -> Result<Organization> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 100 {
            return Err(Error::field(
                Code::OrganizationInvalid,
                "organization",
                "enter a name of 1 to 100 characters",
            ));
        }
        time::time_zone(time_zone).map_err(|error| {
            Error::field(Code::OrganizationInvalid, "time_zone", error.to_string())
        })?;
        let id = OrganizationId::generate(self.clock(), self.entropy());
        Ok(Organization {
            id,
            name: name.to_owned(),
            time_zone: time_zone.to_owned(),
            domains: Vec::new(),
            demo,
            second_person_from: None,
            created_at: self.now(),
            data_key: self.parts.vault.new_data_key(id, self.entropy()),
        })
    }

    /// The built-in connection to which people kept by hand and by file belong.
    fn new_directory(&self) -> Connection {
        let now = self.now();
        Connection {
            id: ConnectionId::generate(self.clock(), self.entropy()),
            name: "Directory".to_owned(),
            provider: DIRECTORY.to_owned(),
            side: Side::Platform,
            environment: Environment::Production,
            settings: BTreeMap::new(),
            credentials: Vec::new(),
            cardinality: Cardinality::OneToOne,
            policy: Policy::default(),
            health: Health::healthy(now),
            remote_org: None,
            created_at: now,
            synced_at: None,
            changed_since: None,
            version: 1,
        }
    }

    async fn found(&self, new: NewOrganization) -> Result<()> {
        match self.store().found_organization(&new).await? {
            Founded::Done => Ok(()),
            Founded::NameTaken => Err(Error::field(
                Code::OrganizationInvalid,
                "organization",
                format!(
                    "there is an organization `{}` already",
                    new.organization.name
                ),
            )),
            Founded::AccountExists => Err(account_exists(
                new.account
                    .as_ref()
                    .map_or("", |account| account.email.as_str()),
            )),
            Founded::LinkInvalid => {
                Err(Error::new(Code::AuthSetupLink, Code::AuthSetupLink.title()))
            }
        }
    }
}
