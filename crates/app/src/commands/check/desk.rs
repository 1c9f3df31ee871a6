//! Who makes the checks: this program on its data folder, or a running server.

use counterpart_model::{Code, ConnectionId, PersonId};
use counterpart_service::checks::PersonCheck;
use counterpart_service::{Actor, Error, Result, Service};
use serde::Deserialize;
use serde_json::json;

use super::shown::{Findings, ShownCheck};
use crate::cli::Global;
use crate::remote::Remote;
use crate::wiring;

/// Makes checks in one organization.
pub(crate) enum Desk {
    /// This program.
    Here { service: Service, actor: Actor },
    /// A running server.
    There(Remote),
}

/// A connection.
pub(crate) struct Place {
    pub(crate) id: String,
    pub(crate) name: String,
}

#[derive(Deserialize)]
struct People {
    items: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
    display_name: String,
    external_id: Option<String>,
    emails: Vec<String>,
    extension: Option<String>,
}

impl Named {
    fn is_called(&self, text: &str) -> bool {
        let same = |known: &str| {
            counterpart_model::folding::fold(known) == counterpart_model::folding::fold(text)
        };
        self.id == text
            || same(&self.display_name)
            || self.external_id.as_deref() == Some(text)
            || self.extension.as_deref() == Some(text)
            || self.emails.iter().any(|address| same(address))
    }
}

impl Desk {
    /// The desk that the command line names.
    pub(crate) async fn open(global: &Global) -> Result<Self> {
        if let Some(remote) = Remote::of(global).await? {
            return Ok(Self::There(remote));
        }
        let service = wiring::service(global).await?;
        let actor = service.operator_in(global.organization.as_deref()).await?;
        Ok(Self::Here { service, actor })
    }

    /// Every connection.
    pub(crate) async fn places(&self) -> Result<Vec<Place>> {
        match self {
            Self::Here { service, actor } => {
                let all = service.list_connections(actor).await?;
                let places = all.into_iter().map(|connection| Place {
                    id: connection.id.to_string(),
                    name: connection.name,
                });
                Ok(places.collect())
            }
            Self::There(remote) => {
                let all = remote.connections().await?;
                Ok(all
                    .into_iter()
                    .map(|(id, name)| Place { id, name })
                    .collect())
            }
        }
    }

    /// The connection of a name or id.
    pub(crate) async fn place(&self, name: &str) -> Result<Place> {
        match self {
            Self::Here { service, actor } => {
                let connection = service.connection_named(actor, name).await?;
                Ok(Place {
                    id: connection.id.to_string(),
                    name: connection.name,
                })
            }
            Self::There(remote) => Ok(Place {
                id: remote.connection(name).await?,
                name: name.to_owned(),
            }),
        }
    }

    /// The id of the person whom a text names.
    pub(crate) async fn person(&self, text: &str) -> Result<String> {
        match self {
            Self::Here { service, actor } => {
                Ok(service.person_named(actor, text).await?.id.to_string())
            }
            Self::There(remote) => {
                let found: People = remote.get("people", &[("search", text)]).await?;
                let mut fitting = found.items.iter().filter(|it| it.is_called(text));
                match (fitting.next(), fitting.next()) {
                    (Some(person), None) => Ok(person.id.clone()),
                    (None, _) => Err(Error::new(
                        Code::PersonNotFound,
                        format!("nobody is called `{text}`"),
                    )),
                    (Some(_), Some(_)) => Err(Error::new(
                        Code::PersonNotFound,
                        format!(
                            "several people fit `{text}`; use an e-mail address or external id"
                        ),
                    )),
                }
            }
        }
    }

    /// Checks a connection.
    pub(crate) async fn check(&self, place: &Place) -> Result<ShownCheck> {
        match self {
            Self::Here { service, actor } => {
                let id = connection_id(place)?;
                Ok(service.check_system(actor, id).await?.into())
            }
            Self::There(remote) => remote.post(&check_path(place), &json!({})).await,
        }
    }

    /// Checks a person's account in a connection.
    pub(crate) async fn check_person(
        &self,
        place: &Place,
        person: &str,
        canary: bool,
    ) -> Result<ShownCheck> {
        match self {
            Self::Here { service, actor } => {
                let person_id: PersonId = person.parse().map_err(Error::internal)?;
                let wanted = PersonCheck {
                    connection_id: connection_id(place)?,
                    person_id,
                    canary,
                };
                Ok(service.check_person(actor, wanted).await?.into())
            }
            Self::There(remote) => {
                let wanted = json!({"person_id": person, "canary": canary});
                remote.post(&check_path(place), &wanted).await
            }
        }
    }

    /// Says why somebody is not among a connection's users.
    pub(crate) async fn explain_absence(&self, place: &Place, user: &str) -> Result<Findings> {
        match self {
            Self::Here { service, actor } => {
                let id = connection_id(place)?;
                Ok(service.explain_absence(actor, id, user).await?.into())
            }
            Self::There(remote) => {
                let path = format!("connections/{}/explain-absence", place.id);
                remote.post(&path, &json!({"user": user})).await
            }
        }
    }

    /// Looks for the usual troubles.
    pub(crate) async fn troubles(&self) -> Result<Findings> {
        match self {
            Self::Here { service, actor } => Ok(service.find_troubles(actor).await?.into()),
            Self::There(remote) => remote.get("troubles", &[]).await,
        }
    }
}

fn check_path(place: &Place) -> String {
    format!("connections/{}/system-check", place.id)
}

fn connection_id(place: &Place) -> Result<ConnectionId> {
    place.id.parse().map_err(Error::internal)
}
