//! Refuses requests that change something and come from other sites.

use axum::extract::{Request, State};
use axum::http::header::{HOST, HeaderName, ORIGIN};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use counterpart_model::Code;
use counterpart_service::Error;
use url::Url;

use crate::App;
use crate::problem::Problem;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Lets safe methods pass, and unsafe ones only from our own pages.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if safe || is_own(request.headers(), app.options.public_url.as_ref()) {
        return next.run(request).await;
    }
    let problem = Error::new(
        Code::AuthCrossSite,
        "the request did not come from a page of this portal",
    );
    Problem::from(problem).into_response()
}

/// Whether the headers say that the request comes from our own pages. Browsers send `Origin`
/// with every form; a request without it is taken for a stranger's unless `Sec-Fetch-Site`
/// vouches for it.
fn is_own(headers: &HeaderMap, public: Option<&Url>) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text(&SEC_FETCH_SITE);
    if site.is_some_and(|site| site != "same-origin") {
        return false;
    }
    let Some(origin) = text(&ORIGIN) else {
        return site.is_some();
    };
    let Ok(origin) = Url::parse(origin) else {
        return false;
    };
    if let Some(public) = public {
        return origin.origin() == public.origin();
    }
    // Host and port as they stand in the header; a proxy may have taken the TLS off.
    let host = origin.host_str().map(|host| match origin.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    });
    host.is_some_and(|host| text(&HOST) == Some(host.as_str()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn own(pairs: &[(HeaderName, &'static str)], public: Option<&str>) -> bool {
        let headers: HeaderMap = pairs
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
            .collect();
        let public = public.map(|url| Url::parse(url).expect("a test's own address"));
        is_own(&headers, public.as_ref())
    }

    #[test]
    fn a_form_of_our_own_host_passes() {
        let headers = [(HOST, "127.0.0.1:8080"), (ORIGIN, "http://127.0.0.1:8080")];
        assert!(own(&headers, None));
    }

    #[test]
    fn the_public_address_decides_when_it_is_known() {
        let behind_proxy = [(HOST, "10.0.0.7:8080"), (ORIGIN, "https://map.example.com")];
        assert!(own(&behind_proxy, Some("https://map.example.com/")));
        assert!(!own(&behind_proxy, Some("https://other.example.com/")));
        assert!(!own(&behind_proxy, Some("http://map.example.com/")));
    }

    #[test]
    fn other_sites_and_nobody_are_refused() {
        assert!(!own(
            &[(HOST, "a.example"), (ORIGIN, "https://b.example")],
            None
        ));
        assert!(!own(&[(HOST, "a.example"), (ORIGIN, "null")], None));
        assert!(!own(&[(HOST, "a.example")], None));
        let sibling = [
            (HOST, "a.example"),
            (ORIGIN, "https://a.example"),
            (SEC_FETCH_SITE, "same-site"),
        ];
        assert!(!own(&sibling, None));
    }
}
