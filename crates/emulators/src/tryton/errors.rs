//! Refusals as Tryton says them: most with status 200, some as a page of the web server.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;

/// Why a call is refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refused {
    /// A sentence for the user.
    User(String),
    /// A Python exception that nobody foresaw: its text.
    Exception(String),
    /// The method is not for calls from outside.
    Forbidden,
}

impl Refused {
    /// Something that is not there, as Python's `KeyError` prints it.
    pub(crate) fn key(name: &str) -> Self {
        Self::Exception(format!("'{name}'"))
    }

    pub(crate) fn access(model: &str) -> Self {
        Self::User(format!("You are not allowed to access \"{model}\"."))
    }

    pub(crate) fn missing(doing: &str, id: i64, model: &str) -> Self {
        Self::User(format!(
            "You are trying to {doing} records \"{id}\" of \"{model}\" that don't exist."
        ))
    }

    pub(crate) fn required(field: &str, id: i64, model: &str) -> Self {
        Self::User(format!(
            "A value is required for field \"{field}\" in \"{id}\" of \"{model}\"."
        ))
    }

    pub(crate) fn answer(&self, id: &Value) -> Answer {
        let error = match self {
            Self::User(sentence) => json!(["UserError", [sentence, "", null]]),
            Self::Exception(text) => json!([text, ""]),
            Self::Forbidden => {
                return page(
                    StatusCode::FORBIDDEN,
                    "You don&#39;t have the permission to access the requested resource. It is either read-protected \
                     or not readable by the server.",
                );
            }
        };
        let body = json!({ "id": id, "error": error });
        Answer::bytes(
            StatusCode::OK,
            "application/json",
            body.to_string().into_bytes(),
        )
    }
}

/// A page of the web server.
pub(crate) fn page(status: StatusCode, sentence: &str) -> Answer {
    let title = status.canonical_reason().unwrap_or_default();
    let body = format!(
        "<!doctype html>\n<html lang=en>\n<title>{} {title}</title>\n<h1>{title}</h1>\n<p>{sentence}</p>\n",
        status.as_u16()
    );
    Answer::bytes(status, "text/html; charset=utf-8", body.into_bytes())
}

/// No session, or one that ended.
pub(crate) fn unauthorised() -> Answer {
    Answer::bytes(
        StatusCode::UNAUTHORIZED,
        "text/plain; charset=utf-8",
        Vec::new(),
    )
    .with("www-authenticate", "Basic realm=\"Tryton\"")
}

pub(crate) fn wrong_password() -> Answer {
    page(
        StatusCode::UNAUTHORIZED,
        "The server could not verify that you are authorized to access the URL requested. You either supplied the \
         wrong credentials (e.g. a bad password), or your browser doesn&#39;t understand how to supply the \
         credentials required.",
    )
}

/// After some wrong passwords, or where something before the server counts requests.
pub(crate) fn too_many() -> Answer {
    let sentence = "This user has exceeded an allotted request count. Try again later.";
    page(StatusCode::TOO_MANY_REQUESTS, sentence)
}
