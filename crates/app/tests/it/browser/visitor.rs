//! Somebody who uses the portal: goes to pages, reads, clicks, types.

use std::fmt::Debug;
use std::path::Path;
use std::time::{Duration, Instant};

use counterpart_outbound::Method;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

use super::driver::Driver;
use super::sight;

/// The longest that anything on a page is waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked at meanwhile.
const BEAT: Duration = Duration::from_millis(40);

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scripts {
    On,
    Off,
}

/// Light or dark, as the system would ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    Light,
    Dark,
}

impl Scheme {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The size of a window, in CSS pixels.
pub(super) type Size = (u32, u32);
pub(super) const DESK: Size = (1440, 900);
pub(super) const PHONE: Size = (390, 844);

/// A Chromium with one window. Dropping it ends it.
pub(super) struct Visitor {
    client: Client,
    /// Before the profile, so that nobody writes there any more when it is removed.
    _driver: Driver,
    _profile: TempDir,
}

impl Visitor {
    /// Opens an empty window of the size of a desk.
    pub(super) async fn arrive(scripts: Scripts) -> Self {
        let driver = Driver::start();
        let profile = tempfile::tempdir().expect("a folder");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(&driver.chromium, profile.path(), scripts))
            .connect(&driver.url())
            .await
            .expect("Chromium starts");
        let visitor = Self {
            client,
            _driver: driver,
            _profile: profile,
        };
        visitor.turn(DESK, Scheme::Light).await;
        visitor
    }

    /// Goes to an address.
    pub(super) async fn go(&self, url: &str) {
        self.client
            .goto(url)
            .await
            .unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// The address of the page.
    pub(super) async fn place(&self) -> Url {
        self.client.current_url().await.expect("an address")
    }

    /// Waits until an address is reached that ends so.
    pub(super) async fn arrive_at(&self, end: &str) {
        self.until(&format!("an address that ends with {end}"), async || {
            Ok(self
                .client
                .current_url()
                .await?
                .path()
                .ends_with(end)
                .then_some(()))
        })
        .await;
    }

    /// Waits until `xpath` finds something that can be seen.
    pub(super) async fn see(&self, xpath: &str) -> Element {
        self.until(xpath, async || self.look_for(xpath).await).await
    }

    /// Waits until `xpath` finds something that can be seen on a page that does not change by
    /// itself, by loading it again and again. The page must be the right one already.
    pub(super) async fn see_after_reloading(&self, xpath: &str) {
        self.until(xpath, async || {
            let found = self.look_for(xpath).await?;
            if found.is_none() {
                self.client.refresh().await?;
            }
            Ok(found)
        })
        .await;
    }

    /// Waits until `xpath` finds something, be it visible or not.
    pub(super) async fn find(&self, xpath: &str) -> Element {
        self.until(xpath, async || {
            self.client.find(Locator::XPath(xpath)).await.map(Some)
        })
        .await
    }

    /// Whether `xpath` finds something that can be seen now.
    pub(super) async fn sees(&self, xpath: &str) -> bool {
        self.look_for(xpath).await.expect("a page").is_some()
    }

    async fn look_for(&self, xpath: &str) -> Result<Option<Element>, CmdError> {
        for found in self.client.find_all(Locator::XPath(xpath)).await? {
            if found.is_displayed().await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Waits until `xpath` finds something that can be clicked, and clicks it.
    pub(super) async fn click(&self, xpath: &str) {
        self.until(&format!("to click {xpath}"), async || {
            match self.look_for(xpath).await? {
                Some(found) => found.click().await.map(Some),
                None => Ok(None),
            }
        })
        .await;
    }

    /// Clicks the link or button of this name.
    pub(super) async fn press(&self, name: &str) {
        self.click(&sight::control(name)).await;
    }

    /// Types `text` into the field with this label, instead of what stands there.
    pub(super) async fn fill(&self, label: &str, text: &str) {
        self.until(&format!("to fill in {label}"), async || {
            let Some(found) = self.look_for(&sight::field(label)).await? else {
                return Ok(None);
            };
            found.clear().await?;
            found.send_keys(text).await.map(Some)
        })
        .await;
    }

    /// Chooses a file from this machine, in a field that may be hidden behind its label.
    pub(super) async fn choose_file(&self, file: &Path) {
        let field = self.find("//input[@type='file']").await;
        field
            .send_keys(file.to_str().expect("a path"))
            .await
            .expect("a file can be chosen");
    }

    /// Types with no field in mind: where the focus happens to be.
    pub(super) async fn keys(&self, keys: &str) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in keys.chars() {
            actions = actions
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        self.client
            .perform_actions(actions)
            .await
            .expect("keys can be pressed");
    }

    /// Presses a key that has no letter.
    pub(super) async fn key(&self, key: Key) {
        self.keys(&char::from(key).to_string()).await;
    }

    /// What a script returns, run in the page.
    pub(super) async fn ask(&self, script: &str) -> Value {
        self.client
            .execute(script, Vec::new())
            .await
            .expect("a script runs")
    }

    /// What a script hands to the function that is its last argument.
    pub(super) async fn ask_later(&self, script: &str) -> Value {
        self.client
            .execute_async(script, Vec::new())
            .await
            .expect("a script runs")
    }

    /// Gives the window a size and a scheme.
    pub(super) async fn turn(&self, (width, height): Size, scheme: Scheme) {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.chromium("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        let feature = json!({"name": "prefers-color-scheme", "value": scheme.name()});
        self.chromium("Emulation.setEmulatedMedia", json!({"features": [feature]}))
            .await;
        // Whatever slides or fades into its new look is there at once.
        self.ask("document.getAnimations().forEach((it) => it.finish())")
            .await;
    }

    /// The window as a PNG.
    pub(super) async fn picture(&self) -> Vec<u8> {
        self.client.screenshot().await.expect("a picture")
    }

    /// What the console has shown since the last time, but for remarks: errors of scripts,
    /// refusals by the content policy, addresses that failed.
    pub(super) async fn complaints(&self) -> Vec<String> {
        let entries = self.driver("se/log", json!({"type": "browser"})).await;
        let entries = entries.as_array().expect("entries").iter();
        entries
            .filter(|entry| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING")))
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// A command of the protocol behind Chromium’s developer tools.
    pub(super) async fn chromium(&self, command: &str, parameters: Value) -> Value {
        self.driver(
            "goog/cdp/execute",
            json!({"cmd": command, "params": parameters}),
        )
        .await
    }

    /// A command that only chromedriver knows.
    async fn driver(&self, path: &'static str, body: Value) -> Value {
        let command = Extension { path, body };
        self.client
            .issue_cmd(command)
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Asks until there is an answer. A page that is being changed while it is looked at makes
    /// errors, which pass.
    async fn until<T>(&self, what: &str, ask: impl AsyncFn() -> Result<Option<T>, CmdError>) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            let last = match ask().await {
                Ok(Some(answer)) => return answer,
                Ok(None) => None,
                Err(error) => Some(error),
            };
            if Instant::now() > end {
                self.give_up(what, last).await;
            }
            tokio::time::sleep(BEAT).await;
        }
    }

    /// Fails with what the page shows instead.
    async fn give_up(&self, what: &str, last: Option<CmdError>) -> ! {
        let place = self.client.current_url().await;
        let source = match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await,
            Err(error) => Err(error),
        };
        let test = std::thread::current()
            .name()
            .unwrap_or("browser")
            .replace("::", "-");
        let picture = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.png"));
        if let Ok(bytes) = self.client.screenshot().await {
            std::fs::write(&picture, bytes).expect("a picture");
        }
        panic!(
            "waited in vain for {what}\n  last error: {last:?}\n  at: {place:?}\n  picture: {}\n  \
             console: {:?}\n  shown: {}",
            picture.display(),
            self.complaints().await,
            source.unwrap_or_else(|error| error.to_string()),
        )
    }
}

/// What Chromium is asked for. Sandbox, graphics and QUIC are off because tests run in containers
/// as root; it talks to nobody but the page.
fn capabilities(chromium: &Path, profile: &Path, scripts: Scripts) -> Capabilities {
    let arguments = json!([
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--lang=en",
        format!("--user-data-dir={}", profile.display()),
    ]);
    let mut options = json!({"binary": chromium, "args": arguments});
    if scripts == Scripts::Off {
        // 2 is "block" in Chromium's content settings.
        options["prefs"] = json!({"profile.managed_default_content_settings.javascript": 2});
    }
    let mut capabilities = Capabilities::new();
    capabilities.insert("browserName".to_owned(), json!("chrome"));
    capabilities.insert("goog:chromeOptions".to_owned(), options);
    capabilities.insert("goog:loggingPrefs".to_owned(), json!({"browser": "ALL"}));
    // A form that was filled in asks before it is left; whoever leaves it in a test means it.
    capabilities.insert("unhandledPromptBehavior".to_owned(), json!("accept"));
    capabilities
}

/// A command of chromedriver's own, below the session's address.
#[derive(Debug)]
struct Extension {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
