//! `/explain` and `/explain/{code}`: what a code means and what to do about it.

use askama::Template;
use axum::Router;
use axum::routing::get;
use counterpart_model::Code;
use counterpart_service::Error;

use crate::App;
use crate::problem::Answer;
use crate::request::At;
use crate::shell::show;
use crate::words::sentence;

#[derive(Template)]
#[template(path = "explain/page.html")]
struct Page {
    code: &'static str,
    title: String,
    cause: &'static str,
    remedy: &'static str,
}

#[derive(Template)]
#[template(path = "explain/list.html")]
struct List {
    codes: &'static [Code],
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/explain", get(list))
        .route("/explain/{code}", get(one))
}

/// `GET /explain`
async fn list() -> Answer {
    show(&List { codes: Code::ALL })
}

/// `GET /explain/{code}`
async fn one(At(code): At<String>) -> Answer {
    let code: Code = code
        .parse()
        .map_err(|_| Error::new(Code::RequestNotFound, format!("there is no code `{code}`")))?;
    show(&Page {
        code: code.as_str(),
        title: sentence(code.title()),
        cause: code.cause(),
        remedy: code.remedy(),
    })
}
