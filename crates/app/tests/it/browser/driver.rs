//! Chromium and its driver, as programs.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What Chromium is called, most likely first.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// What the driver says before its port.
const STARTED: &str = "started successfully on port ";
/// How long the driver may take to end Chromium and itself.
const FAREWELL: Duration = Duration::from_secs(10);
/// How often it is started until it has a port.
const ATTEMPTS: usize = 5;

/// A running chromedriver. Dropping it ends it, with every Chromium that it has started.
pub(super) struct Driver {
    child: Child,
    port: u16,
    /// The Chromium to start.
    pub(super) chromium: PathBuf,
}

impl Driver {
    /// Starts the driver on a free port.
    pub(super) fn start() -> Self {
        // It looks for a port that is free for IPv4, and takes it for IPv6 as well: somebody else
        // may have been faster there.
        (0..ATTEMPTS)
            .find_map(|_| Self::try_start())
            .expect("chromedriver says its port")
    }

    fn try_start() -> Option<Self> {
        let chromium = NAMES
            .into_iter()
            .find_map(found)
            .unwrap_or_else(|| missing("Chromium"));
        let program = found("chromedriver").unwrap_or_else(|| missing("chromedriver"));
        let child = Command::new(program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("chromedriver starts");
        // Made before anything can fail, so that the process is ended.
        let mut driver = Self {
            child,
            port: 0,
            chromium,
        };
        let stdout = driver.child.stdout.take().expect("piped");
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, port) = line.split_once(STARTED)?;
            port.trim_end_matches('.').parse().ok()
        });
        driver.port = port?;
        // Somebody has to listen, or the driver would stop when the pipe is full.
        std::thread::spawn(move || lines.for_each(drop));
        Some(driver)
    }

    /// Where it takes commands.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Asks it to end its browsers and itself. Killing it would leave the browsers behind.
    fn shut_down(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(FAREWELL))?;
        stream
            .write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        // The answer comes when the browsers have ended.
        stream.read_to_end(&mut Vec::new()).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let asked = self.shut_down();
        let end = Instant::now() + FAREWELL;
        while asked.is_ok() && Instant::now() < end {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The program of this name on the search path.
fn found(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

fn missing(program: &str) -> ! {
    panic!(
        "{program} is not installed; on Debian: apt-get install chromium chromium-driver, or leave \
         the browser's tests out with COUNTERPART_SKIP=browser"
    )
}
