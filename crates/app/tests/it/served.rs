//! The binary as a server, in a process of its own.

use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::command::counterpart;

/// How long a server may take to say where it is. Emulators, people and matching come first in
/// the demo, on a machine that runs other tests as well.
const PATIENCE: Duration = Duration::from_secs(90);

/// A running server. Dropping it ends the process.
pub(crate) struct Served {
    child: Child,
    lines: Receiver<String>,
    said: Vec<String>,
}

impl Served {
    /// `counterpart` with these arguments in `folder`, which must make it serve.
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = counterpart(folder)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let (sender, lines) = channel();
        follow(child.stdout.take().expect("piped"), sender.clone());
        follow(child.stderr.take().expect("piped"), sender);
        Self {
            child,
            lines,
            said: Vec::new(),
        }
    }

    /// What stands behind `start` in the first line, said by now or in a while, that begins so.
    pub(crate) fn says(&mut self, start: &str) -> String {
        let behind = |line: &String| line.strip_prefix(start).map(|rest| rest.trim().to_owned());
        if let Some(rest) = self.said.iter().find_map(behind) {
            return rest;
        }
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(line) = self.lines.recv_timeout(left) else {
                panic!("the server never said {start:?}");
            };
            let found = behind(&line);
            self.said.push(line);
            if let Some(rest) = found {
                return rest;
            }
        }
    }
}

/// Hands on what is said line by line, so that nobody who talks a lot has to wait for a listener.
fn follow(stream: impl Read + Send + 'static, lines: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                break;
            }
        }
    });
}

impl Drop for Served {
    #[expect(
        clippy::print_stderr,
        reason = "what the server said explains why the test failed"
    )]
    fn drop(&mut self) {
        // Either fails only when the process has ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
        if thread::panicking() {
            self.said.extend(self.lines.try_iter());
            eprintln!("the server said:\n  {}", self.said.join("\n  "));
        }
    }
}
