//! Who calls: the token in the `Authorization` header (RFC 6750), in the organization of the
//! path.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use counterpart_model::{Code, OrganizationId};
use counterpart_service::{Actor, Error, Service};
use secrecy::SecretString;

use crate::failure::Failure;

/// A caller whose token is valid and belongs to the organization of the path, if the path names
/// one.
pub(crate) struct Caller {
    /// The use cases.
    pub(crate) service: Service,
    /// As whom to call them.
    pub(crate) actor: Actor,
}

impl Caller {
    /// An address below the caller's organization.
    pub(crate) fn address(&self, below: &str) -> String {
        format!(
            "{}/{}/{below}",
            crate::ORGANIZATIONS,
            self.actor.organization()
        )
    }
}

impl FromRequestParts<Service> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Failure> {
        let token = bearer(&parts.headers)?;
        let actor = service.actor_of_token(&token).await?;
        let path = RawPathParams::from_request_parts(parts, service)
            .await
            .map_err(|rejection| Failure::malformed(rejection.body_text()))?;
        let named = path.iter().find(|(name, _)| *name == "organization_id");
        if let Some((_, text)) = named
            && text.parse() != Ok(actor.organization())
        {
            return Err(no_organization(text).into());
        }
        Ok(Self {
            service: service.clone(),
            actor,
        })
    }
}

/// An organization that is not the token's does not exist for it.
fn no_organization(text: &str) -> Error {
    let detail = match text.parse::<OrganizationId>() {
        Ok(id) => format!("the token belongs to no organization {id}"),
        Err(error) => error.to_string(),
    };
    Error::new(Code::OrganizationNotFound, detail)
}

fn bearer(headers: &HeaderMap) -> Result<SecretString, Failure> {
    let value = headers.get(header::AUTHORIZATION).ok_or_else(|| {
        Failure::unauthenticated("the request carries no token; send `Authorization: Bearer cpt_…`")
    })?;
    value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .filter(|token| !token.is_empty())
        .map(SecretString::from)
        .ok_or_else(|| {
            Failure::unauthenticated(
                "the Authorization header holds no bearer token; send `Authorization: Bearer cpt_…`",
            )
        })
}
