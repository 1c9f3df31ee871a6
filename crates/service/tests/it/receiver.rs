//! Somebody who receives webhooks: answers as it was told to, and remembers what came.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// A message as it came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    answers: VecDeque<&'static str>,
}

/// A receiver on a port of its own.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
    came: Arc<Notify>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let receiver = Self {
            url: format!("http://{}/in", listener.local_addr().expect("an address")),
            state: Arc::default(),
            came: Arc::default(),
        };
        let serving = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let receiver = serving.clone();
                tokio::spawn(async move { receiver.converse(stream).await });
            }
        });
        receiver
    }

    /// What to answer next, as status line and further headers; `200 OK` when nothing is said,
    /// and nothing at all when it is empty.
    pub(crate) fn answer(&self, answers: &[&'static str]) {
        let mut state = self.state.lock().expect("no panic");
        state.answers.extend(answers);
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.state.lock().expect("no panic").received.clone()
    }

    /// The sequences that came, in their order.
    pub(crate) fn sequences(&self) -> Vec<u64> {
        let received = self.received();
        let sequences = received.iter().map(|one| one.json()["sequence"].as_u64());
        sequences.map(|sequence| sequence.unwrap_or(0)).collect()
    }

    /// Waits until something comes.
    pub(crate) async fn something(&self) {
        self.came.notified().await;
    }

    async fn converse(&self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        while let Some(received) = read(&mut stream).await {
            let answer = {
                let mut state = self.state.lock().expect("no panic");
                state.received.push(received);
                state.answers.pop_front().unwrap_or("200 OK")
            };
            self.came.notify_one();
            if answer.is_empty() {
                std::future::pending::<()>().await;
            }
            let text = format!("HTTP/1.1 {answer}\r\ncontent-length: 4\r\n\r\nword");
            if stream.write_all(text.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Received> {
    let mut headers = BTreeMap::new();
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some((name, value)) => {
                headers.insert(name.to_lowercase(), value.to_owned());
            }
            None if line.trim_end().is_empty() => break,
            None => {}
        }
    }
    let length = headers.get("content-length")?.parse().ok()?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Received { headers, body })
}
