//! The same as [`ControlHandle`], for other processes: JSON under `/_emulator/`.
//!
//! | Request | Does |
//! |---|---|
//! | `GET /_emulator` | what it is, what to type into a connection, this table |
//! | `GET /_emulator/users`, `POST` | list, add ([`NewUser`]) |
//! | `PATCH /_emulator/users/{id}` | change ([`UserChange`]) |
//! | `POST /_emulator/users/{id}/deactivate`, `DELETE /_emulator/users/{id}` | switch off, delete |
//! | `GET /_emulator/contacts`, `POST`, `PATCH /_emulator/contacts/{id}` | list, add ([`NewContact`]), change ([`ContactChange`]) |
//! | `GET /_emulator/records` | what clients wrote |
//! | `GET /_emulator/faults`, `POST`, `DELETE` | list, turn on ([`FaultSwitch`]), turn all off |
//! | `POST /_emulator/tokens/expire` | revoke every access token |
//! | `POST /_emulator/grant-codes` `{"scope": …}` | a fresh one-time code |
//! | `POST /_emulator/clock` `{"advance_seconds": 3600}` | move the clock |
//! | `GET /_emulator/quota`, `PUT` `{"limit": …, "used": …}` | the allowance |
//! | `GET /_emulator/requests`, `DELETE` | the log, empty the log |
//! | `GET /_emulator/people`, `GET /_emulator/truth` | the platform's directory, who is who |

use axum::extract::{FromRequest, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::EmulatorError;
use crate::contacts::{ContactChange, NewContact};
use crate::control::ControlHandle;
use crate::core::Quota;
use crate::directory::{NewUser, UserChange};
use crate::faults::FaultSwitch;
use crate::people::{platform_directory, truth};

#[derive(Clone)]
struct Desk {
    control: ControlHandle,
    seed: u64,
    people: usize,
}

/// The routes below `/_emulator`, for any outer state.
pub(crate) fn router<S: Clone + Send + Sync + 'static>(
    control: ControlHandle,
    seed: u64,
    people: usize,
) -> Router<S> {
    Router::new()
        .route("/", get(about))
        .route("/users", get(list_users).post(add_user))
        .route("/users/{id}", patch(change_user).delete(delete_user))
        .route("/users/{id}/deactivate", post(deactivate_user))
        .route("/contacts", get(list_contacts).post(add_contact))
        .route("/contacts/{id}", patch(change_contact))
        .route("/records", get(list_records))
        .route(
            "/faults",
            get(list_faults).post(add_fault).delete(clear_faults),
        )
        .route("/tokens/expire", post(expire_tokens))
        .route("/grant-codes", post(issue_grant_code))
        .route("/clock", get(read_clock).post(move_clock))
        .route("/quota", get(read_quota).put(set_quota))
        .route("/requests", get(list_requests).delete(forget_requests))
        .route("/people", get(list_people))
        .route("/truth", get(who_is_who))
        .fallback(nothing_here)
        .with_state(Desk {
            control,
            seed,
            people,
        })
}

/// A JSON body; what does not parse says where.
struct Input<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Input<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(Failure(rejection.status(), rejection.body_text())),
        }
    }
}

struct Failure(StatusCode, String);

impl From<EmulatorError> for Failure {
    fn from(error: EmulatorError) -> Self {
        let status = match &error {
            EmulatorError::UnknownUser { .. } | EmulatorError::UnknownContact { .. } => {
                StatusCode::NOT_FOUND
            }
            EmulatorError::UsernameTaken { .. } => StatusCode::CONFLICT,
            _ => StatusCode::BAD_REQUEST,
        };
        Self(status, error.to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

type Outcome = Result<Response, Failure>;

fn ok<T: serde::Serialize>(value: T) -> Response {
    Json(value).into_response()
}

async fn about(State(desk): State<Desk>) -> Response {
    let core = desk.control.core();
    ok(json!({
        "emulator": core.info().name,
        "title": core.info().title,
        "note": core.info().note,
        "settings": core.info().settings(&core.base_url),
        "credentials": core.info().credentials(),
        "users": core.directory().users().len(),
        "seed": desk.seed,
        "people": desk.people,
        "controls": [
            "GET, POST /_emulator/users",
            "PATCH, DELETE /_emulator/users/{id}",
            "POST /_emulator/users/{id}/deactivate",
            "GET, POST /_emulator/contacts",
            "PATCH /_emulator/contacts/{id}",
            "GET /_emulator/records",
            "GET, POST, DELETE /_emulator/faults",
            "POST /_emulator/tokens/expire",
            "POST /_emulator/grant-codes",
            "GET, POST /_emulator/clock",
            "GET, PUT /_emulator/quota",
            "GET, DELETE /_emulator/requests",
            "GET /_emulator/people",
            "GET /_emulator/truth",
        ],
    }))
}

async fn list_users(State(desk): State<Desk>) -> Response {
    ok(desk.control.users())
}

async fn add_user(State(desk): State<Desk>, Input(new): Input<NewUser>) -> Outcome {
    Ok((StatusCode::CREATED, Json(desk.control.add_user(new)?)).into_response())
}

async fn change_user(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Input(change): Input<UserChange>,
) -> Outcome {
    Ok(ok(desk.control.update_user(&id, change)?))
}

async fn deactivate_user(State(desk): State<Desk>, Path(id): Path<String>) -> Outcome {
    Ok(ok(desk.control.deactivate(&id)?))
}

async fn delete_user(State(desk): State<Desk>, Path(id): Path<String>) -> Outcome {
    Ok(ok(desk.control.delete(&id)?))
}

async fn list_contacts(State(desk): State<Desk>) -> Response {
    ok(desk.control.contacts())
}

async fn add_contact(State(desk): State<Desk>, Input(new): Input<NewContact>) -> Response {
    (StatusCode::CREATED, Json(desk.control.add_contact(new))).into_response()
}

async fn change_contact(
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Input(change): Input<ContactChange>,
) -> Outcome {
    Ok(ok(desk.control.change_contact(&id, change)?))
}

async fn list_records(State(desk): State<Desk>) -> Response {
    ok(desk.control.records())
}

async fn list_faults(State(desk): State<Desk>) -> Response {
    ok(desk.control.faults())
}

async fn add_fault(State(desk): State<Desk>, Input(switch): Input<FaultSwitch>) -> Outcome {
    desk.control.inject(switch)?;
    Ok((StatusCode::CREATED, Json(desk.control.faults())).into_response())
}

async fn clear_faults(State(desk): State<Desk>) -> StatusCode {
    desk.control.clear_faults();
    StatusCode::NO_CONTENT
}

async fn expire_tokens(State(desk): State<Desk>) -> Outcome {
    desk.control.expire_tokens()?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeRequest {
    #[serde(default)]
    scope: Option<String>,
}

async fn issue_grant_code(State(desk): State<Desk>, Input(input): Input<CodeRequest>) -> Outcome {
    let code = desk.control.issue_grant_code(input.scope.as_deref())?;
    Ok((StatusCode::CREATED, Json(code)).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockMove {
    advance_seconds: i64,
}

fn clock(desk: &Desk) -> Value {
    json!({ "now": desk.control.now().to_string() })
}

async fn read_clock(State(desk): State<Desk>) -> Response {
    ok(clock(&desk))
}

async fn move_clock(State(desk): State<Desk>, Input(input): Input<ClockMove>) -> Response {
    desk.control.advance_clock(input.advance_seconds);
    ok(clock(&desk))
}

async fn read_quota(State(desk): State<Desk>) -> Response {
    ok(desk.control.quota())
}

async fn set_quota(State(desk): State<Desk>, Input(quota): Input<Quota>) -> Response {
    desk.control.set_quota(quota);
    ok(quota)
}

async fn list_requests(State(desk): State<Desk>) -> Response {
    ok(desk.control.requests())
}

async fn forget_requests(State(desk): State<Desk>) -> StatusCode {
    desk.control.forget_requests();
    StatusCode::NO_CONTENT
}

async fn list_people(State(desk): State<Desk>) -> Response {
    ok(platform_directory(desk.seed, desk.people))
}

async fn who_is_who(State(desk): State<Desk>) -> Outcome {
    Ok(ok(truth(
        desk.seed,
        desk.people,
        desk.control.core().info().name,
    )?))
}

async fn nothing_here() -> Failure {
    Failure(
        StatusCode::NOT_FOUND,
        "no such control; GET /_emulator lists them".to_owned(),
    )
}
