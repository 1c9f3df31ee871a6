//! A plain HTTP client for the tests: it follows no redirect and retries nothing.

use counterpart_emulators::{Options, Running, start};
use reqwest::{Client, RequestBuilder, Response, redirect};
use serde_json::Value;

/// An emulator and a client for it.
pub(crate) struct Lab {
    pub(crate) emulator: Running,
    pub(crate) http: Client,
}

impl Lab {
    #[expect(
        clippy::disallowed_methods,
        reason = "the tests meet the emulator as any client would"
    )]
    pub(crate) async fn of(name: &str, options: Options) -> Self {
        // The client wants a provider of TLS even where nobody speaks it. Set already: as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let emulator = start(name, options).await.expect("the emulator starts");
        let http = Client::builder()
            .redirect(redirect::Policy::none())
            .build()
            .expect("a plain client");
        Self { emulator, http }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.emulator.base_url)
        }
    }

    pub(crate) fn credential(&self, name: &str) -> String {
        self.emulator.credentials()[name].clone()
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(self.url(path))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(self.url(path))
    }

    pub(crate) async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
        let body: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = self
            .post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        json(request).await
    }
}

/// Sends and gives status and JSON body; null for an empty one.
pub(crate) async fn json(request: RequestBuilder) -> (u16, Value) {
    let response = send(request).await;
    let status = response.status().as_u16();
    let body = response.bytes().await.expect("a whole body");
    if body.is_empty() {
        return (status, Value::Null);
    }
    (status, serde_json::from_slice(&body).expect("JSON"))
}

pub(crate) async fn send(request: RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

/// `?a=b&c=d`, encoded.
pub(crate) fn query(pairs: &[(&str, &str)]) -> String {
    let mut encoded = url::form_urlencoded::Serializer::new(String::from("?"));
    encoded.extend_pairs(pairs);
    encoded.finish()
}
