//! `GET /oauth/v2/auth`: the consent page, where somebody consents at once.

use axum::http::{Method, StatusCode};

use super::accounts::{CLIENT_ID, Grants};
use crate::answer::{Answer, ApiRequest};
use crate::core::Core;

/// Sends the browser back with a code, the data centre and its accounts server, where the code
/// must be exchanged. What is wrong is told to the person, never to the redirect address.
pub(crate) fn consent(core: &Core, grants: &Grants, request: &ApiRequest) -> Answer {
    if request.method != Method::GET {
        return refused("Method not allowed");
    }
    if request.parameter("client_id") != Some(CLIENT_ID) {
        return refused("Invalid Client");
    }
    if request.parameter("response_type") != Some("code") {
        return refused("Invalid Response Type");
    }
    let Some(scope) = request.parameter("scope").filter(|scope| !scope.is_empty()) else {
        return refused("Invalid OAuth Scope");
    };
    let address = request
        .parameter("redirect_uri")
        .and_then(|address| Some((address, url::Url::parse(address).ok()?)));
    let Some((typed, mut address)) = address else {
        return refused("Invalid Redirect Uri");
    };
    let offline = request.parameter("access_type") == Some("offline");
    let issued = grants.code(core, Some(scope), Some(typed.to_owned()), offline);
    let mut pairs = address.query_pairs_mut();
    if let Some(state) = request.parameter("state") {
        pairs.append_pair("state", state);
    }
    pairs.append_pair("code", &issued.code);
    pairs.append_pair("location", "eu");
    pairs.append_pair("accounts-server", &core.base_url);
    drop(pairs);
    Answer::empty(StatusCode::FOUND).with("location", address.as_str())
}

fn refused(why: &str) -> Answer {
    let page = format!(
        "<!DOCTYPE html><html><head><title>Zoho Accounts</title></head>\
         <body><h1>Error occurred</h1><p>{why}</p></body></html>"
    );
    Answer::bytes(
        StatusCode::BAD_REQUEST,
        "text/html;charset=UTF-8",
        page.into_bytes(),
    )
}
