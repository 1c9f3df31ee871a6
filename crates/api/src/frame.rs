//! What surrounds every request: its id, its line in the log, its deadline, and the rendering of
//! failures.
//!
//! The log gets method, path, status and duration under the request's id; never a query, a
//! header or a body. A write that has begun is carried to its end even when its client hangs up:
//! it goes on in a task of its own.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use counterpart_model::Code;
use counterpart_service::Service;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::ORGANIZATIONS;
use crate::failure::Failure;
use crate::problem::MEDIA_TYPE;
use crate::version::located;

/// The header of the request's id, in and out.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How long an answer may take to begin.
const DEADLINE: Duration = Duration::from_mins(1);
/// The longest id that is taken over from a request.
const LONGEST_ID: usize = 128;

/// Frames a request.
pub(crate) async fn frame(
    State(service): State<Service>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let id = request_id(request.headers()).unwrap_or_else(|| new_request_id(&service));
    let span = tracing::info_span!(
        "request",
        id,
        method = %request.method(),
        path = request.uri().path()
    );
    async move {
        let path = request.uri().path().to_owned();
        let response = waiting_or_same(answered(request, next).await, &path);
        let response = rendered(response, &id);
        tracing::info!(
            status = response.status().as_u16(),
            milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            "answered"
        );
        response
    }
    .instrument(span)
    .await
}

/// The answer, or the failure that there is none.
async fn answered(request: Request, next: Next) -> Response {
    let is_write = !request.method().is_safe();
    let deadline = deadline_of(&request);
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    let answer: BoxFuture<'_, _> = if is_write {
        tokio::spawn(answer.in_current_span())
            .map(|joined| joined.unwrap_or_else(|error| Err(Box::new(error))))
            .boxed()
    } else {
        answer.boxed()
    };
    let ended = match deadline {
        Some(deadline) => tokio::time::timeout(deadline, answer).await,
        None => Ok(answer.await),
    };
    match ended {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Failure::internal("the handler panicked").into_response(),
        Err(_) => too_late(is_write).into_response(),
    }
}

/// How long the request's answer may take; `None` for waiting on a sync, which takes as long as
/// the CRM does.
fn deadline_of(request: &Request) -> Option<Duration> {
    let route = request.extensions().get::<MatchedPath>();
    let waits_for_crm = route.is_some_and(|route| route.as_str().ends_with("/sync"));
    (!waits_for_crm).then_some(DEADLINE)
}

fn too_late(is_write: bool) -> Failure {
    let seconds = DEADLINE.as_secs();
    let detail = if is_write {
        format!(
            "there was no answer within {seconds} s; what was begun goes on: look at what stands \
             there before you send it again"
        )
    } else {
        format!("there was no answer within {seconds} s")
    };
    Failure::new(StatusCode::SERVICE_UNAVAILABLE, Code::StoreBusy, detail)
}

/// The address of a change that waits for a second person, for whoever wanted it to be made.
fn waiting_or_same(mut response: Response, path: &str) -> Response {
    let extensions = response.extensions_mut();
    let waiting = extensions
        .get_mut::<Failure>()
        .and_then(|failure| failure.waiting.take());
    let organization = path
        .strip_prefix(ORGANIZATIONS)
        .and_then(|rest| rest.split('/').nth(1));
    match waiting.zip(organization) {
        Some((waiting, organization)) => {
            let location = format!("{ORGANIZATIONS}/{organization}/{}", waiting.place());
            located(StatusCode::ACCEPTED, &location, Json(*waiting))
        }
        None => response,
    }
}

/// The response with its id, and with its failure as a problem if it is one.
fn rendered(mut response: Response, id: &str) -> Response {
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        note(&failure);
        let mut problem = *failure.problem;
        problem.instance = Some(id.to_owned());
        let retry_after = problem.retry_after;
        let (mut parts, _) = response.into_parts();
        let body = Json(problem).into_response().into_body();
        parts.headers.remove(header::CONTENT_LENGTH);
        parts
            .headers
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = retry_after {
            parts.headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response = Response::from_parts(parts, body);
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

fn note(failure: &Failure) {
    let problem = &failure.problem;
    let cause = failure.cause.as_deref().unwrap_or_default();
    if problem.status >= StatusCode::INTERNAL_SERVER_ERROR.as_u16() {
        tracing::error!(
            code = problem.code,
            detail = problem.detail,
            cause,
            "failed"
        );
    } else {
        tracing::debug!(code = problem.code, cause, "refused");
    }
}

/// The id that the request brings along, if it is one that can stand in a log.
fn request_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(REQUEST_ID)?.to_str().ok()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(&byte);
    let is_id = (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(is_plain);
    is_id.then(|| text.to_owned())
}

/// A new id: when the request came, and how many came before it in this process.
fn new_request_id(service: &Service) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{:x}-{count:x}", service.now().as_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt as _;

    /// A route of one handler, framed.
    fn framed<T: 'static>(handler: impl axum::handler::Handler<T, ()>) -> axum::Router {
        let routes = get(handler.clone()).post(handler);
        let frame = from_fn(async |request, next| rendered(answered(request, next).await, "7"));
        axum::Router::new().route("/", routes).layer(frame)
    }

    fn request(method: axum::http::Method) -> Request {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        request
    }

    async fn text(response: Response) -> String {
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
        String::from_utf8(body.expect("a body").to_vec()).expect("text")
    }

    async fn panicking() {
        panic!("planted secret");
    }

    #[tokio::test]
    async fn a_panic_is_a_500_that_tells_nothing_but_the_request() {
        for method in [axum::http::Method::GET, axum::http::Method::POST] {
            let response = framed(panicking).oneshot(request(method)).await;
            let response = response.expect("an answer");
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            let text = text(response).await;
            assert!(text.contains("\"instance\":\"7\""), "{text}");
            assert!(!text.contains("planted"), "{text}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_does_not_come_ends_as_a_problem() {
        let router = framed(async || std::future::pending::<()>().await);
        let response = router.oneshot(request(axum::http::Method::GET)).await;
        let response = response.expect("an answer");
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::CONTENT_TYPE], MEDIA_TYPE);
    }

    #[tokio::test]
    async fn a_write_goes_on_when_its_client_hangs_up() {
        let (begun, mut has_begun) = tokio::sync::mpsc::channel::<()>(1);
        let (go_on, may_go_on) = tokio::sync::watch::channel(false);
        let (done, mut is_done) = tokio::sync::mpsc::channel::<()>(1);
        let router = framed(async move || {
            begun.send(()).await.expect("somebody waits");
            let mut may_go_on = may_go_on.clone();
            may_go_on.wait_for(|go| *go).await.expect("told to go on");
            done.send(()).await.expect("somebody waits");
        });
        let call = tokio::spawn(router.oneshot(request(axum::http::Method::POST)));
        has_begun.recv().await.expect("it began");
        call.abort();
        assert!(call.await.is_err(), "the client hung up");
        go_on.send(true).expect("it still runs");
        assert_eq!(is_done.recv().await, Some(()));
    }

    #[test]
    fn an_id_that_could_forge_a_log_line_is_not_taken_over() {
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, HeaderValue::from_static("edge-42.7"));
        assert_eq!(request_id(&headers).as_deref(), Some("edge-42.7"));
        for forged in ["", "a b", "a\tINFO"] {
            headers.insert(REQUEST_ID, HeaderValue::from_str(forged).expect("a header"));
            assert_eq!(request_id(&headers), None, "{forged:?}");
        }
    }
}
