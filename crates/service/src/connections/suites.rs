//! Suites: products of one vendor whose accounts and tokens are one. Somebody signs in once, and
//! every product that was ticked becomes a connection of its own, with its own copy of the
//! refresh token.
//!
//! That is right only where refresh tokens do not rotate: where the vendor replaces one at every
//! use, the copies would put each other out of use. Such a vendor's manifests name no suite.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_connector::Consent;
use counterpart_manifest::{Manifest, SignIn};
use counterpart_model::connection::Health;
use counterpart_model::{
    Code, Connection, ConnectionId, ConnectionState, Environment, Role, folding,
};
use secrecy::{ExposeSecret as _, SecretString};

use super::saving::REFRESH_TOKEN;
use super::{ConnectionInput, OWN};
use crate::error::FieldError;
use crate::{Actor, Error, Kind, Result, Service};

/// The field that says which products are wanted.
const PRODUCTS: &str = "products";

/// A suite, as the manifests of its products tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suite {
    /// Its name.
    pub name: String,
    /// What the vendor calls it.
    pub title: String,
    /// The providers of its products, in order: two or more.
    pub products: Vec<String>,
}

/// A product that is wanted.
#[derive(Debug, Clone)]
pub struct SuiteProduct {
    /// Its provider.
    pub provider: String,
    /// What the connection is called; its title, and a number where that is taken, when empty.
    pub name: String,
    /// Settings of this product alone. They come before those of all.
    pub settings: BTreeMap<String, String>,
}

/// The form of a suite.
#[derive(Debug, Clone)]
pub struct SuiteInput {
    /// The suite.
    pub suite: String,
    /// The products that are wanted, each once.
    pub products: Vec<SuiteProduct>,
    /// Whether they are for real; found out when nothing is said and the provider tells.
    pub environment: Option<Environment>,
    /// Settings of all, by the names of the manifests. A product takes those that it has.
    pub settings: BTreeMap<String, String>,
    /// Credentials of all.
    pub credentials: BTreeMap<String, SecretString>,
}

impl Service {
    /// The suites of which there are two products or more, by name.
    pub fn suites(&self) -> Vec<Suite> {
        let mut suites: BTreeMap<&str, Suite> = BTreeMap::new();
        for connector in self.connectors().all() {
            let manifest = connector.manifest();
            let Some(suite) = &manifest.suite else {
                continue;
            };
            let known = suites.entry(&suite.name).or_insert_with(|| Suite {
                name: suite.name.clone(),
                title: suite.title.clone(),
                products: Vec::new(),
            });
            known.products.push(manifest.provider.clone());
        }
        let mut suites: Vec<_> = suites.into_values().collect();
        suites.retain(|suite| suite.products.len() > 1);
        suites
    }

    /// The suite of a name.
    pub fn suite(&self, name: &str) -> Result<Suite> {
        let known = self.suites().into_iter().find(|suite| suite.name == name);
        known.ok_or_else(|| {
            Error::new(
                Code::ConnectionProviderUnknown,
                format!("there is no suite `{name}` with two products or more"),
            )
        })
    }

    /// Signs in once and saves a connection for every product that is wanted, in their order.
    ///
    /// What is wrong with any of the forms is told before a one-time code is used up. From then
    /// on every connection is kept, and one that does not work says so by its health. Where
    /// somebody consents in a browser, all of them wait for it: [`Service::begin_consent`] for
    /// the first covers the others.
    pub async fn connect_suite(&self, actor: &Actor, input: SuiteInput) -> Result<Vec<Connection>> {
        actor.require(Role::Admin)?;
        let forms = self.forms_of_suite(actor, input).await?;
        self.refuse_wrong_forms(actor, &forms).await?;
        let mut forms = forms.into_iter();
        let first = forms.next().ok_or_else(no_product)?;
        let first = self.save_connection(actor, first).await?;
        let token = self.refresh_token_of(actor, first.id).await?;
        let mut connections = vec![first];
        for mut form in forms {
            if let Some(token) = &token {
                self.take_codes_out(&mut form);
                form.credentials
                    .insert(REFRESH_TOKEN.to_owned(), token.clone());
            }
            connections.push(self.save_connection(actor, form).await?);
        }
        Ok(connections)
    }

    async fn forms_of_suite(
        &self,
        actor: &Actor,
        input: SuiteInput,
    ) -> Result<Vec<ConnectionInput>> {
        let suite = self.suite(&input.suite)?;
        if input.products.is_empty() {
            return Err(no_product());
        }
        let mut names: BTreeSet<String> = self
            .list_connections(actor)
            .await?
            .iter()
            .map(|connection| folding::fold(&connection.name))
            .collect();
        let mut seen = BTreeSet::new();
        let mut forms = Vec::with_capacity(input.products.len());
        for product in &input.products {
            if !suite.products.contains(&product.provider) || !seen.insert(&product.provider) {
                return Err(products_error(format!(
                    "`{}` is no product of {}, or is named twice; there are {}",
                    product.provider,
                    suite.title,
                    suite.products.join(", ")
                )));
            }
            let connector = self.connector(&product.provider)?;
            let mut form = form_of(connector.manifest(), product, &input);
            if form.name.trim().is_empty() {
                form.name = free_name(&connector.manifest().title, &names);
            }
            names.insert(folding::fold(&form.name));
            // Once somebody has signed in, nothing of it is thrown away.
            form.untested = !forms.is_empty();
            forms.push(form);
        }
        Ok(forms)
    }

    /// Fails with everything that is wrong with any of the forms; a field of one product alone
    /// is named `provider.field`.
    async fn refuse_wrong_forms(&self, actor: &Actor, forms: &[ConnectionInput]) -> Result<()> {
        let mut wrong: Vec<FieldError> = Vec::new();
        for form in forms {
            let Err(error) = self.ready(actor, form.clone()).await else {
                continue;
            };
            if error.fields().is_empty() {
                return Err(error);
            }
            for field in error.fields() {
                let is_told = wrong.iter().any(|told| told.field == field.field);
                if !is_told {
                    wrong.push(FieldError {
                        field: field.field.clone(),
                        message: field.message.clone(),
                    });
                }
            }
        }
        if wrong.is_empty() {
            return Ok(());
        }
        Err(Error::with_fields(Code::ConnectionSettingsInvalid, wrong))
    }

    /// Takes out what works only once, and was used by another product.
    fn take_codes_out(&self, form: &mut ConnectionInput) {
        if let Some(connector) = self.connectors().get(&form.provider) {
            let manifest = connector.manifest();
            let is_code = |name: &str| manifest.credential(name).is_some_and(|it| it.one_time);
            form.credentials.retain(|name, _| !is_code(name));
        }
    }

    pub(super) async fn refresh_token_of(
        &self,
        actor: &Actor,
        id: ConnectionId,
    ) -> Result<Option<SecretString>> {
        let organization = actor.organization();
        let key = self.data_key(organization).await?;
        let token = self
            .open_credential(&key, organization, id, REFRESH_TOKEN)
            .await?;
        Ok(token.filter(|token| !token.expose_secret().is_empty()))
    }

    /// The other connections that a sign-in to this one can cover: of the same suite, by the same
    /// app at the same place, and by a redirect. Each with whether it waits to be signed in to.
    pub async fn companions(
        &self,
        actor: &Actor,
        id: ConnectionId,
    ) -> Result<Vec<(Connection, bool)>> {
        actor.require(Role::Admin)?;
        let connection = self.connection(actor, id).await?;
        let Some((suite, place)) = self.consent_place(actor, &connection).await? else {
            return Ok(Vec::new());
        };
        let mut companions = Vec::new();
        for other in self.list_connections(actor).await? {
            if other.id == id {
                continue;
            }
            let there = self.consent_place(actor, &other).await?;
            if there.as_ref() == Some(&(suite.clone(), place.clone())) {
                let waits = other.health.code == Some(Code::ConnectionUnauthorized);
                companions.push((other, waits));
            }
        }
        Ok(companions)
    }

    /// The suite of a connection that is signed in to by a redirect, and where by which app.
    async fn consent_place(
        &self,
        actor: &Actor,
        connection: &Connection,
    ) -> Result<Option<(String, String)>> {
        let Some(connector) = self.connectors().get(&connection.provider) else {
            return Ok(None);
        };
        let manifest = connector.manifest();
        let way: &SignIn = manifest.sign_in_of(&connection.settings);
        let (Some(suite), Some(_)) = (&manifest.suite, way.authorize()) else {
            return Ok(None);
        };
        let opened = self.open(actor.organization(), connection).await?;
        let nothing = Consent {
            redirect_uri: String::new(),
            state: String::new(),
            challenge: String::new(),
            more_scopes: Vec::new(),
        };
        let Ok(mut url) = opened.connector.consent(&opened.access(), &nothing) else {
            return Ok(None);
        };
        let client = url.query_pairs().find(|(name, _)| name == "client_id");
        let client = client.map(|(_, value)| value.into_owned());
        url.set_query(client.as_deref());
        Ok(Some((suite.name.clone(), url.into())))
    }

    /// Signs companions in with the token that one consent brought. One that does not take it
    /// says so by its health.
    pub(super) async fn sign_in_companions(
        &self,
        actor: &Actor,
        from: ConnectionId,
        companions: &[ConnectionId],
    ) -> Result<Vec<Connection>> {
        let Some(token) = self.refresh_token_of(actor, from).await? else {
            return Ok(Vec::new());
        };
        let mut signed_in = Vec::with_capacity(companions.len());
        for id in companions {
            let connection = self.connection(actor, *id).await?;
            let input = ConnectionInput {
                existing: Some((*id, connection.version)),
                provider: connection.provider.clone(),
                name: connection.name.clone(),
                environment: None,
                settings: connection.settings.clone(),
                credentials: [(REFRESH_TOKEN.to_owned(), token.clone())].into(),
                untested: true,
            };
            if let Err(error) = self.save_connection(actor, input).await {
                if error.kind() == Kind::Internal {
                    return Err(error);
                }
                let health = Health::because(
                    ConnectionState::Broken,
                    self.now(),
                    error.code(),
                    error.detail().to_owned(),
                );
                self.note(actor.organization(), *id, &health, None).await?;
            }
            signed_in.push(self.connection(actor, *id).await?);
        }
        Ok(signed_in)
    }
}

/// The form of one product: of what is common, what its manifest knows.
fn form_of(manifest: &Manifest, product: &SuiteProduct, input: &SuiteInput) -> ConnectionInput {
    let common = input.settings.iter();
    let mut settings: BTreeMap<_, _> = common
        .filter(|(name, _)| manifest.setting(name).is_some())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    settings.extend(product.settings.clone());
    let credentials = input
        .credentials
        .iter()
        .filter(|(name, _)| manifest.credential(name).is_some() && !name.starts_with(OWN))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    ConnectionInput {
        existing: None,
        provider: manifest.provider.clone(),
        name: product.name.clone(),
        environment: input.environment,
        settings,
        credentials,
        untested: false,
    }
}

/// The title, or the title and the first number with which nothing else is called so. Of one
/// more name than there are one is free.
fn free_name(title: &str, taken: &BTreeSet<String>) -> String {
    let numbered = (2..=taken.len() + 1).map(|number| format!("{title} {number}"));
    std::iter::once(title.to_owned())
        .chain(numbered)
        .find(|name| !taken.contains(&folding::fold(name)))
        .unwrap_or_else(|| title.to_owned())
}

fn no_product() -> Error {
    products_error("choose one product or more".to_owned())
}

fn products_error(message: String) -> Error {
    Error::field(Code::ConnectionSettingsInvalid, PRODUCTS, message)
}
