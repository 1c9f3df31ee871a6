//! Somebody who is signed in and opens pages.

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN, SET_COOKIE};
use axum::http::{HeaderValue, Request, Response, StatusCode};
use counterpart_model::OrganizationId;
use tower::ServiceExt as _;
use url::form_urlencoded;

/// Where the portal believes to be.
const AUTHORITY: &str = "portal.test";

/// An owner's browser.
pub(crate) struct Visitor {
    app: Router,
    organization: OrganizationId,
    cookie: HeaderValue,
}

impl Visitor {
    pub(crate) async fn signed_in(
        app: Router,
        organization: OrganizationId,
        email: &str,
        password: &str,
    ) -> Self {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("email", email)
            .append_pair("password", password)
            .finish();
        let request = Request::post("/sign-in")
            .header(HOST, AUTHORITY)
            .header(ORIGIN, format!("http://{AUTHORITY}"))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))
            .expect("a request");
        let response = send(&app, request).await;
        let cookie = response.headers().get(SET_COOKIE).expect("a session");
        let cookie = cookie.to_str().expect("text").split(';').next();
        let cookie = cookie.and_then(|pair| HeaderValue::from_str(pair).ok());
        Self {
            app,
            organization,
            cookie: cookie.expect("a cookie"),
        }
    }

    /// Opens a page of the organization; how long it took, to the last byte.
    pub(crate) async fn opens(&self, page: &str) -> Duration {
        let path = format!("/o/{}{page}", self.organization);
        let request = Request::get(&path)
            .header(HOST, AUTHORITY)
            .header(COOKIE, &self.cookie)
            .body(Body::empty())
            .expect("a request");
        let begun = Instant::now();
        let response = send(&self.app, request).await;
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await;
        let took = begun.elapsed();
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(!body.expect("a page").is_empty());
        took
    }

    /// Searches the grid.
    pub(crate) async fn searches(&self, words: &str) -> Duration {
        let query: String = form_urlencoded::byte_serialize(words.as_bytes()).collect();
        self.opens(&format!("/mapping?q={query}")).await
    }
}

async fn send(app: &Router, request: Request<Body>) -> Response<Body> {
    app.clone().oneshot(request).await.expect("an answer")
}
