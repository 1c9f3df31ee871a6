//! `counterpart serve`: the portal and the API.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use counterpart_model::{Code, entropy};
use counterpart_service::{Error, Result, Service};
use counterpart_web::PortalOptions;
use secrecy::ExposeSecret as _;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{MakeRequestId, RequestId, SetRequestIdLayer};
use url::Url;

use crate::cli::Global;
use crate::clock::SystemEntropy;
use crate::output::{Ending, Output};
use crate::wiring;

/// Where and how to serve.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Where to listen
    #[arg(long, env = "COUNTERPART_LISTEN", default_value = "127.0.0.1:8420")]
    listen: SocketAddr,
    /// The address by which browsers reach the service, for example <https://counterpart.example.com>
    #[arg(long, env = "COUNTERPART_PUBLIC_URL")]
    public_url: Option<Url>,
    /// How often to sync every connection, in minutes, with a system check a day; 0 for never
    #[arg(long, env = "COUNTERPART_SYNC_EVERY", default_value_t = 15)]
    sync_every: u64,
}

pub(crate) async fn run(global: &Global, args: &ServeArgs, output: Output) -> Result<Ending> {
    let service = wiring::service(global).await?;
    let server = Server::bind(args.listen, args.public_url.clone()).await?;
    output.note(format!("Counterpart serves {}", server.address));
    if let Some(link) = service.setup_link().await? {
        output.note("Set it up, within 24 hours, with this link, which works once:");
        output.line(format!("{}setup/{}", server.address, link.expose_secret()));
    }
    server
        .serve(service, sync_interval(args.sync_every))
        .await?;
    Ok(Ending::Done)
}

fn sync_interval(minutes: u64) -> Option<Duration> {
    (minutes > 0).then(|| Duration::from_secs(minutes.saturating_mul(60)))
}

/// How long open requests may take to end when the service stops.
const PATIENCE: Duration = Duration::from_secs(5);

/// A bound listener and the address to tell people.
pub(crate) struct Server {
    listener: TcpListener,
    /// With a slash at its end.
    pub(crate) address: Url,
    public_url: Option<Url>,
}

impl Server {
    pub(crate) async fn bind(listen: SocketAddr, public_url: Option<Url>) -> Result<Self> {
        let taken = |error: std::io::Error| {
            Error::new(
                Code::Usage,
                format!("cannot listen on {listen}: {error}; choose another address with --listen"),
            )
        };
        let listener = TcpListener::bind(listen).await.map_err(taken)?;
        let local = listener.local_addr().map_err(taken)?;
        let address = match &public_url {
            Some(url) => url.clone(),
            None => Url::parse(&format!("http://{local}/")).map_err(Error::internal)?,
        };
        Ok(Self {
            listener,
            address,
            public_url,
        })
    }

    /// Serves until Ctrl-C or SIGTERM, then lets open requests end, for a while.
    pub(crate) async fn serve(self, service: Service, sync_every: Option<Duration>) -> Result<()> {
        let portal = counterpart_web::router(
            service.clone(),
            PortalOptions {
                secure_cookies: self
                    .public_url
                    .as_ref()
                    .is_some_and(|url| url.scheme() == "https"),
                public_url: self.public_url,
            },
        );
        // Streams of events are left alone by the layer's own rule.
        let router = counterpart_api::router(service.clone())
            .merge(portal)
            .layer(CompressionLayer::new())
            .layer(SetRequestIdLayer::x_request_id(RequestIds));
        let looking = service.clone();
        let reconciling = tokio::spawn(async move { looking.keep_reconciled().await });
        let telling = service.clone();
        let deliveries = tokio::spawn(async move { telling.keep_delivering().await });
        let expiring = service.clone();
        let expiry = tokio::spawn(async move { expiring.keep_expiring().await });
        let checking = service.clone();
        let checks = sync_every
            .is_some()
            .then(|| tokio::spawn(async move { checking.keep_checked().await }));
        let schedule = sync_every
            .map(|interval| tokio::spawn(async move { service.keep_synced(interval).await }));
        let (stop, stopping) = watch::channel(false);
        tokio::spawn(async move {
            if let Err(error) = stop_signal().await {
                tracing::error!(%error, "cannot wait for signals");
            }
            // Nobody waits any more when the server has ended by itself.
            let _ = stop.send(true);
        });
        let serving = axum::serve(
            self.listener,
            router.into_make_service_with_connect_info::<SocketAddr>(),
        )
        .with_graceful_shutdown(until(stopping.clone()));
        let served = tokio::select! {
            served = serving => served,
            () = patience(stopping) => Ok(()),
        };
        for work in [schedule, checks].into_iter().flatten() {
            work.abort();
        }
        deliveries.abort();
        expiry.abort();
        reconciling.abort();
        served.map_err(Error::internal)
    }
}

/// Gives every request a name of its own, by which the log and an error's reader find each other.
#[derive(Clone, Copy)]
struct RequestIds;

impl MakeRequestId for RequestIds {
    fn make_request_id<B>(&mut self, _: &http::Request<B>) -> Option<RequestId> {
        let random = entropy::bytes::<8>(&SystemEntropy);
        let id = format!("{:016x}", u64::from_be_bytes(random));
        http::HeaderValue::from_str(&id).ok().map(RequestId::new)
    }
}

/// Returns when it is time to stop.
async fn until(mut stopping: watch::Receiver<bool>) {
    // The sender is gone only when the process ends anyway.
    drop(stopping.wait_for(|stop| *stop).await);
}

/// Returns when open requests have had time enough to end: pages that listen for events never do.
async fn patience(stopping: watch::Receiver<bool>) {
    until(stopping).await;
    tokio::time::sleep(PATIENCE).await;
}

/// Waits for Ctrl-C or SIGTERM.
async fn stop_signal() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            ended = tokio::signal::ctrl_c() => ended,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
