//! The demo, and somebody who has signed in to it.

use tempfile::TempDir;
use url::Url;

use super::visitor::{Scripts, Visitor};
use crate::served::Served;

/// `counterpart demo` with a visitor on its overview.
pub(super) struct Demo {
    pub(super) visitor: Visitor,
    /// The address of the organization's overview, without a slash at the end.
    pub(super) organization: String,
    /// Where everything is.
    pub(super) root: Url,
    _server: Served,
    _folder: TempDir,
}

impl Demo {
    pub(super) async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut server = Served::start(folder.path(), &["demo", "--listen", "127.0.0.1:0"]);
        let visitor = Visitor::arrive(Scripts::On).await;
        let root = Url::parse(&server.says("Open ")).expect("an address");
        let email = server.says("Sign in ");
        let password = server.says("Password ");
        visitor.go(root.as_str()).await;
        visitor.fill("E-mail", &email).await;
        visitor.fill("Password", &password).await;
        visitor.press("Sign in").await;
        visitor.see("//nav[@aria-label='Main']").await;
        let organization = visitor
            .place()
            .await
            .as_str()
            .trim_end_matches('/')
            .to_owned();
        Self {
            visitor,
            organization,
            root,
            _server: server,
            _folder: folder,
        }
    }

    /// Goes to one of the organization's pages.
    pub(super) async fn go(&self, path: &str) {
        self.visitor
            .go(&format!("{}{path}", self.organization))
            .await;
    }
}
