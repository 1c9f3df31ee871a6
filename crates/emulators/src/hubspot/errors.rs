//! The vendor's errors: a category, a message and a correlation id; token errors have a status word
//! instead of the category, rate limits a policy.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::core::Refusal;
use crate::random::Random;

/// A problem with a category.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    category: &'static str,
    message: String,
    errors: Vec<Value>,
    context: Option<Value>,
}

impl Problem {
    fn of(status: StatusCode, category: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            category,
            message: message.into(),
            errors: Vec::new(),
            context: None,
        }
    }

    /// 400: something is wrong with the request.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::of(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", message)
    }

    /// 400: the body is no JSON of the right shape.
    pub(crate) fn bad_json(detail: &str) -> Self {
        Self::invalid(format!("Invalid input JSON on line 1, column 1: {detail}"))
    }

    /// 400: property values that do not fit, each with why.
    pub(crate) fn bad_values(why: &[Value]) -> Self {
        let list = Value::from(why.to_vec());
        let mut problem = Self::invalid(format!("Property values were not valid: {list}"));
        problem.errors = why
            .iter()
            .map(|one| {
                json!({
                    "message": one["message"], "code": one["error"],
                    "context": { "propertyName": [one["name"]] },
                })
            })
            .collect();
        problem
    }

    /// 400: properties that a record of this kind cannot do without.
    pub(crate) fn missing_properties(kind: &str, names: &[&str]) -> Self {
        let message = format!("Error creating {kind}. Some required properties were not set.");
        let mut problem = Self::invalid(message.clone());
        let context = json!({ "properties": names });
        problem.errors =
            vec![json!({ "message": message, "code": "REQUIRED_PROPERTY", "context": context })];
        problem.context = Some(context);
        problem
    }

    /// 401: no token, or one that was never valid.
    pub(crate) fn unauthenticated() -> Self {
        Self::of(
            StatusCode::UNAUTHORIZED,
            "INVALID_AUTHENTICATION",
            "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
        )
    }

    /// 401: a token that has ended.
    pub(crate) fn expired() -> Self {
        Self::of(
            StatusCode::UNAUTHORIZED,
            "EXPIRED_AUTHENTICATION",
            "The OAuth token used to make this call has expired.",
        )
    }

    /// 403: none of these scopes was granted.
    pub(crate) fn missing_scopes(scopes: &[&str]) -> Self {
        let mut problem = Self::of(
            StatusCode::FORBIDDEN,
            "MISSING_SCOPES",
            "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
        );
        problem.errors = vec![json!({
            "message": "One or more of the following scopes are required.",
            "context": { "requiredGranularScopes": scopes },
        })];
        problem
    }

    /// 404: no such record.
    pub(crate) fn not_found() -> Self {
        Self::of(
            StatusCode::NOT_FOUND,
            "OBJECT_NOT_FOUND",
            "resource not found",
        )
    }

    /// 409: it is there already.
    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::of(StatusCode::CONFLICT, "CONFLICT", message)
    }

    /// 415: another content type than the one demanded.
    pub(crate) fn unsupported_media_type() -> Answer {
        let body = json!({ "status": "error", "message": "HTTP 415 Unsupported Media Type" });
        Answer::json(StatusCode::UNSUPPORTED_MEDIA_TYPE, &body)
    }

    /// The problem as one input of a batch has it.
    pub(crate) fn in_batch(&self) -> Value {
        json!({
            "status": "error", "category": self.category, "message": self.message,
            "context": self.context.clone().unwrap_or_else(|| json!({})),
        })
    }

    /// As an answer.
    pub(crate) fn answer(&self) -> Answer {
        let mut body = json!({
            "status": "error", "message": self.message, "category": self.category,
        });
        if let Some(context) = &self.context {
            body["context"] = context.clone();
        }
        if !self.errors.is_empty() {
            body["errors"] = json!(self.errors);
        }
        if self.category == "MISSING_SCOPES" {
            body["links"] = json!({ "scopes": "https://developers.hubspot.com/scopes" });
        }
        correlated(self.status, body)
    }
}

/// Nothing at this path; no category, and a page rather than JSON.
pub(crate) fn no_such_path() -> Answer {
    let page = b"<html>\n<head>\n<meta http-equiv=\"Content-Type\" content=\"text/html;charset=utf-8\"/>\n<title>Error 404 Not Found</title>\n</head>\n<body><h2>HTTP ERROR 404</h2></body>\n</html>\n";
    Answer::bytes(
        StatusCode::NOT_FOUND,
        "text/html;charset=utf-8",
        page.to_vec(),
    )
}

/// Another verb than the path has.
pub(crate) fn wrong_verb() -> Answer {
    let body = json!({ "status": "error", "message": "HTTP 405 Method Not Allowed" });
    correlated(StatusCode::METHOD_NOT_ALLOWED, body)
}

/// The token endpoint's refusals: 400 with a word for the status.
pub(crate) fn token_error(status: &str, message: &str) -> Answer {
    let body = json!({ "status": status, "message": message });
    correlated(StatusCode::BAD_REQUEST, body)
}

/// The words for a refusal that a switch asks for or the allowance forces.
pub(crate) fn refuse(refusal: Refusal) -> Answer {
    match refusal {
        Refusal::WrongCredentials => Problem::unauthenticated().answer(),
        Refusal::MissingPermission => {
            Problem::missing_scopes(&["crm.objects.owners.read"]).answer()
        }
        Refusal::TooManyRequests => limited(
            "You have reached your ten_secondly_rolling limit.",
            "TEN_SECONDLY_ROLLING",
        ),
        Refusal::QuotaExhausted => limited("You have reached your daily limit.", "DAILY"),
        Refusal::ServerError => correlated(
            StatusCode::INTERNAL_SERVER_ERROR,
            json!({ "status": "error", "message": "internal error" }),
        ),
        Refusal::Unavailable => correlated(
            StatusCode::SERVICE_UNAVAILABLE,
            json!({ "status": "error", "message": "Service Unavailable" }),
        ),
    }
}

fn limited(message: &str, policy: &str) -> Answer {
    let body = json!({
        "status": "error", "message": message, "errorType": "RATE_LIMIT",
        "policyName": policy, "requestId": correlation(message),
    });
    correlated(StatusCode::TOO_MANY_REQUESTS, body)
}

fn correlated(status: StatusCode, mut body: Value) -> Answer {
    let id = correlation(&body.to_string());
    body["correlationId"] = json!(id);
    Answer::json(status, &body).with("x-hubspot-correlation-id", &id)
}

/// An id that looks like one and follows from the text alone, so that runs can be compared.
fn correlation(text: &str) -> String {
    let mut random = Random::new(0, text, 0);
    let (high, low) = (random.next(), random.next());
    format!(
        "{:08x}-{:04x}-4{:03x}-9{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}
