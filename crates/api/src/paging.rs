//! Pages of lists: `?limit=&after=` in, `{items, next}` and a `Link` header (RFC 8288) out.

use axum::Json;
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use counterpart_model::paging::LARGEST_PAGE;
use counterpart_model::{Cursor, Page, PageRequest};
use serde::Serialize;
use url::form_urlencoded;
use utoipa::{IntoParams, ToSchema};

use crate::failure::Failure;

/// How many items a page has when nothing is said.
const USUAL_PAGE: u32 = 100;

/// The paging parameters of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameters that `Paging` reads")]
pub(crate) struct PagingParams {
    /// How many items at most, 1 to 1000; 100 when nothing is said.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
    /// Where to go on: the `next` of the page before. Opaque.
    after: Option<String>,
}

/// Which page is wanted, and of which list.
#[derive(Debug)]
pub(crate) struct Paging {
    /// The page.
    pub(crate) request: PageRequest,
    path: String,
    query: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Paging {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let uri = parts
            .extensions
            .get::<OriginalUri>()
            .map_or(&parts.uri, |original| &original.0);
        let query = uri.query().unwrap_or_default();
        let mut after = None;
        let mut limit = USUAL_PAGE;
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "after" if !value.is_empty() => after = Some(Cursor(value.into_owned())),
                "limit" => {
                    limit = value
                        .parse()
                        .ok()
                        .filter(|limit| (1..=LARGEST_PAGE).contains(limit))
                        .ok_or_else(|| {
                            Failure::malformed(format!(
                                "limit: `{value}` is no number from 1 to {LARGEST_PAGE}"
                            ))
                        })?;
                }
                _ => {}
            }
        }
        Ok(Self {
            request: PageRequest::new(after, limit),
            path: uri.path().to_owned(),
            query: query.to_owned(),
        })
    }
}

impl Paging {
    /// The answer that `page` is.
    pub(crate) fn answer<T, U: From<T>>(&self, page: Page<T>) -> Listed<U> {
        let next = page.next.map(|cursor| cursor.0);
        let link = next.as_ref().map(|next| self.link_to(next));
        Listed {
            body: PageOf {
                items: page.items.into_iter().map(U::from).collect(),
                next,
            },
            link,
        }
    }

    /// The header that leads to what lies behind `next`.
    pub(crate) fn link(&self, next: &str) -> Option<(header::HeaderName, HeaderValue)> {
        Some((header::LINK, link_header(&self.link_to(next))?))
    }

    /// The address of the page behind `next`.
    fn link_to(&self, next: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in form_urlencoded::parse(self.query.as_bytes()) {
            if name != "after" {
                query.append_pair(&name, &value);
            }
        }
        query.append_pair("after", next);
        format!("{}?{}", self.path, query.finish())
    }
}

fn link_header(address: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("<{address}>; rel=\"next\"")).ok()
}

/// The query without the parameters of paging.
pub(crate) fn without_paging(query: &str) -> String {
    let mut rest = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if name != "after" && name != "limit" {
            rest.append_pair(&name, &value);
        }
    }
    rest.finish()
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageOf<T> {
    /// The items, in the list's order.
    items: Vec<T>,
    /// What to send as `after` for the next page; `null` on the last one.
    next: Option<String>,
}

impl<T> PageOf<T> {
    /// Everything there is, on one page.
    pub(crate) fn all(items: impl IntoIterator<Item = T>) -> Self {
        Self {
            items: items.into_iter().collect(),
            next: None,
        }
    }
}

/// A page with the address of the next one.
pub(crate) struct Listed<T> {
    body: PageOf<T>,
    link: Option<String>,
}

impl<T> Listed<T> {
    /// The same page inside a larger body.
    pub(crate) fn inside<B>(self, body: impl FnOnce(PageOf<T>) -> B) -> Linked<B> {
        Linked {
            body: body(self.body),
            link: self.link,
        }
    }
}

impl<T: Serialize> IntoResponse for Listed<T> {
    fn into_response(self) -> Response {
        self.inside(|page| page).into_response()
    }
}

/// A body that holds a page, with the address of the next one.
pub(crate) struct Linked<B> {
    body: B,
    link: Option<String>,
}

impl<B: Serialize> IntoResponse for Linked<B> {
    fn into_response(self) -> Response {
        let link = self.link.as_deref().and_then(link_header);
        let mut response = Json(self.body).into_response();
        if let Some(link) = link {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}
