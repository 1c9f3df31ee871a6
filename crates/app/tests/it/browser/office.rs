//! An organization with connected and synced CRMs, in which nobody is mapped yet.

use counterpart_emulators::{Options, Running, start};
use serde_json::Value;
use tempfile::TempDir;

use super::visitor::{Scripts, Visitor};
use crate::command::json;
use crate::connected::{LOOPBACK, connect, employ};
use crate::served::Served;

const PASSWORD: &str = "a long passphrase";

/// The organization, served.
pub(super) struct Office {
    /// The emulated CRMs, in the order in which they were asked for.
    pub(super) crms: Vec<Running>,
    address: String,
    /// The address of the organization's overview, without a slash at the end.
    organization: String,
    /// While it serves.
    server: Option<Served>,
    folder: TempDir,
}

impl Office {
    /// With so many people, connected to these providers.
    pub(super) async fn open(people: usize, providers: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        employ(folder.path(), people);
        let mut crms = Vec::new();
        for provider in providers {
            let options = Options {
                people,
                ..Options::default()
            };
            let emulator = start(provider, options).await.expect("an emulator");
            connect(folder.path(), &emulator, emulator.info().title);
            crms.push(emulator);
        }
        let account = ["account", "create", "--role", "admin", "--password-stdin"];
        for email in ["ada@northwind.example", "bea@northwind.example"] {
            let arguments = [&account[..], &["--email", email]].concat();
            json(folder.path(), &arguments, PASSWORD);
        }
        Self {
            crms,
            address: String::new(),
            organization: String::new(),
            server: None,
            folder,
        }
        .synced()
    }

    /// Pulls the users of every CRM.
    pub(super) fn synced(mut self) -> Self {
        self.command(&[&["sync"][..], &LOOPBACK].concat());
        self
    }

    /// What a command answers. A server that runs is ended first: one process at a time uses the
    /// folder.
    pub(super) fn command(&mut self, arguments: &[&str]) -> Value {
        self.server = None;
        json(self.folder.path(), arguments, "")
    }

    /// One more person: external id, given name, family name and e-mail address.
    pub(super) fn hire(&mut self, person: &str) {
        let file = format!("external id,given name,family name,e-mail\n{person}\n");
        std::fs::write(self.folder.path().join("newcomer.csv"), file).expect("a file");
        self.command(&["people", "import", "newcomer.csv"]);
    }

    fn serve(&mut self) {
        let serve = ["serve", "--listen", "127.0.0.1:0", "--sync-every", "0"];
        let mut server = Served::start(self.folder.path(), &[&serve[..], &LOOPBACK].concat());
        self.address = server.says("Counterpart serves ");
        self.server = Some(server);
    }

    /// Somebody who has signed in, on the overview of the organization, which is served now.
    pub(super) async fn visit(&mut self, email: &str) -> Visitor {
        if self.server.is_none() {
            self.serve();
        }
        let visitor = Visitor::arrive(Scripts::On).await;
        visitor.go(&self.address).await;
        visitor.fill("E-mail", email).await;
        visitor.fill("Password", PASSWORD).await;
        visitor.press("Sign in").await;
        visitor.see("//nav[@aria-label='Main']").await;
        let place = visitor.place().await;
        place
            .as_str()
            .trim_end_matches('/')
            .clone_into(&mut self.organization);
        visitor
    }

    /// The name and title of each provider.
    pub(super) fn providers(&self) -> Vec<(&'static str, &'static str)> {
        let infos = self.crms.iter().map(Running::info);
        infos.map(|info| (info.name, info.title)).collect()
    }

    /// Opens one of the organization's pages.
    pub(super) async fn go(&self, visitor: &Visitor, path: &str) {
        visitor.go(&format!("{}{path}", self.organization)).await;
    }
}
