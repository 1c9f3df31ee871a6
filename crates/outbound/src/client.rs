//! Sending a request under guard.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{StatusCode, header};
use reqwest::tls::TlsInfo;
use url::Url;

use crate::address::{AddressGuard, Network};
use crate::ahead::Ahead;
use crate::certificate;
use crate::error::OutboundError;
use crate::request::{Request, host_of};
use crate::resolver::{GuardedResolver, ResolveError, check_literal, look_up};
use crate::response::Response;
use crate::tls;

/// How the client behaves towards every host.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// Private, loopback or reserved ranges that may be reached all the same, over plain http
    /// too. Empty by default.
    pub allowed_networks: Vec<Network>,
    /// The time to resolve, connect and shake hands; 10 s by default.
    pub connect_timeout: Duration,
    /// The time from the start to the last byte of the body; 60 s by default.
    pub request_timeout: Duration,
    /// The largest body that is read, in bytes after decompression; 32 MiB by default.
    pub largest_body: usize,
    /// The `User-Agent` header; name and version of this program by default.
    pub user_agent: String,
    /// Certificate authorities to trust beside Mozilla's, in PEM form; none by default.
    pub extra_roots: Vec<u8>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            allowed_networks: Vec::new(),
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_mins(1),
            largest_body: 32 * 1024 * 1024,
            user_agent: concat!("Counterpart/", env!("CARGO_PKG_VERSION")).to_owned(),
            extra_roots: Vec::new(),
        }
    }
}

/// The HTTP client. Clones share connections.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    /// What is asked for before it is wanted; `None`: nothing is.
    ahead: Option<Ahead>,
}

struct Inner {
    guard: Arc<AddressGuard>,
    // One per scheme: the resolver must know whether TLS will protect what is sent.
    secure: reqwest::Client,
    plain: reqwest::Client,
    largest_body: usize,
    connect_timeout: Duration,
    request_timeout: Duration,
}

impl Client {
    /// A client with these options.
    pub fn new(mut options: ClientOptions) -> Result<Self, OutboundError> {
        let guard = Arc::new(AddressGuard::new(std::mem::take(
            &mut options.allowed_networks,
        )));
        let tls = tls::client_config(&options.extra_roots)?;
        let build = |secure: bool| {
            let resolver = GuardedResolver::new(Arc::clone(&guard), secure);
            build(&options, tls.clone(), resolver, secure)
        };
        let inner = Inner {
            secure: build(true)?,
            plain: build(false)?,
            guard,
            largest_body: options.largest_body,
            connect_timeout: options.connect_timeout,
            request_timeout: options.request_timeout,
        };
        Ok(Self {
            inner: Arc::new(inner),
            ahead: None,
        })
    }

    /// A client for reading one list, which may ask for a page before it is wanted where
    /// [`Client::along`] says which one that is. What nobody wanted in the end is given up with
    /// the client.
    #[must_use]
    pub fn reading_ahead(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            ahead: Some(Ahead::default()),
        }
    }

    /// The same client for requests whose answers lead on: `leads` is given the address of a
    /// request and its answer, and says where the next page is. It is asked for at once, in the
    /// same words but at that address, and handed out to whoever sends that very request next.
    /// `None` unless this client is one for [reading ahead](Self::reading_ahead).
    #[must_use]
    pub fn along(
        &self,
        leads: impl Fn(&Url, &Response) -> Option<Url> + Send + Sync + 'static,
    ) -> Option<Self> {
        Some(Self {
            inner: Arc::clone(&self.inner),
            ahead: Some(self.ahead.as_ref()?.along(Arc::new(leads))),
        })
    }

    /// Sends a request and reads the whole answer. An answer of any status is `Ok`, except a
    /// redirect.
    pub async fn send(&self, request: Request) -> Result<Response, OutboundError> {
        let host = request.host();
        let method = request.method().clone();
        let started = Instant::now();
        let result = match &self.ahead {
            Some(ahead) => self.exchange_ahead(ahead, request).await,
            None => self.exchange(request).await,
        };
        let millis = started.elapsed().as_millis();
        match &result {
            Ok(response) => {
                tracing::debug!(%method, host, status = response.status(), millis, "answered");
            }
            Err(error) => tracing::debug!(%method, host, %error, millis, "no answer"),
        }
        result
    }

    /// Whether a request to this address would be let through: looks its host up and checks every
    /// address it leads to. Sends nothing. The address is checked again whenever it is used.
    pub async fn check_address(&self, url: &Url) -> Result<(), OutboundError> {
        self.admit(url)?;
        if let Some(url::Host::Domain(name)) = url.host() {
            let secure = url.scheme() == "https";
            let found = look_up(&self.inner.guard, secure, name).await;
            found.map_err(|error| unresolved(host_of(url), &error))?;
        }
        Ok(())
    }

    async fn exchange_ahead(
        &self,
        ahead: &Ahead,
        request: Request,
    ) -> Result<Response, OutboundError> {
        let response = match ahead.take(&request).await {
            Some(early) => early?,
            None => self.exchange(request.clone()).await?,
        };
        if let Some(next) = ahead.following(&request, &response) {
            let client = Self {
                inner: Arc::clone(&self.inner),
                ahead: None,
            };
            let sent = next.clone();
            let answer = tokio::spawn(async move { client.exchange(sent).await });
            ahead.put(next, answer);
        }
        Ok(response)
    }

    async fn exchange(&self, request: Request) -> Result<Response, OutboundError> {
        let client = self.admit(request.url())?;
        let url = request.url().clone();
        let redactor = Arc::new(request.redactor());
        let fail = |error: reqwest::Error| {
            let error = self.explain(&url, &error);
            // The library's words are its own, but a server may have had a say in them.
            redacted(error, &redactor)
        };
        let mut answer = client.execute(request.into_http()?).await.map_err(fail)?;
        if let Some(to) = redirect_target(&url, &answer) {
            let host = host_of(&url);
            return Err(OutboundError::Redirected { host, to });
        }
        let too_large = || OutboundError::TooLarge {
            host: host_of(&url),
            limit: self.inner.largest_body,
        };
        let announced = answer.content_length().unwrap_or(0);
        if usize::try_from(announced).map_or(true, |length| length > self.inner.largest_body) {
            return Err(too_large());
        }
        // Bounded above; a body that was compressed grows beyond what was announced.
        let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
        while let Some(chunk) = answer.chunk().await.map_err(fail)? {
            if body.len() + chunk.len() > self.inner.largest_body {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        let status = answer.status().as_u16();
        let headers = std::mem::take(answer.headers_mut());
        let certificate_ends = answer
            .extensions()
            .get::<TlsInfo>()
            .and_then(TlsInfo::peer_certificate)
            .and_then(certificate::not_after);
        let response = Response::new(status, headers, body, redactor);
        Ok(response.secured_until(certificate_ends))
    }

    /// The client of the address's scheme, if the address may be used at all.
    fn admit(&self, url: &Url) -> Result<&reqwest::Client, OutboundError> {
        let invalid = |reason: &str| OutboundError::InvalidRequest {
            host: host_of(url),
            reason: reason.to_owned(),
        };
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(invalid("its address does not begin with https://")),
        };
        if url.host_str().is_none_or(str::is_empty) {
            return Err(invalid("its address names no host"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid(
                "its address holds a user name or password; remove them and enter them as credentials",
            ));
        }
        check_literal(&self.inner.guard, url, secure).map_err(|refusal| {
            OutboundError::AddressRefused {
                host: host_of(url),
                reason: refusal.to_string(),
            }
        })?;
        Ok(if secure {
            &self.inner.secure
        } else {
            &self.inner.plain
        })
    }

    /// What the HTTP library's error means.
    fn explain(&self, url: &Url, error: &reqwest::Error) -> OutboundError {
        let host = host_of(url);
        if let Some(error) = find::<ResolveError>(error) {
            return unresolved(host, error);
        }
        if error.is_timeout() {
            let allowed = if error.is_connect() {
                self.inner.connect_timeout
            } else {
                self.inner.request_timeout
            };
            let seconds = allowed.as_millis().div_ceil(1_000);
            let seconds = u64::try_from(seconds).unwrap_or(u64::MAX);
            return OutboundError::Timeout { host, seconds };
        }
        if let Some(tls) = find::<rustls::Error>(error) {
            let reason = tls::explain(tls);
            return OutboundError::Tls { host, reason };
        }
        let io = find::<io::Error>(error).map(io::Error::kind);
        if error.is_connect() {
            let reason = connect_reason(io).map_or_else(|| innermost(error), str::to_owned);
            return OutboundError::Unreachable { host, reason };
        }
        let reason = if error.is_decode() && io != Some(io::ErrorKind::UnexpectedEof) {
            "its compressed body is damaged".to_owned()
        } else {
            innermost(error)
        };
        OutboundError::BrokenOff { host, reason }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the guarded client that the others are told to use"
)]
fn build(
    options: &ClientOptions,
    tls: rustls::ClientConfig,
    resolver: GuardedResolver,
    secure: bool,
) -> Result<reqwest::Client, OutboundError> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(resolver)
        .https_only(secure)
        // The certificate comes with each answer: whoever checks a connection reads its end.
        .tls_info(secure)
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .user_agent(&options.user_agent)
        .connect_timeout(options.connect_timeout)
        .timeout(options.request_timeout)
        .build()
        .map_err(|error| OutboundError::InvalidOptions {
            reason: innermost(&error),
        })
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}

/// Scheme and host that an answer redirects to. `304` is an answer to a conditional request, not
/// a redirect.
fn redirect_target(url: &Url, answer: &reqwest::Response) -> Option<String> {
    if !answer.status().is_redirection() || answer.status() == StatusCode::NOT_MODIFIED {
        return None;
    }
    let location = answer.headers().get(header::LOCATION)?;
    let target = location.to_str().ok().and_then(|text| url.join(text).ok());
    Some(target.map_or_else(
        || "an address that cannot be read".to_owned(),
        |target| format!("{}://{}", target.scheme(), host_of(&target)),
    ))
}

/// Why a name led to no address that may be used.
fn unresolved(host: String, error: &ResolveError) -> OutboundError {
    let reason = error.to_string();
    match error {
        ResolveError::Refused(_) => OutboundError::AddressRefused { host, reason },
        ResolveError::Unknown(_) | ResolveError::Empty => {
            OutboundError::Unreachable { host, reason }
        }
    }
}

fn connect_reason(kind: Option<io::ErrorKind>) -> Option<&'static str> {
    match kind? {
        io::ErrorKind::ConnectionRefused => Some("nothing listens on that port"),
        io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof => {
            Some("it closed the connection at once")
        }
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            Some("no route leads there")
        }
        io::ErrorKind::PermissionDenied => Some("a firewall of this machine forbids it"),
        _ => None,
    }
}

/// The first error of type `T` in the chain of causes, also inside I/O errors, which do not name
/// what they wrap as their cause.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

/// The words of the last cause: those before it repeat it, and the first names the whole address
/// with its query.
fn innermost(error: &reqwest::Error) -> String {
    let mut last: Option<&dyn StdError> = error.source();
    while let Some(cause) = last.and_then(StdError::source) {
        last = Some(cause);
    }
    last.map_or_else(
        || "the connection failed".to_owned(),
        |cause| cause.to_string().to_lowercase(),
    )
}

fn redacted(error: OutboundError, redactor: &crate::Redactor) -> OutboundError {
    match error {
        OutboundError::Unreachable { host, reason } => OutboundError::Unreachable {
            reason: redactor.excerpt(&reason, 200),
            host,
        },
        OutboundError::Tls { host, reason } => OutboundError::Tls {
            reason: redactor.excerpt(&reason, 200),
            host,
        },
        OutboundError::BrokenOff { host, reason } => OutboundError::BrokenOff {
            reason: redactor.excerpt(&reason, 200),
            host,
        },
        other => other,
    }
}
