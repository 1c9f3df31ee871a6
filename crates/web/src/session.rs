//! Who is signed in, and in which organization.

use axum::extract::{FromRef, FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use counterpart_model::{Account, ChangeSetOrigin, Code, Organization, OrganizationId, Role};
use counterpart_service::{Actor, Error, Service};
use secrecy::{ExposeSecret as _, SecretString};

use crate::problem::Problem;
use crate::request::wants_fragment;
use crate::times::Times;
use crate::{App, PortalOptions};

/// The session's cookie over https: browsers accept it only with `Secure`, for this host alone.
const SECURE_COOKIE: &str = "__Host-counterpart";
/// The session's cookie over plain http.
const PLAIN_COOKIE: &str = "counterpart";
/// Which organization was looked at last. Holds no secret and proves nothing.
const LAST_COOKIE: &str = "counterpart-last";

/// The name of the session's cookie.
const fn cookie_name(options: &PortalOptions) -> &'static str {
    if options.secure_cookies {
        SECURE_COOKIE
    } else {
        PLAIN_COOKIE
    }
}

fn cookie(name: &'static str, value: String, options: &PortalOptions) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(options.secure_cookies)
        .build()
}

/// The cookie that opens a session.
pub(crate) fn opened(value: &SecretString, options: &PortalOptions) -> Cookie<'static> {
    cookie(
        cookie_name(options),
        value.expose_secret().to_owned(),
        options,
    )
}

/// The cookie that takes the session's away.
pub(crate) fn closed(options: &PortalOptions) -> Cookie<'static> {
    let mut cookie = cookie(cookie_name(options), String::new(), options);
    cookie.make_removal();
    cookie
}

/// The cookie that remembers the organization.
pub(crate) fn last(organization: OrganizationId, options: &PortalOptions) -> Cookie<'static> {
    cookie(LAST_COOKIE, organization.to_string(), options)
}

/// The organization that was looked at last, if the browser remembers one.
pub(crate) fn remembered(jar: &CookieJar) -> Option<OrganizationId> {
    jar.get(LAST_COOKIE)?.value().parse().ok()
}

/// The value of the session's cookie, if there is one.
pub(crate) fn presented(jar: &CookieJar, options: &PortalOptions) -> Option<SecretString> {
    jar.get(cookie_name(options))
        .map(Cookie::value)
        .filter(|value| !value.is_empty())
        .map(|value| value.to_owned().into())
}

/// Somebody who is signed in, in whatever organization.
pub(crate) struct SignedIn {
    pub(crate) service: Service,
    pub(crate) account: Account,
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let service = Service::from_ref(app);
        let jar = CookieJar::from_headers(&parts.headers);
        let account = match presented(&jar, &app.options) {
            Some(cookie) => service.account_of(&cookie).await?,
            None => None,
        };
        match account {
            Some(account) => Ok(Self { service, account }),
            None => Err(Error::new(Code::AuthRequired, "sign in to see this page").into()),
        }
    }
}

/// Somebody who is signed in and belongs to the organization in the address.
pub(crate) struct Portal {
    pub(crate) service: Service,
    pub(crate) actor: Actor,
    pub(crate) account: Account,
    pub(crate) organization: Organization,
    /// The organization's time zone.
    pub(crate) times: Times,
    /// Whether a script asks for a piece of a page.
    pub(crate) fragment: bool,
}

impl Portal {
    /// An address inside the organization; `rest` begins with a slash or is empty.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/o/{}{rest}", self.organization.id)
    }

    /// Whether whoever is signed in may change mappings, people and connections.
    pub(crate) fn may_edit(&self) -> bool {
        self.actor.role() >= Role::Admin
    }
}

impl FromRequestParts<App> for Portal {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let SignedIn { service, account } = SignedIn::from_request_parts(parts, app).await?;
        let path = RawPathParams::from_request_parts(parts, app).await.ok();
        let named = path.as_ref().and_then(|path| {
            path.iter()
                .find(|(name, _)| *name == "organization")
                .map(|(_, value)| value)
        });
        let organization = named.unwrap_or_default();
        let id: OrganizationId = organization.parse().map_err(|_| {
            Error::new(
                Code::OrganizationNotFound,
                format!("there is no organization {organization}"),
            )
        })?;
        let (actor, organization) = service
            .enter(account.id, id, ChangeSetOrigin::Portal)
            .await?;
        let times = Times::of(&organization);
        let fragment = wants_fragment(&parts.headers);
        Ok(Self {
            service,
            actor,
            account,
            organization,
            times,
            fragment,
        })
    }
}
