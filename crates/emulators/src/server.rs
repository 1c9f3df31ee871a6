//! The HTTP server around a provider: reads the request whole, lets faults act, answers, logs.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::DATE;
use axum::http::{HeaderValue, Response, StatusCode};
use jiff::SignedDuration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::answer::{Answer, ApiRequest, pairs};
use crate::contacts::Contacts;
use crate::control::ControlHandle;
use crate::core::{Core, LoggedRequest, Provider, Quota, Refusal};
use crate::directory::Directory;
use crate::emulator::{EmulatorInfo, find};
use crate::faults::{Fault, FaultSwitch, Place};
use crate::people::seats;
use crate::{EmulatorError, control_http};

/// The most bytes read of a request's body; no vendor's query is near it.
const BODY_LIMIT: usize = 1 << 20;

/// The most people a directory can be seeded with.
const PEOPLE_LIMIT: usize = 200_000;

/// How to start an emulator.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What the directory is made from.
    pub seed: u64,
    /// How many people the organization has; at most 200,000. The CRM has about a fifth more users.
    pub people: usize,
    /// How many customers the CRM has; at most 200,000.
    pub contacts: usize,
    /// The largest page of users, when smaller than the vendor's.
    pub page_size: Option<usize>,
    /// Waiting time before every answer.
    pub latency: Option<Duration>,
    /// Requests allowed per period; absent: the vendor's for a small organization.
    pub requests_allowed: Option<u64>,
    /// Faults that are on from the start.
    pub faults: Vec<FaultSwitch>,
}

impl Default for Options {
    /// A free port of the loopback address, seed 1, 60 people, 40 customers, nothing wrong.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            seed: 1,
            people: 60,
            contacts: 40,
            page_size: None,
            latency: None,
            requests_allowed: None,
            faults: Vec::new(),
        }
    }
}

/// An emulator that answers. Dropping it stops it.
pub struct Running {
    /// The address it listens on.
    pub address: SocketAddr,
    /// `http://` and the address to call it at, without a trailing slash.
    pub base_url: String,
    control: ControlHandle,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<()>,
}

impl fmt::Debug for Running {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Running")
            .field("emulator", &self.info().name)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

impl Running {
    /// Which emulator it is.
    #[must_use]
    pub fn info(&self) -> &'static EmulatorInfo {
        self.control.core().info()
    }

    /// The settings of a connection to it, by the connector's field names.
    #[must_use]
    pub fn settings(&self) -> BTreeMap<String, String> {
        self.info().settings(&self.base_url)
    }

    /// The credentials of a connection to it, by the connector's field names.
    #[must_use]
    pub fn credentials(&self) -> BTreeMap<String, String> {
        self.info().credentials()
    }

    /// What steers it.
    #[must_use]
    pub fn control(&self) -> &ControlHandle {
        &self.control
    }

    /// Stops it and waits until requests under way are answered and connections are closed.
    pub async fn shutdown(mut self) {
        if let Some(stop) = self.stop.take() {
            // Nobody listens when the server has already ended; it has then stopped, too.
            let _ = stop.send(());
        }
        if let Err(error) = (&mut self.served).await {
            tracing::warn!(%error, "the emulator did not end by itself");
        }
    }

    /// Waits until the server ends, which without [`Running::shutdown`] is when it fails.
    pub async fn ended(mut self) {
        if let Err(error) = (&mut self.served).await {
            tracing::warn!(%error, "the emulator did not end by itself");
        }
    }
}

/// Starts the emulator of that name.
pub async fn start(name: &str, options: Options) -> Result<Running, EmulatorError> {
    let emulator = find(name)?;
    check(&options)?;
    let failed = |source| EmulatorError::Listen {
        address: options.listen,
        source,
    };
    let listener = TcpListener::bind(options.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let base_url = format!("http://{}", reachable(address));
    let flavour = &emulator.flavour;
    let directory = Directory::new(seats(options.seed, options.people, flavour), flavour.id);
    let contacts = Contacts::seeded(options.seed, options.contacts, flavour, directory.users());
    let core = Arc::new(Core::new(
        emulator,
        base_url.clone(),
        options.seed,
        options.page_size,
        directory,
        contacts,
        Quota {
            limit: options.requests_allowed.unwrap_or(emulator.allowance),
            used: 0,
        },
    ));
    let provider: Arc<dyn Provider> = Arc::from((emulator.provider)(core.clone()));
    let control = ControlHandle::new(core, provider);
    for switch in options.faults {
        control.inject(switch)?;
    }
    let front = Front {
        control: control.clone(),
        latency: options.latency,
    };
    let router = Router::new()
        .nest(
            "/_emulator",
            control_http::router(control.clone(), options.seed, options.people),
        )
        .fallback(respond)
        .with_state(front);
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(async move {
        let until = async {
            // An error means that the handle was dropped, which is a stop as well.
            let _ = stopped.await;
        };
        if let Err(error) = axum::serve(listener, router)
            .with_graceful_shutdown(until)
            .await
        {
            tracing::error!(%error, "the emulator's server failed");
        }
    });
    tracing::info!(emulator = emulator.info.name, %address, "emulator listening");
    Ok(Running {
        address,
        base_url,
        control,
        stop: Some(stop),
        served,
    })
}

/// The address to call: one that listens everywhere is called on the loopback address.
fn reachable(address: SocketAddr) -> SocketAddr {
    let loopback: IpAddr = match address {
        SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    if address.ip().is_unspecified() {
        SocketAddr::new(loopback, address.port())
    } else {
        address
    }
}

fn check(options: &Options) -> Result<(), EmulatorError> {
    if options.page_size == Some(0) {
        return Err(EmulatorError::BadOption {
            option: "page_size",
            value: "0".to_owned(),
            remedy: "give at least 1, or nothing for the vendor's own",
        });
    }
    if options.people > PEOPLE_LIMIT {
        return Err(EmulatorError::BadOption {
            option: "people",
            value: options.people.to_string(),
            remedy: "give at most 200000",
        });
    }
    if options.contacts > PEOPLE_LIMIT {
        return Err(EmulatorError::BadOption {
            option: "contacts",
            value: options.contacts.to_string(),
            remedy: "give at most 200000",
        });
    }
    Ok(())
}

/// What a request meets first.
#[derive(Clone)]
struct Front {
    control: ControlHandle,
    latency: Option<Duration>,
}

async fn respond(State(front): State<Front>, request: Request) -> Response<Body> {
    let Some(mut request) = read(request).await else {
        return Answer::empty(StatusCode::PAYLOAD_TOO_LARGE).into_response();
    };
    let (core, provider) = (front.control.core(), front.control.provider());
    let place = provider.place(&request);
    request.faults = core.faults.take(place);
    wait(&front, &request).await;
    let mut answer = match instead(&request, provider) {
        Some(answer) => answer,
        None => provider.answer(&request),
    };
    spoil(&request, core, &mut answer);
    core.log(LoggedRequest {
        method: request.method.to_string(),
        path: request.path,
        status: answer.status.as_u16(),
        page: match place {
            Place::Users { page } => Some(page),
            Place::Token | Place::Write | Place::Other => None,
        },
        at: core.clock.now(),
    });
    answer.into_response()
}

async fn read(request: Request) -> Option<ApiRequest> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.ok()?;
    Some(ApiRequest {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
        headers: parts.headers,
        body,
        faults: Vec::new(),
    })
}

async fn wait(front: &Front, request: &ApiRequest) {
    let slow = request.faults.iter().filter_map(|fault| match fault {
        Fault::Slow { milliseconds } => Some(Duration::from_millis(*milliseconds)),
        _ => None,
    });
    let total: Duration = slow.chain(front.latency).sum();
    if !total.is_zero() {
        tokio::time::sleep(total).await;
    }
}

/// The answer of the first fault that answers instead of the provider.
fn instead(request: &ApiRequest, provider: &dyn Provider) -> Option<Answer> {
    request.faults.iter().find_map(|fault| {
        let refusal = match fault {
            Fault::WrongCredentials => Refusal::WrongCredentials,
            Fault::MissingPermission => Refusal::MissingPermission,
            Fault::QuotaExhausted => Refusal::QuotaExhausted,
            Fault::ServerError => Refusal::ServerError,
            Fault::Unavailable => Refusal::Unavailable,
            Fault::TooManyRequests {
                retry_after_seconds,
            } => {
                let answer = provider.refuse_to(request, Refusal::TooManyRequests);
                return Some(match retry_after_seconds {
                    Some(seconds) => answer.with("retry-after", &seconds.to_string()),
                    None => answer,
                });
            }
            Fault::Html => return Some(web_page()),
            Fault::Redirect { to } => {
                return Some(Answer::empty(StatusCode::FOUND).with("location", to));
            }
            Fault::ExpireToken => {
                provider.expire_tokens();
                return None;
            }
            _ => return None,
        };
        Some(provider.refuse_to(request, refusal))
    })
}

fn web_page() -> Answer {
    let page = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Scheduled maintenance</title></head>\
                <body><h1>We will be back soon</h1><p>The service is being maintained.</p></body></html>\n";
    Answer::bytes(
        StatusCode::OK,
        "text/html; charset=UTF-8",
        page.as_bytes().to_vec(),
    )
}

/// The faults that act on the finished answer.
fn spoil(request: &ApiRequest, core: &Core, answer: &mut Answer) {
    for fault in &request.faults {
        match fault {
            Fault::BreakOff => answer.break_off = true,
            Fault::InvalidUtf8 => break_utf8(&mut answer.body),
            Fault::ClockSkew { seconds } => {
                let now = core.clock.now();
                let date = now
                    .checked_add(SignedDuration::from_secs(*seconds))
                    .unwrap_or(now);
                let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
                if let Ok(date) = HeaderValue::from_str(&date) {
                    answer.headers.insert(DATE, date);
                }
            }
            _ => {}
        }
    }
}

/// Puts a Latin-1 `é` into a text value in the second half of the body, where a database of the
/// wrong encoding would leave one.
fn break_utf8(body: &mut Vec<u8>) {
    let middle = body.len() / 2;
    let value = |from: usize| body[from..].windows(3).position(|bytes| bytes == b"\":\"");
    let at = value(middle).map(|at| middle + at).or_else(|| value(0));
    if let Some(at) = at {
        body.insert(at + 3, 0xe9);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spoilt_body_is_no_longer_utf8_and_otherwise_whole() {
        let mut body = br#"{"Name":"Anna","Email":"a@x.example"}"#.to_vec();
        let before = body.len();
        break_utf8(&mut body);
        assert!(std::str::from_utf8(&body).is_err());
        assert_eq!(body.len(), before + 1);
    }
}
