//! A server that answers whatever a test wants, byte by byte.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use counterpart_outbound::{Client, ClientOptions, Url};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the server does after a request.
pub(crate) enum Reply {
    /// Sends these bytes and waits for the next request on the same connection.
    Keep(Vec<u8>),
    /// Sends these bytes and closes the connection.
    Close(Vec<u8>),
    /// Sends these bytes over and over until the client has enough.
    Repeat(Vec<u8>, Vec<u8>),
    /// Sends nothing and keeps the connection open.
    Silence,
}

type Answer = dyn Fn(&str) -> Reply + Send + Sync;

/// A server on a free port of 127.0.0.1; it ends with the test's runtime.
pub(crate) struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) async fn start(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let server = Self {
            address: listener.local_addr().expect("bound"),
            connections: Arc::default(),
            requests: Arc::default(),
        };
        let connections = Arc::clone(&server.connections);
        let requests = Arc::clone(&server.requests);
        let answer: Arc<Answer> = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(converse(stream, Arc::clone(&answer), Arc::clone(&requests)));
            }
        });
        server
    }

    /// A server that answers everything with 200 and `{}`.
    pub(crate) async fn ok() -> Self {
        Self::start(|_| Reply::Keep(answer(200, "", b"{}"))).await
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        url(&format!("http://{}{path}", self.address))
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The requests so far, with head and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no panic").clone()
    }
}

async fn converse(mut stream: TcpStream, answer: Arc<Answer>, seen: Arc<Mutex<Vec<String>>>) {
    while let Some(request) = read_request(&mut stream).await {
        let reply = answer(&request);
        seen.lock().expect("no panic").push(request);
        match reply {
            Reply::Keep(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Reply::Close(bytes) => {
                // The client may have gone already; the test looks at its side.
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
                return;
            }
            Reply::Repeat(first, again) => {
                let mut sent = stream.write_all(&first).await;
                while sent.is_ok() {
                    sent = stream.write_all(&again).await;
                }
                return;
            }
            Reply::Silence => std::future::pending().await,
        }
    }
}

/// A request with its body, as its `content-length` says; `None` at the connection's end.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, value)| value.trim().parse().expect("a length"));
            if body.len() >= length {
                return Some(text.into_owned());
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// An answer with a length, and more header lines (each ending in `\r\n`).
pub(crate) fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

pub(crate) fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

/// A client that may reach these ranges.
pub(crate) fn client(allowed: &[&str]) -> Client {
    client_with(allowed, |_| {})
}

/// A client that may reach these ranges, with other options changed.
pub(crate) fn client_with(allowed: &[&str], change: impl FnOnce(&mut ClientOptions)) -> Client {
    let mut options = ClientOptions {
        allowed_networks: allowed
            .iter()
            .map(|text| text.parse().expect("a range"))
            .collect(),
        ..ClientOptions::default()
    };
    change(&mut options);
    Client::new(options).expect("a client")
}

/// A client that may reach 127.0.0.0/8.
pub(crate) fn local_client() -> Client {
    client(&["127.0.0.0/8"])
}
