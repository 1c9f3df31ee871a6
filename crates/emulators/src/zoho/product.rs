//! A product built on the CRM's record API: what differs between them, and who answers what.

use axum::http::{Method, StatusCode};

use super::errors::{self, ApiError};
use super::modules::Module;
use super::scopes::Need;
use super::{Estate, Product, find, list, notes, organization, users, watch, write};
use crate::answer::{Answer, ApiRequest};
use crate::control::{Happening, SentWebhook};
use crate::core::Refusal;
use crate::faults::Place;

/// What differs between the products.
#[derive(Debug)]
pub(crate) struct CrmProduct {
    /// The first part of its paths, and its name.
    pub(crate) path: &'static str,
    /// Its versions, oldest first.
    pub(crate) versions: &'static [&'static str],
    /// What its scopes begin with.
    pub(crate) scope: &'static str,
    /// Its modules.
    pub(crate) modules: &'static [Module],
    /// What `org` says the organization's type is.
    pub(crate) org_type: &'static str,
    /// The first version that demands `fields` of a list and pages by token beyond 2,000 records.
    pub(crate) strict_from: Option<&'static str>,
    /// Whether an outbound call must say how it ended.
    pub(crate) outbound_status: bool,
}

/// A request to a product: which version, and the path below it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) product: &'a CrmProduct,
    pub(crate) estate: &'a Estate,
    pub(crate) request: &'a ApiRequest,
    pub(crate) version: &'a str,
}

impl Call<'_> {
    /// Whether this version demands `fields` and has page tokens.
    pub(crate) fn is_strict(&self) -> bool {
        let at = |version: &str| {
            let mut all = self.product.versions.iter();
            all.position(|own| *own == version)
        };
        self.product
            .strict_from
            .is_some_and(|from| at(self.version) >= at(from))
    }

    /// The kind of the records of a module.
    pub(crate) fn kind(&self, module: &Module) -> String {
        self.estate.kind(self.product.path, module.api_name)
    }

    /// The id that a path names: with `X-EXTERNAL: Module.Field` it is that field's value.
    pub(crate) fn own_id(&self, module: &Module, named: &str) -> Result<String, ApiError> {
        let Some(header) = self.request.header("x-external") else {
            return Ok(named.to_owned());
        };
        let field = header
            .strip_prefix(module.api_name)
            .and_then(|rest| rest.strip_prefix('.'))
            .filter(|name| module.field(name).is_some_and(|field| field.own_key))
            .ok_or_else(|| ApiError::invalid_data("X-EXTERNAL", "external field"))?;
        let decoded = decoded(named);
        let id = write::holder(self, module, field, &serde_json::json!(decoded));
        Ok(id.unwrap_or_default())
    }

    /// The JSON body.
    pub(crate) fn body(&self) -> Result<serde_json::Value, ApiError> {
        serde_json::from_slice(&self.request.body).map_err(|_| ApiError::unreadable())
    }
}

impl CrmProduct {
    /// The module of this name; the case counts.
    pub(crate) fn module(&self, name: &str) -> Result<&Module, ApiError> {
        let found = self.modules.iter().find(|module| module.api_name == name);
        found.ok_or_else(ApiError::invalid_module)
    }

    /// The version and what is below it.
    fn below<'a, 'b>(&self, segments: &'b [&'a str]) -> Option<(&'a str, &'b [&'a str])> {
        match segments {
            [first, version, rest @ ..]
                if *first == self.path && self.versions.contains(version) =>
            {
                Some((version, rest))
            }
            _ => None,
        }
    }

    /// What a path needs; a module's operation can be allowed for the module or for all.
    fn needs(&self, request: &ApiRequest, rest: &[&str]) -> Result<Vec<Need>, ApiError> {
        let own = |area: &str| format!("{}.{area}", self.scope);
        let operation = match *rest {
            [_, "upsert"] => "CREATE",
            _ => match request.method {
                Method::POST => "CREATE",
                Method::PUT | Method::PATCH => "UPDATE",
                Method::DELETE => "DELETE",
                _ => "READ",
            },
        };
        Ok(match rest {
            ["users"] | ["users", _] => vec![Need::one(own("users.READ"))],
            ["org"] => vec![Need::one(own("org.READ"))],
            [
                "settings",
                area @ ("roles" | "profiles" | "modules" | "fields"),
                ..,
            ] => {
                vec![Need::any([
                    own("settings.READ"),
                    own(&format!("settings.{area}.READ")),
                ])]
            }
            ["__features", "user_licenses"] => {
                vec![Need::any([own("users.READ"), own("settings.READ")])]
            }
            ["actions", "watch"] => vec![Need::one(own(&format!("notifications.{operation}")))],
            ["users" | "org" | "settings" | "__features" | "actions", ..] | [] => {
                return Err(ApiError::url_pattern());
            }
            [name, ..] => {
                let module = match rest {
                    [_, _, related] => self.module(related)?,
                    _ => self.module(name)?,
                };
                let area = module.api_name;
                let mut needs = vec![Need::any([
                    own(&format!("modules.{operation}")),
                    own(&format!("modules.{area}.{operation}")),
                ])];
                if rest.get(1) == Some(&"search") {
                    needs.push(Need::one("ZohoSearch.securesearch.READ"));
                }
                needs
            }
        })
    }

    fn respond(&self, call: Call<'_>, rest: &[&str]) -> Result<Answer, ApiError> {
        let Estate { core, grants, .. } = call.estate;
        let request = call.request;
        grants.check(core, request, &self.needs(request, rest)?)?;
        if !core.spend() {
            return Ok(errors::refuse(Refusal::QuotaExhausted));
        }
        let method = &request.method;
        let (get, post) = (*method == Method::GET, *method == Method::POST);
        let (put, delete) = (*method == Method::PUT, *method == Method::DELETE);
        match rest {
            ["users"] if get => users::list(core, request),
            ["users", id] if get => Ok(users::one(core, id)),
            ["org"] | ["settings" | "__features", ..] if get => organization::answer(&call, rest),
            ["actions", "watch"] => watch::answer(&call),
            [_, "upsert"] if post => write::upsert(&call, self.module(rest[0])?),
            [_, "search"] if get => find::search(&call, self.module(rest[0])?),
            [_, "deleted"] if get => Ok(Answer::empty(StatusCode::NO_CONTENT)),
            [name] if get => list::list(&call, self.module(name)?),
            [name] if post => write::create(&call, self.module(name)?),
            [name] if put => write::update_many(&call, self.module(name)?),
            [name, id] if get => list::one(&call, self.module(name)?, id),
            [name, id] if put => write::update(&call, self.module(name)?, id),
            [name, id] if delete => write::delete(&call, self.module(name)?, id),
            [name, id, "Notes"] if get || post => notes::of(&call, self.module(name)?, id),
            [_, _, _, ..] => Err(ApiError::url_pattern()),
            _ => Err(ApiError::method()),
        }
    }
}

impl Product for CrmProduct {
    fn name(&self) -> &'static str {
        self.path
    }

    fn place(&self, _estate: &Estate, request: &ApiRequest) -> Option<Place> {
        let segments = request.segments();
        let (_, rest) = self.below(&segments)?;
        Some(match rest {
            _ if request.method != Method::GET => Place::Write,
            ["users"] if request.parameter("type") != Some("CurrentUser") => {
                let page = request.parameter("page").and_then(|page| page.parse().ok());
                Place::Users {
                    page: page.unwrap_or(1),
                }
            }
            _ => Place::Other,
        })
    }

    fn answer(&self, estate: &Estate, request: &ApiRequest) -> Option<Answer> {
        let segments = request.segments();
        let (version, rest) = self.below(&segments)?;
        let call = Call {
            product: self,
            estate,
            request,
            version,
        };
        let answer = self
            .respond(call, rest)
            .unwrap_or_else(|error| error.answer());
        let quota = estate.core.quota();
        // The header appears once half of the credits are gone, not before.
        if quota.used * 2 >= quota.limit {
            let left = quota.limit.saturating_sub(quota.used).to_string();
            return Some(answer.with("x-api-credits-remaining", &left));
        }
        Some(answer)
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        errors::refuse(refusal)
    }

    fn webhook(
        &self,
        estate: &Estate,
        what: &Happening,
        url: &str,
        secret: &str,
    ) -> Option<SentWebhook> {
        watch::callback(self, estate, what, url, secret)
    }
}

/// A part of a path without its percent-encoding.
fn decoded(part: &str) -> String {
    // A form's `+` is a space, a path's is itself.
    let form = part.replace('+', "%2B");
    let pairs = crate::answer::pairs(form.as_bytes());
    pairs
        .into_iter()
        .next()
        .map(|(name, _)| name)
        .unwrap_or_default()
}
