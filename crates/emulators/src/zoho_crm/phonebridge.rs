//! `PhoneBridge`, version 3: the telephone's side of the suite. A provider enables itself, maps its
//! users, tells of calls as they ring, are answered and end. The client counts as registered.
//! Bodies are forms; users are named by the id of their Zoho account.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::answer::{Answer, ApiRequest, find};
use crate::control::{Happening, SentWebhook};
use crate::core::Refusal;
use crate::directory::User;
use crate::faults::Place;
use crate::records::Record;
use crate::zoho::{BadToken, Estate, Need, Product, refuse, zuid};

/// The product.
pub(crate) static PRODUCT: PhoneBridge = PhoneBridge;

/// Users of a page unless another number is asked for, and at most.
const USUAL: usize = 200;
const MOST: usize = 1_000;

/// How a call that was received goes on.
const RECEIVED: &[&str] = &["ringing", "answered", "ended", "missed"];

/// How a dialled one does: rings and ends, or is never taken.
const DIALLED: &[&str] = &[
    "ringing",
    "answered",
    "ended",
    "busy",
    "invalid",
    "blocked",
    "notavailable",
    "noanswer",
    "rejected",
];

/// Zoho `PhoneBridge`.
#[derive(Debug)]
pub(crate) struct PhoneBridge;

/// A refusal: status, code, message, and the parameter it is about.
struct Refused(StatusCode, &'static str, &'static str, Option<&'static str>);

impl Refused {
    fn missing(name: &'static str) -> Self {
        let message = "One of the expected parameter is missing";
        Self(
            StatusCode::BAD_REQUEST,
            "REQUIRED_PARAM_MISSING",
            message,
            Some(name),
        )
    }

    fn invalid(name: &'static str) -> Self {
        Self(
            StatusCode::BAD_REQUEST,
            "INVALID_DATA",
            "invalid data",
            Some(name),
        )
    }

    fn answer(&self) -> Answer {
        let details = self.3.map_or(json!({}), |name| json!({ "param": name }));
        let body = json!({
            "code": self.1, "message": self.2, "details": details, "status": "error",
        });
        Answer::json(self.0, &body)
    }
}

type Outcome = Result<Answer, Refused>;

fn below<'a, 'b>(segments: &'b [&'a str]) -> Option<&'b [&'a str]> {
    match segments {
        ["phonebridge", "v3", rest @ ..] => Some(rest),
        _ => None,
    }
}

impl Product for PhoneBridge {
    fn name(&self) -> &'static str {
        "phonebridge"
    }

    fn place(&self, _estate: &Estate, request: &ApiRequest) -> Option<Place> {
        below(&request.segments())?;
        Some(if request.method == Method::GET {
            Place::Other
        } else {
            Place::Write
        })
    }

    fn answer(&self, estate: &Estate, request: &ApiRequest) -> Option<Answer> {
        let segments = request.segments();
        let rest = below(&segments)?;
        Some(respond(estate, request, rest).unwrap_or_else(|refused| refused.answer()))
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        refuse(refusal)
    }

    fn webhook(&self, _: &Estate, _: &Happening, _: &str, _: &str) -> Option<SentWebhook> {
        None
    }
}

fn respond(estate: &Estate, request: &ApiRequest, rest: &[&str]) -> Outcome {
    let scope = estate
        .grants
        .scope(&estate.core, request)
        .map_err(|bad| match bad {
            BadToken::None => Refused(
                StatusCode::UNAUTHORIZED,
                "AUTHENTICATION_FAILURE",
                "Authentication failed",
                None,
            ),
            BadToken::Dead => Refused(
                StatusCode::UNAUTHORIZED,
                "INVALID_TOKEN",
                "invalid oauth token",
                None,
            ),
        })?;
    if !Need::one("PhoneBridge.call.log").is_met_by(&scope) {
        let message = "invalid oauth scope to access this URL";
        return Err(Refused(
            StatusCode::UNAUTHORIZED,
            "OAUTH_SCOPE_MISMATCH",
            message,
            None,
        ));
    }
    let on = match request.method {
        Method::POST => true,
        Method::DELETE => false,
        _ if rest == ["users"] => return users(estate, request),
        _ => return Err(unknown()),
    };
    let mut fields = request.form();
    fields.extend(request.query.clone());
    match rest {
        ["integrate"] => Ok(integrate(estate, on)),
        ["clicktodial" | "callcontrol"] => map_user(estate, rest[0], &fields, on),
        ["callnotify"] if on => notify(estate, &fields),
        _ => Err(unknown()),
    }
}

fn unknown() -> Refused {
    let message = "Please check if the URL trying to access is a correct one";
    Refused(StatusCode::NOT_FOUND, "INVALID_URL_PATTERN", message, None)
}

fn done(message: Option<&str>) -> Answer {
    let mut body = json!({ "status": "success", "code": "SUCCESS" });
    if let Some(message) = message {
        body["message"] = json!(message);
    }
    Answer::json(StatusCode::OK, &body)
}

fn integrate(estate: &Estate, on: bool) -> Answer {
    estate.core.records().remove("phonebridge/integrate", "1");
    if on {
        keep(estate, "integrate", "1".to_owned(), None, json!({}));
        done(Some("Northwind integration is successful"))
    } else {
        done(Some("Northwind integration is successfully removed"))
    }
}

/// The users that can be mapped: whoever has a Zoho account and may sign in.
fn users(estate: &Estate, request: &ApiRequest) -> Outcome {
    let number = |name: &'static str, usual: usize| match request.parameter(name) {
        None => Ok(usual),
        Some(text) => match text.parse() {
            Ok(0) | Err(_) => Err(Refused::invalid(name)),
            Ok(number) => Ok(number),
        },
    };
    let (page, size) = (number("page", 1)?, number("perPage", USUAL)?);
    if size > MOST {
        return Err(Refused::invalid("perPage"));
    }
    let directory = estate.core.directory();
    let able: Vec<&User> = directory
        .users()
        .iter()
        .filter(|user| user.is_active() && user.confirmed)
        .collect();
    let rows = able.iter().skip((page - 1).saturating_mul(size)).take(size);
    let rows: Vec<Value> = rows
        .map(|user| {
            json!({ "zohouser": zuid(user), "email": user.email, "username": user.full_name() })
        })
        .collect();
    let base = &estate.core.base_url;
    let uri = |page: usize| json!({ "uri": format!("{base}/phonebridge/v3/users?page={page}&perPage={size}") });
    let body = json!({
        "navigation": { "firstPage": uri(1), "lastPage": uri(able.len().div_ceil(size).max(1)) },
        "users": rows,
        "paging": { "perPage": size, "page": page },
    });
    Ok(Answer::json(StatusCode::OK, &body))
}

/// The user that a form names; `None` when it names nobody.
fn user(estate: &Estate, fields: &[(String, String)]) -> Result<Option<String>, Refused> {
    let Some(named) = find(fields, "zohouser").filter(|named| !named.is_empty()) else {
        return Ok(None);
    };
    let directory = estate.core.directory();
    let mut able = directory.users().iter().filter(|user| user.is_active());
    able.find(|user| zuid(user).as_deref() == Some(named))
        .map(|user| Some(user.id.clone()))
        .ok_or(Refused(
            StatusCode::BAD_REQUEST,
            "INVALID_USER",
            "Please check the user configuration",
            None,
        ))
}

/// Maps a user, or takes the mapping away.
fn map_user(estate: &Estate, what: &str, fields: &[(String, String)], on: bool) -> Outcome {
    let owner = user(estate, fields)?;
    let id = owner.clone().unwrap_or_else(|| "everybody".to_owned());
    let kind = format!("phonebridge/{what}");
    estate.core.records().remove(&kind, &id);
    if on {
        let (name, must) = if what == "clicktodial" {
            ("clicktodialuri", true)
        } else {
            ("hungupuri", false)
        };
        let address = find(fields, name).unwrap_or_default();
        if address.is_empty() && must {
            return Err(Refused::missing(name));
        }
        if !address.is_empty() && url::Url::parse(address).is_err() {
            return Err(Refused::invalid(name));
        }
        keep(estate, what, id, owner, form(fields));
    }
    Ok(done(None))
}

/// Tells of a call: it rings, is answered, ends or was never taken.
fn notify(estate: &Estate, fields: &[(String, String)]) -> Outcome {
    let text = |name: &'static str| {
        let value = find(fields, name).filter(|value| !value.is_empty());
        value.ok_or(Refused::missing(name))
    };
    let states = match text("type")? {
        "received" => RECEIVED,
        "dialed" => DIALLED,
        _ => return Err(Refused::invalid("type")),
    };
    text("id")?;
    for name in ["from", "to"] {
        // A plus sign that was not encoded has come as a space.
        if !text(name)?.starts_with(|first: char| first == '+' || first.is_ascii_digit()) {
            return Err(Refused::invalid(name));
        }
    }
    let state = text("state")?;
    if !states.contains(&state) {
        return Err(Refused::invalid("state"));
    }
    if !["ringing", "answered"].contains(&state) {
        let start = text("start_time")?;
        if jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", start).is_err() {
            return Err(Refused::invalid("start_time"));
        }
    }
    if state == "ended" && text("duration")?.parse::<u32>().is_err() {
        return Err(Refused::invalid("duration"));
    }
    let owner = user(estate, fields)?;
    keep(estate, "callnotify", estate.next_id(), owner, form(fields));
    Ok(done(None))
}

fn form(fields: &[(String, String)]) -> Value {
    let pairs = fields.iter();
    pairs
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect()
}

fn keep(estate: &Estate, what: &str, id: String, owner: Option<String>, fields: Value) {
    let now = estate.core.clock.now();
    estate.core.records().add(Record {
        kind: format!("phonebridge/{what}"),
        id,
        owner,
        fields,
        created: now,
        modified: now,
    });
}
