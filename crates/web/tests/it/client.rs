//! Clients of every role, in process.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt as _;
use url::form_urlencoded;

use crate::house::PASSWORD;

/// The host under which tests reach the portal.
const AUTHORITY: &str = "portal.test";

/// Somebody's browser.
#[derive(Clone)]
pub(crate) struct Client {
    app: Router,
    cookie: Option<String>,
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    /// Where it sends the browser.
    pub(crate) fn location(&self) -> &str {
        self.headers
            .get(LOCATION)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

impl Client {
    /// Nobody in particular.
    pub(crate) fn anon(app: &Router) -> Self {
        Self {
            app: app.clone(),
            cookie: None,
        }
    }

    /// The member with this address, signed in.
    pub(crate) async fn signed_in(app: &Router, email: &str) -> Self {
        let anon = Self::anon(app);
        let reply = anon
            .post("/sign-in", &[("email", email), ("password", PASSWORD)])
            .await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
        Self {
            cookie: Some(cookie_of(&reply)),
            ..anon
        }
    }

    /// The session's cookie.
    pub(crate) fn cookie(&self) -> &str {
        self.cookie.as_deref().unwrap_or_default()
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(
            self.request("GET", path)
                .body(Body::empty())
                .expect("a request"),
        )
        .await
    }

    /// Asks for a piece of a page, as a script does.
    pub(crate) async fn get_piece(&self, path: &str) -> Reply {
        let request = self.request("GET", path).header("hx-request", "true");
        self.send(request.body(Body::empty()).expect("a request"))
            .await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        let request = self
            .request("POST", path)
            .header(ORIGIN, format!("http://{AUTHORITY}"));
        self.send(with_form(request, form)).await
    }

    /// Sends a body of another type than a plain form.
    pub(crate) async fn post_body(&self, path: &str, kind: &str, body: String) -> Reply {
        let request = self
            .request("POST", path)
            .header(ORIGIN, format!("http://{AUTHORITY}"))
            .header(CONTENT_TYPE, kind);
        self.send(request.body(Body::from(body)).expect("a request"))
            .await
    }

    /// Sends a form as a script does.
    pub(crate) async fn post_piece(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        let request = self
            .request("POST", path)
            .header(ORIGIN, format!("http://{AUTHORITY}"))
            .header("hx-request", "true");
        self.send(with_form(request, form)).await
    }

    /// Sends a form from a page of another site, or of none.
    pub(crate) async fn post_from(
        &self,
        origin: Option<&str>,
        path: &str,
        form: &[(&str, &str)],
    ) -> Reply {
        let mut request = self.request("POST", path);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        self.send(with_form(request, form)).await
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, AUTHORITY);
        match &self.cookie {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request,
        }
    }

    async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.app.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let streams = parts
            .headers
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        // A stream of events never ends; that it begins is all there is to see here.
        let body = if streams {
            String::new()
        } else {
            let bytes = to_bytes(body, 8 << 20).await.expect("a body");
            String::from_utf8_lossy(&bytes).into_owned()
        };
        Reply {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }
}

fn with_form(request: axum::http::request::Builder, form: &[(&str, &str)]) -> Request<Body> {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    request
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .expect("a request")
}

/// The session's cookie that a reply sets.
pub(crate) fn cookie_of(reply: &Reply) -> String {
    reply
        .headers
        .get_all(SET_COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find(|value| value.starts_with("counterpart=") || value.starts_with("__Host-"))
        .and_then(|value| value.split(';').next())
        .expect("a session's cookie")
        .to_owned()
}
