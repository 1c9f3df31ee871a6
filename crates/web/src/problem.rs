//! What went wrong, as a page: what happened, to which thing, what to do, and a code to look up.

use std::sync::Arc;

use askama::Template;
use axum::extract::Request;
use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use counterpart_model::Code;
use counterpart_service::{Error, Kind};

use crate::request::{address, no_page, wants_fragment};
use crate::shell::go;
use crate::words::sentence;

/// What a handler answers.
pub(crate) type Answer = Result<Response, Problem>;

/// Why a handler has no page. Turned into one by [`render`], which knows who asked and how.
#[derive(Debug)]
pub(crate) struct Problem(Arc<Error>);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(Arc::new(error))
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        Error::internal(error).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = status(&self.0).into_response();
        response.extensions_mut().insert(Cause(self.0));
        response
    }
}

/// Rides in a response until [`render`] reads it.
#[derive(Clone)]
struct Cause(Arc<Error>);

/// What an error means in HTTP.
pub(crate) fn status(error: &Error) -> StatusCode {
    match error.kind() {
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Throttled => StatusCode::TOO_MANY_REQUESTS,
        Kind::Upstream => StatusCode::BAD_GATEWAY,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Waiting => StatusCode::ACCEPTED,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// An error as templates show it.
#[derive(Debug, Clone)]
pub(crate) struct ProblemView {
    pub(crate) code: &'static str,
    pub(crate) title: String,
    pub(crate) detail: String,
    pub(crate) remedy: &'static str,
}

impl From<&Error> for ProblemView {
    fn from(error: &Error) -> Self {
        Self::of(error.code(), error.detail())
    }
}

impl ProblemView {
    /// A code with what happened this time.
    pub(crate) fn of(code: Code, detail: &str) -> Self {
        Self {
            code: code.as_str(),
            title: sentence(code.title()),
            detail: if detail == code.title() {
                String::new()
            } else {
                sentence(detail)
            },
            remedy: code.remedy(),
        }
    }
}

#[derive(Template)]
#[template(path = "problem/page.html")]
struct Page<'a> {
    problem: ProblemView,
    back: Option<&'a str>,
    request: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "problem/fragment.html")]
struct Fragment {
    problem: ProblemView,
}

/// Nothing else is at this address.
pub(crate) async fn no_such_page(uri: Uri) -> Problem {
    no_page(uri.path()).into()
}

/// Turns problems into pages, or into a message for a script.
pub(crate) async fn render(request: Request, next: Next) -> Response {
    let fragment = wants_fragment(request.headers());
    let reading = *request.method() == Method::GET;
    let uri = request.uri().clone();
    let request_id = request.headers().get("x-request-id").cloned();
    let mut response = next.run(request).await;
    let Some(Cause(error)) = response.extensions_mut().remove::<Cause>() else {
        return response;
    };
    if let Some(cause) = error.cause() {
        tracing::error!(code = %error.code(), %cause, path = uri.path(), "request failed");
    }
    if error.code() == Code::AuthRequired {
        return to_sign_in(&uri, reading && !fragment, fragment);
    }
    if let Some(pending) = error.waiting() {
        return to_waiting(&uri, pending.number, fragment);
    }
    let mut answer = rendered(&error, &uri, fragment, request_id.as_ref());
    if let Some(wait) = error.wait() {
        answer
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    }
    answer
}

fn rendered(
    error: &Error,
    uri: &Uri,
    fragment: bool,
    request_id: Option<&HeaderValue>,
) -> Response {
    let problem = ProblemView::from(error);
    let html = if fragment {
        Fragment { problem }.render()
    } else {
        let back = organization(uri);
        let request = request_id.and_then(|id| id.to_str().ok());
        Page {
            problem,
            back,
            request,
        }
        .render()
    };
    let Ok(html) = html else {
        return status(error).into_response();
    };
    let mut answer = (status(error), Html(html)).into_response();
    if fragment {
        let headers = answer.headers_mut();
        headers.insert("hx-retarget", HeaderValue::from_static("#toast"));
        headers.insert("hx-reswap", HeaderValue::from_static("innerHTML"));
    }
    answer
}

/// The address of the organization in which somebody is.
fn organization(uri: &Uri) -> Option<&str> {
    uri.path().get(..39).filter(|path| path.starts_with("/o/"))
}

/// Sends whoever wanted a change that has to wait to where it waits.
fn to_waiting(uri: &Uri, number: u64, fragment: bool) -> Response {
    let organization = organization(uri).unwrap_or_default();
    let path = format!("{organization}/changes/waiting/{number}?kept=true");
    match go(&path, fragment) {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

/// Sends whoever is not signed in to the sign-in, and from there back to where they were going.
fn to_sign_in(uri: &Uri, come_back: bool, fragment: bool) -> Response {
    let here = uri.path_and_query().map_or("/", |path| path.as_str());
    let wanted = if come_back && here != "/" { here } else { "" };
    let location = address("/sign-in", &[("next", wanted)]);
    let Ok(location) = HeaderValue::from_str(&location) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    if fragment {
        (StatusCode::UNAUTHORIZED, [("hx-redirect", location)]).into_response()
    } else {
        (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
    }
}
