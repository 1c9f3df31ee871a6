//! Errors as the Web API and the token endpoint write them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::core::Refusal;

/// An error of the Web API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    /// A query the service does not understand.
    pub(crate) fn query(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "0x80060888", message)
    }

    /// A body it does not understand.
    pub(crate) fn payload(set: &str, what: &str) -> Self {
        let message = format!(
            "Error identified in Payload provided by the user for Entity :'{set}', For more \
             information on this error please follow this help link \
             https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : \
             Microsoft.OData.ODataException: {what}"
        );
        Self::new(StatusCode::BAD_REQUEST, "0x80048d19", message)
    }

    /// A value a column does not take.
    pub(crate) fn value(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(crate) fn no_segment(name: &str) -> Self {
        let message = format!("Resource not found for the segment '{name}'.");
        Self::new(StatusCode::NOT_FOUND, "0x8006088a", message)
    }

    pub(crate) fn no_property(name: &str, entity: &str) -> Self {
        Self::query(format!(
            "Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{entity}'."
        ))
    }

    pub(crate) fn no_record(entity: &str, id: &str) -> Self {
        let message = format!("Entity '{entity}' With Id = {id} Does Not Exist");
        Self::new(StatusCode::NOT_FOUND, "0x80040217", message)
    }

    pub(crate) fn no_key(entity: &str) -> Self {
        let message =
            format!("A record with the specified key values does not exist in {entity} entity");
        Self::new(StatusCode::NOT_FOUND, "0x80060891", message)
    }

    pub(crate) fn precondition(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED, code, message)
    }

    pub(crate) fn disabled(id: &str) -> Self {
        let message = format!(
            "The specified user(Id = {id}) is disabled. Consider enabling this user. Additional \
             Details: {{User IsDisabled=True}}"
        );
        Self::new(StatusCode::FORBIDDEN, "0x80040225", message)
    }

    pub(crate) fn method_not_allowed(method: &str) -> Self {
        let message = format!("The requested resource does not support http method '{method}'.");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "0x80060888", message)
    }

    pub(crate) fn answer(&self) -> Answer {
        let body = json!({ "error": { "code": self.code, "message": self.message } });
        Answer::bytes(self.status, super::JSON, body.to_string().into_bytes())
            .with("odata-version", "4.0")
    }
}

/// A request without a live token: no body, only a header.
pub(crate) fn unauthorised(base_url: &str) -> Answer {
    let challenge = format!(
        "Bearer authorization_uri={base_url}/{}/oauth2/authorize, resource_id={base_url}/",
        super::auth::TENANT_ID
    );
    Answer::empty(StatusCode::UNAUTHORIZED).with("www-authenticate", &challenge)
}

/// An error of the token endpoint.
pub(crate) fn token_error(status: StatusCode, error: &str, number: u32, what: &str) -> Answer {
    let body: Value = json!({
        "error": error,
        "error_description": format!("AADSTS{number}: {what}"),
        "error_codes": [number],
        "trace_id": "b3d1f4c2-52e0-4e35-a6a8-9f3d7c1e2b00",
        "correlation_id": "5d0a7b2e-19c4-4a0b-8c55-0e7f6d3a9b11",
        "error_uri": format!("https://login.microsoftonline.com/error?code={number}"),
    });
    Answer::json(status, &body)
}

/// What a wrong secret is told.
pub(crate) fn wrong_secret() -> Answer {
    token_error(
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        7_000_215,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client \
         secret value, not the client secret ID, for a secret added to app.",
    )
}

/// The words for a refusal that a switch asks for or the allowance forces.
pub(crate) fn refuse(refusal: Refusal) -> Answer {
    let error = match refusal {
        Refusal::WrongCredentials => return wrong_secret(),
        Refusal::MissingPermission => ApiError::new(
            StatusCode::FORBIDDEN,
            "0x80040220",
            "Principal user (Id=d2c6f1a4-0000-ef11-8a1f-000d3a55aa33, type=8, roleCount=1, \
             privilegeCount=12, accessMode='4 Non-interactive') is missing prvReadUser privilege \
             (Id=a3311f47-2134-44ee-a258-6774018d4bc3) on OTC=8 for entity 'systemuser'.",
        ),
        Refusal::TooManyRequests => ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "0x80072322",
            "Number of requests exceeded the limit of 6000 over time window of 300 seconds.",
        ),
        // There is no allowance for the day; the other limit of the five minutes is on time.
        Refusal::QuotaExhausted => ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "0x80072321",
            "Combined execution time of incoming requests exceeded limit of 1200000 milliseconds \
             over time window of 300 seconds. Decrease number of concurrent requests or reduce the \
             duration of requests and try again later.",
        ),
        Refusal::ServerError => ApiError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "0x80040216",
            "An unexpected error occurred.",
        ),
        Refusal::Unavailable => ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "0x80044205",
            "The service is unavailable.",
        ),
    };
    match refusal {
        Refusal::QuotaExhausted => error.answer().with("retry-after", "300"),
        _ => error.answer(),
    }
}
